// ai.onnx.ml TreeEnsembleRegressor: float32 sums of leaves in tree order, bit for bit what onnxruntime and XGBoost give on one thread.
import { compileForest } from "../../trees/forest.ts";
import {
  type CompileNode,
  checkAttributes,
  checkInputCount,
  hasRows,
  inputAt,
  nodeFault,
  widthOf,
} from "../operand.ts";
import { readTrees } from "./tree-ensemble-nodes.ts";

export const compileTreeEnsembleRegressor: CompileNode = (node, inputs) => {
  checkAttributes(node, [
    "nodes_treeids",
    "nodes_nodeids",
    "nodes_featureids",
    "nodes_modes",
    "nodes_values",
    "nodes_hitrates",
    "nodes_truenodeids",
    "nodes_falsenodeids",
    "nodes_missing_value_tracks_true",
    "target_treeids",
    "target_nodeids",
    "target_ids",
    "target_weights",
    "n_targets",
    "post_transform",
    "aggregate_function",
    "base_values",
  ]);
  checkInputCount(node, 1, 1);
  const input = inputAt(node, inputs, 0, ["float"]);
  if (!hasRows(input.dims) || input.dims.length !== 2) {
    throw nodeFault(node, `expected an input of shape [N, width]; got [${input.dims}]`);
  }
  const features = widthOf(input.dims);
  const { trees, targets, baseValues } = readTrees(node, features);
  const forest = compileForest(trees, features, targets);
  return {
    type: "float",
    dims: ["N", targets],
    bind: ({ numbers: to }) => {
      const from = input.numbers;
      return (rows) => {
        forest.add(from, rows, to);
        if (!baseValues) return;
        for (let row = 0; row < rows; row++) {
          for (let target = 0; target < targets; target++) {
            const at = row * targets + target;
            to[at] = Math.fround(to[at] + baseValues[target]);
          }
        }
      };
    },
  };
};
