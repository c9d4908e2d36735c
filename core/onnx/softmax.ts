// Softmax of margins in doubles: as nodes of a graph, and the same operations in the same order natively.
import { exponential } from "./exponential.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import { logarithm } from "./logarithm.ts";

/** Margins beyond this say nothing more, and their exponential would overflow. */
const largestMargin = 700;

/** Adds the softmax of `margins`, a [N,K] double; only ops that the evaluator computes to the last digit everywhere. */
export function addSoftmax(graph: GraphBuilder, margins: string): string {
  const scalar = (value: number) => graph.constant("double", [], [value]);
  const bounded = graph.node("Clip", [margins, scalar(-largestMargin), scalar(largestMargin)]);
  const axes = graph.constant("int64", [1], [1]);
  const total = graph.node("ReduceSum", [graph.node("Exp", [bounded]), axes], { keepdims: { int: 1 } });
  return graph.node("Exp", [graph.node("Sub", [bounded, graph.node("Log", [total])])]);
}

/** Softmax of every `width` margins, row after row. */
export function softmaxRows(margins: ArrayLike<number>, width: number): Float64Array {
  const result = Float64Array.from(margins, (margin) =>
    Math.min(Math.max(margin, -largestMargin), largestMargin),
  );
  for (let start = 0; start < result.length; start += width) {
    let total = 0;
    for (let at = start; at < start + width; at++) total += exponential(result[at]);
    const all = logarithm(total);
    for (let at = start; at < start + width; at++) result[at] = exponential(result[at] - all);
  }
  return result;
}
