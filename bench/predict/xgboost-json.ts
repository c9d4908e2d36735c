// The ensemble as an XGBoost model file, for runtimes that read those.
import { splitKind, type TreeEnsemble } from "#core/trees/ensemble.ts";

/** XGBoost tells floats from integers by how they are written: here always with an exponent. */
class Floats {
  private readonly values: ArrayLike<number>;

  constructor(values: ArrayLike<number>) {
    this.values = values;
  }

  toJSON(): string {
    return `floats ${Array.from(this.values, (value) => value.toExponential()).join(",")}`;
  }
}

/** save_model's JSON of version 1.7, as far as it is needed to predict; numeric "less" splits only. */
export function toXgboostJson(ensemble: TreeEnsemble): string {
  const trees = ensemble.trees.map((tree, id) => {
    const isLeaf = (node: number) => tree.kind[node] === splitKind.leaf;
    const zeros = Array.from(tree.kind, () => 0);
    const parents = Array.from(tree.kind, () => 2147483647);
    tree.kind.forEach((_, node) => {
      if (isLeaf(node)) return;
      parents[tree.left[node]] = node;
      parents[tree.right[node]] = node;
    });
    return {
      base_weights: new Floats(zeros),
      categories: [],
      categories_nodes: [],
      categories_segments: [],
      categories_sizes: [],
      default_left: Array.from(tree.defaultLeft),
      id,
      left_children: Array.from(tree.left),
      loss_changes: new Floats(zeros),
      parents,
      right_children: Array.from(tree.right),
      split_conditions: new Floats(
        Array.from(tree.kind, (_, node) => (isLeaf(node) ? tree.value[node] : tree.threshold[node])),
      ),
      split_indices: Array.from(tree.feature),
      split_type: zeros,
      sum_hessian: new Floats(tree.cover),
      tree_param: {
        num_deleted: "0",
        num_feature: String(ensemble.features.length),
        num_nodes: String(tree.kind.length),
        size_leaf_vector: "0",
      },
    };
  });
  const model = {
    gbtree_model_param: { num_parallel_tree: "1", num_trees: String(trees.length), size_leaf_vector: "0" },
    tree_info: trees.map(() => 0),
    trees,
  };
  const text = JSON.stringify({
    learner: {
      attributes: {},
      feature_names: [],
      feature_types: [],
      gradient_booster: { model, name: "gbtree" },
      learner_model_param: {
        base_score: String(ensemble.baseScore[0]),
        boost_from_average: "1",
        num_class: "0",
        num_feature: String(ensemble.features.length),
        num_target: "1",
      },
      objective: { name: "reg:squarederror", reg_loss_param: { scale_pos_weight: "1" } },
    },
    version: [1, 7, 6],
  });
  return text.replace(/"floats ([^"]*)"/g, "[$1]");
}
