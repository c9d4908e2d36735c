// What TreeSHAP needs of an ensemble that no row changes: one record an edge, flat, so that explaining a row only multiplies and adds.
import { splitKind, type Tree, type TreeEnsemble } from "../trees/ensemble.ts";
import { nextFloat } from "../trees/float32.ts";
import { gaussLegendre, type Quadrature } from "./quadrature.ts";

/** Columns over the nodes of all trees, one after the other; an edge is known by the node it leads to. */
export interface ExplainerTables {
  readonly nodes: number;
  /** Quadrature nodes: half the features on the longest path, rounded up. */
  readonly points: number;
  readonly trees: readonly { readonly start: number; readonly end: number; readonly output: number }[];
  /** Mean margin of each output. */
  readonly base: readonly number[];
  /** The nodes that split. */
  readonly splits: Int32Array;
  readonly feature: Int32Array;
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
  readonly value: Float64Array;
  /** At a split, the nearest edge above that splits the same feature, or -1. */
  readonly above: Int32Array;
  readonly edgeFeature: Int32Array;
  /**
   * [node, 6, points]: what flow is multiplied with where the row disagrees with the edge, agrees, or disagreed with its feature above;
   * then what the sums are multiplied with in these three states.
   */
  readonly edges: Float64Array;
  /** A twig is a split with two leaves: its first entry in `twigs`, or -1. */
  readonly twig: Int32Array;
  /** [twig, 3, 2, points]: by the state of the left leaf's edge, what flow is multiplied with for the sum of both leaves, and for the contribution. */
  readonly twigs: Float64Array;
  /** What the way up does at a node: 0 nothing (a leaf of a twig), 1 leaf, 2 twig, 3 another split. */
  readonly climbs: Uint8Array;
}

type Columns = { -readonly [key in keyof ExplainerTables]: ExplainerTables[key] };

/** Tables of a checked ensemble. */
export function layOutEdges(ensemble: TreeEnsemble): ExplainerTables {
  const nodes = ensemble.trees.reduce((sum, tree) => sum + tree.kind.length, 0);
  const deepest = ensemble.trees.reduce((most, tree) => Math.max(most, longestPath(tree)), 1);
  const rule = gaussLegendre(Math.ceil(deepest / 2));
  const points = rule.nodes.length;
  const base = [...ensemble.baseScore];
  const trees: { start: number; end: number; output: number }[] = [];
  const columns: Columns = {
    nodes,
    points,
    trees,
    base,
    splits: new Int32Array(0),
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    defaultSide: new Uint8Array(nodes),
    memberStart: new Int32Array(nodes).fill(-1),
    members: new Uint8Array(0),
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    value: new Float64Array(nodes),
    above: new Int32Array(nodes).fill(-1),
    edgeFeature: new Int32Array(nodes),
    edges: new Float64Array(nodes * 6 * points),
    twig: new Int32Array(nodes).fill(-1),
    twigs: new Float64Array(0),
    climbs: new Uint8Array(nodes),
  };
  const lists: Lists = { members: [], splits: [], twigs: [] };
  let start = 0;
  for (const tree of ensemble.trees) {
    trees.push({ start, end: start + tree.kind.length, output: tree.output });
    fillSplits(tree, start, ensemble, columns, lists);
    base[tree.output] += fillEdges(tree, start, rule, columns);
    fillTwigs(start, start + tree.kind.length, columns, lists);
    start += tree.kind.length;
  }
  columns.members = Uint8Array.from(lists.members);
  columns.splits = Int32Array.from(lists.splits);
  columns.twigs = Float64Array.from(lists.twigs);
  return columns;
}

interface Lists {
  readonly members: number[];
  readonly splits: number[];
  readonly twigs: number[];
}

function fillSplits(tree: Tree, start: number, ensemble: TreeEnsemble, columns: Columns, lists: Lists): void {
  columns.feature.set(tree.feature, start);
  columns.value.set(tree.value, start);
  for (let node = 0; node < tree.kind.length; node++) {
    const at = start + node;
    const kind = tree.kind[node];
    if (kind === splitKind.leaf) continue;
    lists.splits.push(at);
    columns.left[at] = start + tree.left[node];
    columns.right[at] = start + tree.right[node];
    columns.defaultSide[at] = 1 - tree.defaultLeft[node];
    columns.threshold[at] =
      kind === splitKind.lessOrEqual ? nextFloat(tree.threshold[node]) : tree.threshold[node];
    const feature = ensemble.features[tree.feature[node]];
    if (kind !== splitKind.memberLeft || feature.type !== "category") continue;
    columns.memberStart[at] = lists.members.length;
    const isMember = new Set(tree.members.get(node));
    for (let level = 0; level < feature.levels.length; level++)
      lists.members.push(isMember.has(level) ? 0 : 1);
  }
}

/** Fills the edge columns of one tree; returns its mean leaf. */
function fillEdges(tree: Tree, start: number, rule: Quadrature, columns: Columns): number {
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
    if (earlier >= 0) columns.above[start + node] = start + earlier;
    for (const child of [tree.left[node], tree.right[node]]) {
      parent[child] = node;
      const share = tree.cover[node] > 0 ? tree.cover[child] / tree.cover[node] : 0;
      reached[child] = reached[node] * share;
      agreed[child] = share * (earlier < 0 ? 1 : agreed[earlier]);
      columns.edgeFeature[start + child] = tree.feature[node];
      for (let q = 0; q < points; q++) {
        const t = rule.nodes[q];
        const weight = rule.weights[q];
        const hot = t + (1 - t) * agreed[child];
        const cold = (1 - t) * agreed[child];
        const hotAbove = earlier < 0 ? 1 : t + (1 - t) * agreed[earlier];
        const takenAbove = earlier < 0 ? 0 : (weight * (1 - agreed[earlier])) / hotAbove;
        const record = (start + child) * 6 * points + q;
        columns.edges[record] = cold / hotAbove;
        columns.edges[record + points] = hot / hotAbove;
        columns.edges[record + 2 * points] = share;
        // (0 - z) / ((1 - t) z): z cancels, so a share of 0 does no harm.
        columns.edges[record + 3 * points] = -weight / (1 - t) - takenAbove;
        columns.edges[record + 4 * points] = (weight * (1 - agreed[child])) / hot - takenAbove;
        // Cold above and cold here: what this edge would add, the one above it takes.
        columns.edges[record + 5 * points] = 0;
      }
    }
  }
  return mean;
}

/** Multiplies what both leaves of a split do into one record, which saves half of the work of a row. */
function fillTwigs(start: number, end: number, columns: Columns, lists: Lists): void {
  const { points, left, right, edges, value, climbs } = columns;
  for (let node = start; node < end; node++) {
    climbs[node] = left[node] < 0 ? 1 : 3;
  }
  for (let node = start; node < end; node++) {
    const [one, other] = [left[node], right[node]];
    if (one < 0 || left[one] >= 0 || left[other] >= 0) continue;
    columns.twig[node] = lists.twigs.length / points;
    climbs[node] = 2;
    climbs[one] = 0;
    climbs[other] = 0;
    for (let state = 0; state < 3; state++) {
      const otherState = state === 2 ? 2 : 1 - state;
      const down = (child: number, own: number, q: number) =>
        edges[(child * 6 + own) * points + q] * value[child];
      const taken = (child: number, own: number, q: number) => edges[(child * 6 + 3 + own) * points + q];
      for (let q = 0; q < points; q++) lists.twigs.push(down(one, state, q) + down(other, otherState, q));
      for (let q = 0; q < points; q++) {
        lists.twigs.push(
          down(one, state, q) * taken(one, state, q) +
            down(other, otherState, q) * taken(other, otherState, q),
        );
      }
    }
  }
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
