// Whether an ensemble is one: ids in range, every node reached once, bounded sizes. Run on everything that was read from a file.
import { InputError } from "../api/problem.ts";
import { splitKind, type Tree, type TreeEnsemble } from "./ensemble.ts";

/** Sizes beyond which an ensemble is refused rather than built, whatever file it came from. */
export const ensembleLimits = {
  features: 4096,
  trees: 20_000,
  outputs: 1000,
  nodes: 8_000_000,
  /** Splits on one path: walks over a path stay short, and nothing that trains well comes near it. */
  depth: 512,
  /** Category levels are float32 codes in the graph: exact far beyond this. */
  levels: 65_536,
} as const;

const columns = [
  "kind",
  "feature",
  "threshold",
  "left",
  "right",
  "defaultLeft",
  "value",
  "cover",
  "gain",
] as const;

/** Throws InputError naming tree and node where `ensemble` breaks the rules that predictor, exporter and TreeSHAP rely on. */
export function checkEnsemble(ensemble: TreeEnsemble): void {
  checkSizes(ensemble);
  ensemble.trees.forEach((tree, index) => {
    checkTree(tree, index, ensemble);
  });
}

function checkSizes({ features, trees, baseScore, link }: TreeEnsemble): void {
  const fail = (detail: string): never => {
    throw new InputError(`tree ensemble: ${detail}`);
  };
  const within = (what: string, count: number, most: number) => {
    if (count > most) fail(`expected at most ${most} ${what}; got ${count}`);
  };
  if (features.length === 0) fail("expected at least one feature");
  within("features", features.length, ensembleLimits.features);
  within("trees", trees.length, ensembleLimits.trees);
  within("outputs", baseScore.length, ensembleLimits.outputs);
  for (const feature of features) {
    if (feature.type === "category")
      within(`levels of ${feature.name}`, feature.levels.length, ensembleLimits.levels);
  }
  within(
    "nodes",
    trees.reduce((sum, tree) => sum + tree.kind.length, 0),
    ensembleLimits.nodes,
  );
  const outputsAllowed = link === "softmax" ? baseScore.length >= 2 : baseScore.length === 1;
  if (!outputsAllowed) {
    fail(
      `expected ${link === "softmax" ? "two or more outputs" : "one output"} for ${link}; got ${baseScore.length}`,
    );
  }
  for (const start of baseScore)
    if (!Number.isFinite(start)) fail(`expected finite base scores; got ${start}`);
}

function checkTree(tree: Tree, index: number, ensemble: TreeEnsemble): void {
  const nodes = tree.kind.length;
  const fail = (node: number, detail: string): never => {
    throw new InputError(`tree ${index}, node ${node}: ${detail}`);
  };
  if (nodes === 0) throw new InputError(`tree ${index}: expected at least one node`);
  for (const column of columns) {
    if (tree[column].length !== nodes) {
      throw new InputError(
        `tree ${index}: expected ${nodes} entries in ${column}; got ${tree[column].length}`,
      );
    }
  }
  if (!Number.isInteger(tree.output) || tree.output < 0 || tree.output >= ensemble.baseScore.length) {
    throw new InputError(
      `tree ${index}: expected an output below ${ensemble.baseScore.length}; got ${tree.output}`,
    );
  }
  const parents = new Uint8Array(nodes);
  const depth = new Uint16Array(nodes);
  for (let node = 0; node < nodes; node++) {
    // Children come after their parent, so a node that nothing pointed to by now never will be.
    if (node > 0 && parents[node] === 0) fail(node, "no node leads here");
    if (!(tree.cover[node] >= 0)) fail(node, `expected a cover of 0 or more; got ${tree.cover[node]}`);
    if (tree.kind[node] === splitKind.leaf) {
      if (!Number.isFinite(tree.value[node])) fail(node, `expected a finite leaf; got ${tree.value[node]}`);
      continue;
    }
    checkSplit(tree, node, ensemble, fail);
    for (const child of [tree.left[node], tree.right[node]]) {
      if (!(child > node && child < nodes))
        fail(node, `expected children after it and below ${nodes}; got ${child}`);
      if (++parents[child] > 1) fail(child, "more than one node leads here");
      depth[child] = depth[node] + 1;
      if (depth[child] > ensembleLimits.depth) fail(child, `deeper than ${ensembleLimits.depth} splits`);
    }
  }
}

function checkSplit(
  tree: Tree,
  node: number,
  { features }: TreeEnsemble,
  fail: (node: number, detail: string) => never,
): void {
  const kind = tree.kind[node];
  const feature = features[tree.feature[node]];
  if (!feature) fail(node, `expected a feature below ${features.length}; got ${tree.feature[node]}`);
  if (kind === splitKind.less || kind === splitKind.lessOrEqual) {
    if (Number.isNaN(tree.threshold[node])) fail(node, "expected a threshold; got NaN");
    // Layouts turn "at most" into "below the next float32", and Infinity has none.
    if (kind === splitKind.lessOrEqual && tree.threshold[node] === Number.POSITIVE_INFINITY) {
      fail(node, "expected a threshold below Infinity");
    }
    return;
  }
  if (kind !== splitKind.memberLeft) fail(node, `unknown kind of split: ${kind}`);
  if (feature.type !== "category") fail(node, `a set of levels splits the number ${feature.name}`);
  const members = tree.members.get(node);
  if (!members) fail(node, "expected the set of levels that go left");
  else {
    const count = feature.type === "category" ? feature.levels.length : 0;
    if (members.length > count) fail(node, `expected at most ${count} levels; got ${members.length}`);
    for (const level of members) {
      if (!(Number.isInteger(level) && level >= 0 && level < count)) {
        fail(node, `expected levels below ${count}; got ${level}`);
      }
    }
  }
}
