// The node tables of an ensemble as TreeEnsembleRegressor's attributes (https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html).
import type { Attributes } from "../onnx/model-proto.ts";
import { splitKind, type Tree, type TreeEnsemble } from "./ensemble.ts";

/** One node of the table; ids are the tree's own, chains of a set append further ones. */
interface Entry {
  readonly mode: "BRANCH_LT" | "BRANCH_LEQ" | "BRANCH_EQ" | "LEAF";
  readonly feature: number;
  readonly value: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly missingTrue: number;
}

/** No level has this code. */
const noLevel = -1;

/**
 * Attributes that give, with float32 additions in tree order, the bits of the ensemble's margins. The base score is added into the first tree's leaves:
 * runtimes add base_values last, which would round differently.
 */
export function flattenTrees(ensemble: TreeEnsemble): Attributes {
  const trees: Entry[][] = [];
  const leaves = {
    tree: [] as number[],
    node: [] as number[],
    output: [] as number[],
    weight: [] as number[],
  };
  const started = new Set<number>();
  const addTree = (entries: Entry[], leafValues: ReadonlyMap<number, number>, output: number) => {
    const tree = trees.push(entries) - 1;
    const start = started.has(output) ? 0 : Math.fround(ensemble.baseScore[output]);
    const isFirst = !started.has(output);
    started.add(output);
    for (const [node, value] of leafValues) {
      leaves.tree.push(tree);
      leaves.node.push(node);
      leaves.output.push(output);
      leaves.weight.push(isFirst ? Math.fround(start + value) : value);
    }
  };
  for (const tree of ensemble.trees) {
    const { entries, leafValues } = flattenTree(tree, ensemble);
    addTree(entries, leafValues, tree.output);
  }
  // An output without trees is its base score: a tree of one leaf.
  for (let output = 0; output < ensemble.baseScore.length; output++) {
    if (!started.has(output)) addTree([leaf], new Map([[0, 0]]), output);
  }
  const each = (pick: (entry: Entry, node: number, tree: number) => number) => {
    const values: number[] = [];
    trees.forEach((entries, tree) => {
      entries.forEach((entry, node) => {
        values.push(pick(entry, node, tree));
      });
    });
    return values;
  };
  return {
    nodes_treeids: { ints: each((_, __, tree) => tree) },
    nodes_nodeids: { ints: each((_, node) => node) },
    nodes_featureids: { ints: each((entry) => entry.feature) },
    nodes_modes: { strings: trees.flatMap((entries) => entries.map((entry) => entry.mode)) },
    nodes_values: { floats: each((entry) => entry.value) },
    nodes_truenodeids: { ints: each((entry) => entry.whenTrue) },
    nodes_falsenodeids: { ints: each((entry) => entry.whenFalse) },
    nodes_missing_value_tracks_true: { ints: each((entry) => entry.missingTrue) },
    target_treeids: { ints: leaves.tree },
    target_nodeids: { ints: leaves.node },
    target_ids: { ints: leaves.output },
    target_weights: { floats: leaves.weight },
    n_targets: { int: ensemble.baseScore.length },
    post_transform: { string: "NONE" },
    aggregate_function: { string: "SUM" },
  };
}

const leaf: Entry = { mode: "LEAF", feature: 0, value: 0, whenTrue: 0, whenFalse: 0, missingTrue: 0 };

function flattenTree(
  tree: Tree,
  ensemble: TreeEnsemble,
): { entries: Entry[]; leafValues: Map<number, number> } {
  const entries: Entry[] = [];
  const leafValues = new Map<number, number>();
  // Chains go behind the tree's own nodes, so that these keep their ids.
  const chained: Entry[] = [];
  for (let node = 0; node < tree.kind.length; node++) {
    if (tree.kind[node] === splitKind.leaf) {
      leafValues.set(node, tree.value[node]);
      entries.push(leaf);
    } else if (tree.kind[node] === splitKind.memberLeft) {
      const feature = ensemble.features[tree.feature[node]];
      const levels = feature.type === "category" ? feature.levels.length : 0;
      const [first, ...rest] = chainOf(tree, node, levels, tree.kind.length + chained.length);
      entries.push(first);
      chained.push(...rest);
    } else {
      entries.push({
        mode: tree.kind[node] === splitKind.less ? "BRANCH_LT" : "BRANCH_LEQ",
        feature: tree.feature[node],
        value: tree.threshold[node],
        whenTrue: tree.left[node],
        whenFalse: tree.right[node],
        missingTrue: tree.defaultLeft[node],
      });
    }
  }
  return { entries: entries.concat(chained), leafValues };
}

/** A set as a chain of equalities that share the child where they hold; its further nodes get ids from `nextId`. */
function chainOf(tree: Tree, node: number, levels: number, nextId: number): Entry[] {
  const members = tree.members.get(node) ?? [];
  // Ask for the shorter list: the members, or the levels that are none.
  const others = Array.from({ length: levels }, (_, level) => level).filter(
    (level) => !members.includes(level),
  );
  const inverted = others.length < members.length;
  const asked = inverted ? others : [...members].sort((a, b) => a - b);
  const whenTrue = inverted ? tree.right[node] : tree.left[node];
  const whenFalse = inverted ? tree.left[node] : tree.right[node];
  const missingTrue = inverted ? 1 - tree.defaultLeft[node] : tree.defaultLeft[node];
  const values = asked.length > 0 ? asked : [noLevel];
  return values.map((value, index) => ({
    mode: "BRANCH_EQ" as const,
    feature: tree.feature[node],
    value,
    whenTrue,
    whenFalse: index === values.length - 1 ? whenFalse : nextId + index,
    missingTrue,
  }));
}
