// Exact path-dependent TreeSHAP in linear time.
// Lundberg et al. 2018 (arXiv:1802.03888) define the values; Yu et al. 2022, "Linear TreeShap" (arXiv:2209.08192), sum them over edges.
// A leaf's game is v(S) = value * prod over path features j of (o_j if j in S, else z_j): o_j is 1 where the row agrees with every split on j,
// z_j the share of training rows that did. Its Shapley value is value * (o_i - z_i) * integral over t in [0, 1] of
// prod over j <> i of (t o_j + (1 - t) z_j), a polynomial: Gauss-Legendre nodes t_q give it exactly, and products pass down and sums up the tree.
import type { TreeEnsemble } from "../trees/ensemble.ts";
import { type ExplainerTables, layOutEdges } from "./edge-tables.ts";

/** Contributions to one output's margin: base + their sum is the margin (in double precision, without float32 rounding). */
export interface Explanation {
  /** The mean margin over the training rows. */
  readonly base: number;
  /** One a feature of the ensemble. */
  readonly contributions: Float64Array;
}

export interface TreeExplainer {
  /** Explains one row as encodeRow gives it: one explanation an output. */
  explain(row: Float32Array): Explanation[];
}

/** Lays `ensemble` (checked) out for explanations; its covers must be there. The explainer is not reentrant: it owns its work space. */
export function compileTreeExplainer(ensemble: TreeEnsemble): TreeExplainer {
  const tables = layOutEdges(ensemble);
  const goesLeft = new Uint8Array(tables.nodes);
  const hot = new Uint8Array(tables.nodes);
  const flow = new Float64Array(tables.nodes * tables.points);
  return {
    explain(row) {
      const explanations = tables.base.map((base) => ({
        base,
        contributions: new Float64Array(ensemble.features.length),
      }));
      decide(tables, row, goesLeft);
      tables.trees.forEach(({ start, end, output }) => {
        passDown(tables, start, end, goesLeft, hot, flow);
        passUp(tables, start, end, hot, flow, explanations[output].contributions);
      });
      return explanations;
    },
  };
}

/** Where the row goes at every split of every tree, on its way or not. */
function decide(tables: ExplainerTables, row: Float32Array, goesLeft: Uint8Array): void {
  const { feature, threshold, defaultLeft, orEqual, memberStart, members } = tables;
  for (let node = 0; node < tables.nodes; node++) {
    const value = row[feature[node]];
    if (Number.isNaN(value)) goesLeft[node] = defaultLeft[node];
    else if (memberStart[node] >= 0) goesLeft[node] = members[memberStart[node] + value];
    else if (orEqual[node]) goesLeft[node] = value <= threshold[node] ? 1 : 0;
    else goesLeft[node] = value < threshold[node] ? 1 : 0;
  }
}

/** flow[node, q] = product over the features on the way to the node of t_q o + (1 - t_q) z. */
function passDown(
  tables: ExplainerTables,
  start: number,
  end: number,
  goesLeft: Uint8Array,
  hot: Uint8Array,
  flow: Float64Array,
): void {
  const { points, left, right, above, share, edges } = tables;
  for (let q = 0; q < points; q++) flow[start * points + q] = 1;
  for (let node = start; node < end; node++) {
    if (left[node] < 0) continue;
    for (let side = 0; side < 2; side++) {
      const child = side === 0 ? left[node] : right[node];
      const agrees = side === 0 ? goesLeft[node] : 1 - goesLeft[node];
      const earlier = above[child];
      const wasHot = earlier < 0 ? 1 : hot[earlier];
      hot[child] = agrees & wasHot;
      const from = node * points;
      const to = child * points;
      if (wasHot === 0) {
        for (let q = 0; q < points; q++) flow[to + q] = flow[from + q] * share[child];
      } else {
        const at = child * 4 * points + (agrees ? 0 : points);
        for (let q = 0; q < points; q++) flow[to + q] = flow[from + q] * edges[at + q];
      }
    }
  }
}

/** Turns flow into sums over the leaves below and gives each edge's feature its part of them. */
function passUp(
  tables: ExplainerTables,
  start: number,
  end: number,
  hot: Uint8Array,
  flow: Float64Array,
  contributions: Float64Array,
): void {
  const { points, left, right, above, value, edges, edgeFeature } = tables;
  for (let node = end - 1; node > start; node--) {
    const at = node * points;
    if (left[node] < 0) {
      for (let q = 0; q < points; q++) flow[at + q] *= value[node];
    } else {
      const [one, other] = [left[node] * points, right[node] * points];
      for (let q = 0; q < points; q++) flow[at + q] = flow[one + q] + flow[other + q];
    }
    const earlier = above[node];
    // Cold before and cold now: what this edge would add, the one above it has taken.
    if (earlier >= 0 && hot[earlier] === 0) continue;
    const factor = (node * 4 + (hot[node] ? 2 : 3)) * points;
    let sum = 0;
    for (let q = 0; q < points; q++) sum += flow[at + q] * edges[factor + q];
    contributions[edgeFeature[node]] += sum;
  }
}
