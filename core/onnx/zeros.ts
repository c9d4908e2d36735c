// A column of zeros as long as there are rows: what a constant answer is added to.
import type { DatasetSpec } from "../dataset/spec.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import { elementTypeCodes } from "./tensor.ts";

/** Adds a [N,1] double of zeros: one input lends its number of rows, whatever it holds. */
export function addZeros(
  graph: GraphBuilder,
  spec: DatasetSpec,
  inputs: Readonly<Record<string, string>>,
): string {
  const feature = spec.features[0];
  const input = inputs[feature.name];
  const known =
    feature.type === "number"
      ? graph.node("IsNaN", [input])
      : graph.node(
          "LabelEncoder",
          [input],
          { keys_strings: { strings: [""] }, values_int64s: { ints: [0] }, default_int64: { int: 1 } },
          { domain: "ai.onnx.ml" },
        );
  return graph.node("Mul", [
    graph.node("Cast", [known], { to: { int: elementTypeCodes.double } }),
    graph.constant("double", [], [0]),
  ]);
}
