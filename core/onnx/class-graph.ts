// From margins to what a classifier's graph gives: probabilities and the label of the most probable class, as onnxruntime's classifiers do.
import type { GraphBuilder } from "./graph-builder.ts";
import { labelOutput, probabilitiesOutput } from "./outputs.ts";
import { addSoftmax, softmaxRows } from "./softmax.ts";
import { elementTypeCodes } from "./tensor.ts";

/** Margins a row of a model of `classes`: of two the second's log-odds alone, of more one a class. */
export function marginsOf(classes: number): number {
  return classes === 2 ? 1 : classes;
}

/** Adds the probabilities, a [N,classes] double, of `margins`, a double [N,1] for two classes and [N,classes] for more. */
export function addProbabilities(graph: GraphBuilder, margins: string, classes: number): string {
  if (classes !== 2) return addSoftmax(graph, margins);
  const none = graph.node("Mul", [margins, graph.constant("double", [], [0])]);
  return addSoftmax(graph, graph.node("Concat", [none, margins], { axis: { int: 1 } }));
}

/** The same natively: `marginsOf(classes)` numbers a row in, `classes` out. */
export function probabilitiesOf(margins: ArrayLike<number>, classes: number): Float64Array {
  if (classes !== 2) return softmaxRows(margins, classes);
  const both = new Float64Array(2 * margins.length);
  for (let row = 0; row < margins.length; row++) both[2 * row + 1] = margins[row];
  return softmaxRows(both, 2);
}

/** Ends a graph: `probabilities`, a [N,K] double, become the outputs label (string [N]) and probabilities (float [N,K]). */
export function addClassOutputs(graph: GraphBuilder, probabilities: string, levels: readonly string[]): void {
  const told = graph.node("Cast", [probabilities], { to: { int: elementTypeCodes.float } });
  const best = graph.node("ArgMax", [told], { axis: { int: 1 }, keepdims: { int: 0 } });
  const labels = graph.constant("string", [levels.length], levels);
  const label = graph.node("Gather", [labels, best], { axis: { int: 0 } });
  graph.output(labelOutput, label, "string", []);
  graph.output(probabilitiesOutput, told, "float", [levels.length]);
}
