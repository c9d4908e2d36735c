// What TreeSHAP needs of an ensemble that no row changes: one record an edge, flat, so that explaining a row only multiplies and adds.
import { splitKind, type Tree, type TreeEnsemble } from "../trees/ensemble.ts";
import { gaussLegendre, type Quadrature } from "./quadrature.ts";

/** Columns over the nodes of all trees, one after the other; an edge is known by the node it leads to. */
export interface ExplainerTables {
  readonly nodes: number;
  /** Quadrature nodes: half the features on the longest path, rounded up. */
  readonly points: number;
  readonly trees: readonly { readonly start: number; readonly end: number; readonly output: number }[];
  /** Mean margin of each output. */
  readonly base: readonly number[];
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly orEqual: Uint8Array;
  readonly defaultLeft: Uint8Array;
  /** Start in `members` of one byte a level, 1 where it goes left; -1 where the split is by threshold. */
  readonly memberStart: Int32Array;
  readonly members: Uint8Array;
  /** -1 at leaves. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly value: Float64Array;
  /** The nearest edge above that splits the same feature, or -1. */
  readonly above: Int32Array;
  readonly edgeFeature: Int32Array;
  /** Share of the parent's rows that take this edge. */
  readonly share: Float64Array;
  /**
   * [node, 4, points]: what flow is multiplied with where the row agrees with the edge and where not, then what the sums
   * are multiplied with in either case; all for an edge whose feature was hot above.
   */
  readonly edges: Float64Array;
}

export function layOutEdges(ensemble: TreeEnsemble): ExplainerTables {
  const nodes = ensemble.trees.reduce((sum, tree) => sum + tree.kind.length, 0);
  const deepest = ensemble.trees.reduce((most, tree) => Math.max(most, longestPath(tree)), 1);
  const rule = gaussLegendre(Math.ceil(deepest / 2));
  const points = rule.nodes.length;
  const base = [...ensemble.baseScore];
  const tables = {
    nodes,
    points,
    trees: [] as { start: number; end: number; output: number }[],
    base,
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    orEqual: new Uint8Array(nodes),
    defaultLeft: new Uint8Array(nodes),
    memberStart: new Int32Array(nodes).fill(-1),
    members: new Uint8Array(0),
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    value: new Float64Array(nodes),
    above: new Int32Array(nodes).fill(-1),
    edgeFeature: new Int32Array(nodes),
    share: new Float64Array(nodes),
    edges: new Float64Array(nodes * 4 * points),
  };
  const members: number[] = [];
  let start = 0;
  for (const tree of ensemble.trees) {
    const end = start + tree.kind.length;
    tables.trees.push({ start, end, output: tree.output });
    tables.feature.set(tree.feature, start);
    tables.threshold.set(tree.threshold, start);
    tables.defaultLeft.set(tree.defaultLeft, start);
    tables.value.set(tree.value, start);
    for (let node = 0; node < tree.kind.length; node++) {
      const at = start + node;
      if (tree.kind[node] === splitKind.leaf) continue;
      tables.left[at] = start + tree.left[node];
      tables.right[at] = start + tree.right[node];
      tables.orEqual[at] = tree.kind[node] === splitKind.lessOrEqual ? 1 : 0;
      const feature = ensemble.features[tree.feature[node]];
      if (tree.kind[node] !== splitKind.memberLeft || feature.type !== "category") continue;
      tables.memberStart[at] = members.length;
      const isMember = new Set(tree.members.get(node));
      for (let level = 0; level < feature.levels.length; level++) members.push(isMember.has(level) ? 1 : 0);
    }
    base[tree.output] += fillEdges(tree, start, rule, tables);
    start = end;
  }
  return { ...tables, members: Uint8Array.from(members) };
}

type EdgeColumns = Pick<ExplainerTables, "above" | "edgeFeature" | "share" | "edges">;

/** Fills the edge columns of one tree; returns its mean leaf. */
function fillEdges(tree: Tree, start: number, rule: Quadrature, columns: EdgeColumns): number {
  const points = rule.nodes.length;
  // Share of the training rows that agree with all splits of the edge's feature so far, and with all splits of the path.
  const agreed = new Float64Array(tree.kind.length);
  const reached = new Float64Array(tree.kind.length).fill(1);
  const parent = new Int32Array(tree.kind.length).fill(-1);
  let mean = 0;
  for (let node = 0; node < tree.kind.length; node++) {
    if (tree.kind[node] === splitKind.leaf) {
      mean += reached[node] * tree.value[node];
      continue;
    }
    const earlier = findEdgeAbove(tree, parent, node, tree.feature[node]);
    for (const child of [tree.left[node], tree.right[node]]) {
      parent[child] = node;
      const share = tree.cover[node] > 0 ? tree.cover[child] / tree.cover[node] : 0;
      reached[child] = reached[node] * share;
      agreed[child] = share * (earlier < 0 ? 1 : agreed[earlier]);
      const at = start + child;
      columns.edgeFeature[at] = tree.feature[node];
      columns.share[at] = share;
      columns.above[at] = earlier < 0 ? -1 : start + earlier;
      for (let q = 0; q < points; q++) {
        const t = rule.nodes[q];
        const weight = rule.weights[q];
        const hot = t + (1 - t) * agreed[child];
        const cold = (1 - t) * agreed[child];
        const hotAbove = earlier < 0 ? 1 : t + (1 - t) * agreed[earlier];
        const takenAbove = earlier < 0 ? 0 : (weight * (1 - agreed[earlier])) / hotAbove;
        const record = at * 4 * points + q;
        columns.edges[record] = hot / hotAbove;
        columns.edges[record + points] = cold / hotAbove;
        columns.edges[record + 2 * points] = (weight * (1 - agreed[child])) / hot - takenAbove;
        // (0 - z) / ((1 - t) z): z cancels, so a share of 0 does no harm.
        columns.edges[record + 3 * points] = -weight / (1 - t) - takenAbove;
      }
    }
  }
  return mean;
}

/** The node that the nearest edge above `node` splitting `feature` leads to, or -1. */
function findEdgeAbove(tree: Tree, parent: Int32Array, node: number, feature: number): number {
  for (let at = node; parent[at] >= 0; at = parent[at]) {
    if (tree.feature[parent[at]] === feature) return at;
  }
  return -1;
}

/** Most different features on one path. */
function longestPath(tree: Tree): number {
  const parent = new Int32Array(tree.kind.length).fill(-1);
  const distinct = new Int32Array(tree.kind.length);
  let most = 0;
  for (let node = 0; node < tree.kind.length; node++) {
    if (tree.kind[node] === splitKind.leaf) continue;
    const isNew = findEdgeAbove(tree, parent, node, tree.feature[node]) < 0 ? 1 : 0;
    for (const child of [tree.left[node], tree.right[node]]) {
      parent[child] = node;
      distinct[child] = distinct[node] + isNew;
      most = Math.max(most, distinct[child]);
    }
  }
  return most;
}
