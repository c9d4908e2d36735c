// A tree ensemble as nodes of an ONNX graph: raw named inputs in, the answer out; ai.onnx.ml 3, which is what runtimes support most widely.
import type { GraphBuilder } from "../onnx/graph-builder.ts";
import { addSoftmax } from "../onnx/softmax.ts";
import { elementTypeCodes } from "../onnx/tensor.ts";
import { type EnsembleFeature, largestZero, type TreeEnsemble } from "./ensemble.ts";
import { flattenTrees } from "./onnx-nodes.ts";

/**
 * Adds the road from `inputs` (feature name to a [N,1] value: float with NaN missing, or string with "" missing) to the answer.
 * `start` is a [N,1] double value that the margin is added to. Returns a double value: [N,1], or [N,outputs] probabilities for "softmax". The margin is float32, added up in tree order.
 */
export function addEnsemble(
  graph: GraphBuilder,
  ensemble: TreeEnsemble,
  inputs: Readonly<Record<string, string>>,
  start?: string,
): string {
  const columns = ensemble.features.map((feature) => addFeature(graph, feature, inputs[feature.name]));
  const features = columns.length === 1 ? columns[0] : graph.node("Concat", columns, { axis: { int: 1 } });
  const attributes = flattenTrees(ensemble);
  const margin = graph.node("TreeEnsembleRegressor", [features], attributes, { domain: "ai.onnx.ml" });
  const trees = graph.node("Cast", [margin], { to: { int: elementTypeCodes.double } });
  return addLink(graph, ensemble, start === undefined ? trees : graph.node("Add", [trees, start]));
}

/** A number as it is, or NaN where its zeros count as missing; a category as the float of its level's index. */
function addFeature(graph: GraphBuilder, feature: EnsembleFeature, input: string): string {
  if (feature.type === "number") {
    if (!feature.zeroIsMissing) return input;
    const isZero = graph.node("LessOrEqual", [
      graph.node("Abs", [input]),
      graph.constant("float", [], [largestZero]),
    ]);
    return graph.node("Where", [isZero, graph.constant("float", [], [Number.NaN]), input]);
  }
  const attributes = {
    keys_strings: { strings: feature.levels },
    values_floats: {
      floats: feature.levels.map((_, level) => (level === 0 && feature.zeroIsMissing ? Number.NaN : level)),
    },
    // A level that nobody knows, and "", is missing.
    default_float: { float: Number.NaN },
  };
  return graph.node("LabelEncoder", [input], attributes, { domain: "ai.onnx.ml" });
}

function addLink(graph: GraphBuilder, { link }: TreeEnsemble, margin: string): string {
  const scalar = (value: number) => graph.constant("double", [], [value]);
  switch (link) {
    case "identity":
      return margin;
    case "exp":
      return graph.node("Exp", [margin]);
    case "square":
      return graph.node("Mul", [margin, graph.node("Abs", [margin])]);
    case "sigmoid": {
      // 1 / (1 + exp(-m)) as exp(-log(1 + exp(-m))): only ops that the evaluator computes to the last digit everywhere.
      const opposite = graph.node("Exp", [graph.node("Mul", [margin, scalar(-1)])]);
      const odds = graph.node("Log", [graph.node("Add", [opposite, scalar(1)])]);
      return graph.node("Exp", [graph.node("Mul", [odds, scalar(-1)])]);
    }
    case "softmax":
      return addSoftmax(graph, margin);
  }
}
