// What TreeSHAP needs of an ensemble that no row changes: columns over the nodes of all trees, some 50 bytes a node.
import { splitKind, type Tree, type TreeEnsemble } from "../trees/ensemble.ts";
import { nextFloat } from "../trees/float32.ts";

/** What a node is: a leaf, a split of two leaves, or another split. */
export const nodeRole = { leaf: 0, twig: 1, split: 2 } as const;

/** An edge is known by the node it leads to; the root stands for "no edge", with which every row agrees. */
export interface TreeTables {
  /** Most different features on one path. */
  readonly longestPath: number;
  readonly trees: readonly { readonly start: number; readonly end: number; readonly output: number }[];
  /** Mean margin of each output. */
  readonly base: readonly number[];
  readonly role: Uint8Array;
  readonly feature: Uint16Array;
  /** Left below it; "at most" has become "below the next float32". */
  readonly threshold: Float32Array;
  /** 0 where a missing value goes left, 1 where it goes right. */
  readonly defaultSide: Uint8Array;
  /** Start in `members` of one byte a level, the side it goes to; -1 where the split is by threshold. */
  readonly memberStart: Int32Array;
  readonly members: Uint8Array;
  /** -1 at leaves. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Of a leaf. */
  readonly value: Float32Array;
  /** At a split, the nearest edge above that splits the same feature; the tree's root where there is none. */
  readonly above: Int32Array;
  /** Share of the training rows at the parent that took this edge. */
  readonly share: Float64Array;
  /** Share that agrees with all splits of the edge's feature down to this one. */
  readonly agreed: Float64Array;
}

type Columns = { -readonly [key in keyof TreeTables]: TreeTables[key] };

/** Tables of a checked ensemble. */
export function layOutTrees(ensemble: TreeEnsemble): TreeTables {
  const nodes = ensemble.trees.reduce((sum, tree) => sum + tree.kind.length, 0);
  const base = [...ensemble.baseScore];
  const trees: { start: number; end: number; output: number }[] = [];
  const members: number[] = [];
  const columns: Columns = {
    longestPath: 1,
    trees,
    base,
    role: new Uint8Array(nodes),
    feature: new Uint16Array(nodes),
    threshold: new Float32Array(nodes),
    defaultSide: new Uint8Array(nodes),
    memberStart: new Int32Array(nodes).fill(-1),
    members: new Uint8Array(0),
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    value: new Float32Array(nodes),
    above: new Int32Array(nodes),
    share: new Float64Array(nodes),
    agreed: new Float64Array(nodes),
  };
  let start = 0;
  for (const tree of ensemble.trees) {
    trees.push({ start, end: start + tree.kind.length, output: tree.output });
    fillSplits(tree, start, ensemble, columns, members);
    base[tree.output] += fillEdges(tree, start, columns);
    start += tree.kind.length;
  }
  columns.members = Uint8Array.from(members);
  return columns;
}

function fillSplits(
  tree: Tree,
  start: number,
  ensemble: TreeEnsemble,
  columns: Columns,
  members: number[],
): void {
  columns.feature.set(tree.feature, start);
  columns.value.set(tree.value, start);
  columns.threshold.set(tree.threshold, start);
  const isLeaf = (node: number) => tree.kind[node] === splitKind.leaf;
  for (let node = 0; node < tree.kind.length; node++) {
    const at = start + node;
    if (isLeaf(node)) continue;
    const isTwig = isLeaf(tree.left[node]) && isLeaf(tree.right[node]);
    columns.role[at] = isTwig ? nodeRole.twig : nodeRole.split;
    columns.left[at] = start + tree.left[node];
    columns.right[at] = start + tree.right[node];
    columns.defaultSide[at] = 1 - tree.defaultLeft[node];
    if (tree.kind[node] === splitKind.lessOrEqual) columns.threshold[at] = nextFloat(tree.threshold[node]);
    const feature = ensemble.features[tree.feature[node]];
    if (tree.kind[node] !== splitKind.memberLeft || feature.type !== "category") continue;
    columns.memberStart[at] = members.length;
    const isMember = new Set(tree.members.get(node));
    for (let level = 0; level < feature.levels.length; level++) members.push(isMember.has(level) ? 0 : 1);
  }
}

/** Fills the edge columns of one tree; returns its mean leaf. */
function fillEdges(tree: Tree, start: number, columns: Columns): number {
  const { share, agreed, above } = columns;
  const count = tree.kind.length;
  const parent = new Int32Array(count).fill(-1);
  /** Share of all training rows that came here; different features on the way. */
  const reached = new Float64Array(count).fill(1);
  const distinct = new Int32Array(count);
  share[start] = 1;
  agreed[start] = 1;
  let mean = 0;
  for (let node = 0; node < count; node++) {
    if (tree.kind[node] === splitKind.leaf) {
      mean += reached[node] * tree.value[node];
      continue;
    }
    const earlier = findEdgeAbove(tree, parent, node);
    above[start + node] = start + earlier;
    for (const child of [tree.left[node], tree.right[node]]) {
      const at = start + child;
      parent[child] = node;
      distinct[child] = distinct[node] + (earlier === 0 ? 1 : 0);
      columns.longestPath = Math.max(columns.longestPath, distinct[child]);
      share[at] = tree.cover[node] > 0 ? tree.cover[child] / tree.cover[node] : 0;
      reached[child] = reached[node] * share[at];
      agreed[at] = share[at] * agreed[start + earlier];
    }
  }
  return mean;
}

/** The node that the nearest edge above `node` splitting the same feature leads to, or 0, the root. */
function findEdgeAbove(tree: Tree, parent: Int32Array, node: number): number {
  for (let at = node; at > 0; at = parent[at]) if (tree.feature[parent[at]] === tree.feature[node]) return at;
  return 0;
}
