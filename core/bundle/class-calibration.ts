// Calibrated probabilities: a model's own, put right by what they were worth on rows that it was not fitted on.
// Platt 1999 for two classes (a slope and a shift of the log-odds); Guo et al. 2017 for more (one temperature).
import * as z from "zod";
import { exponential } from "../onnx/exponential.ts";
import type { GraphBuilder } from "../onnx/graph-builder.ts";
import { logarithm } from "../onnx/logarithm.ts";
import { addSoftmax, softmaxRows } from "../onnx/softmax.ts";

export const ClassCalibration = z.object({
  /** Times the logarithm of every probability; one over the temperature. */
  scale: z.number().gt(0),
  /** Added to the second of two classes; 0 for more. */
  shift: z.number(),
});
export type ClassCalibration = z.infer<typeof ClassCalibration>;

/** Smaller probabilities are taken for this: the logarithm of 0 is no number. */
const least = exponential(-600);

/** Probabilities put right, `classes` a row. */
export function calibrateProbabilities(
  { scale, shift }: ClassCalibration,
  probabilities: ArrayLike<number>,
  classes: number,
): Float64Array {
  const margins = Float64Array.from(probabilities, (probability, at) => {
    const own = logarithm(Math.max(probability, least)) * scale;
    return own + (at % classes === 1 && classes === 2 ? shift : 0);
  });
  return softmaxRows(margins, classes);
}

/** The same as nodes of a graph: a [N,classes] double in, and out. */
export function addCalibration(
  graph: GraphBuilder,
  { scale, shift }: ClassCalibration,
  probabilities: string,
  classes: number,
): string {
  const known = graph.node("Max", [probabilities, graph.constant("double", [], [least])]);
  const scaled = graph.node("Mul", [graph.node("Log", [known]), graph.constant("double", [], [scale])]);
  const shifts = Array.from({ length: classes }, (_, at) => (at === 1 && classes === 2 ? shift : 0));
  return addSoftmax(graph, graph.node("Add", [scaled, graph.constant("double", [1, classes], shifts)]));
}
