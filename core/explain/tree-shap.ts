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
  /** What it holds in memory. */
  readonly bytes: number;
  /** Explains one row as encodeRow gives it: one explanation an output. */
  explain(row: Float32Array): Explanation[];
}

/** Lays `ensemble` (checked) out for explanations; its covers must be there. The explainer is not reentrant: it owns its work space. */
export function compileTreeExplainer(ensemble: TreeEnsemble): TreeExplainer {
  const tables = layOutEdges(ensemble);
  const work: WorkSpace = {
    side: new Uint8Array(tables.nodes),
    state: new Uint8Array(tables.nodes),
    flow: new Float64Array(tables.nodes * tables.points),
  };
  return {
    bytes: [...Object.values(tables), ...Object.values(work)].reduce(
      (sum, column) => sum + (ArrayBuffer.isView(column) ? column.byteLength : 0),
      0,
    ),
    explain(row) {
      const explanations = tables.base.map((base) => ({
        base,
        contributions: new Float64Array(ensemble.features.length),
      }));
      chooseSides(tables, row, work.side);
      for (const { start, end, output } of tables.trees) {
        const { contributions } = explanations[output];
        passDown(tables, start, end, work, contributions);
        passUp(tables, start, end, work, contributions);
      }
      return explanations;
    },
  };
}

interface WorkSpace {
  /** Where the row goes at each split, on its way or not: 0 left, 1 right. */
  readonly side: Uint8Array;
  /** Of the edge to each node: 0 the row disagrees here first, 1 it agrees with every split on the feature so far, 2 it disagreed above. */
  readonly state: Uint8Array;
  /** [node, point]: going down, the product over the path's features of t o + (1 - t) z; going up, the sum of that times value over leaves. */
  readonly flow: Float64Array;
}

function chooseSides(tables: ExplainerTables, row: Float32Array, side: Uint8Array): void {
  const { splits, feature, threshold, defaultSide, memberStart, members } = tables;
  for (let at = 0; at < splits.length; at++) {
    const node = splits[at];
    const value = row[feature[node]];
    if (Number.isNaN(value)) side[node] = defaultSide[node];
    else if (memberStart[node] >= 0) side[node] = members[memberStart[node] + value];
    else side[node] = value < threshold[node] ? 0 : 1;
  }
}

function passDown(
  tables: ExplainerTables,
  start: number,
  end: number,
  { side, state, flow }: WorkSpace,
  contributions: Float64Array,
): void {
  const { points, left, right, above, edges, twig, twigs, feature } = tables;
  for (let q = 0; q < points; q++) flow[start * points + q] = 1;
  for (let node = start; node < end; node++) {
    if (left[node] < 0) continue;
    const from = node * points;
    const chosen = side[node];
    // Both children have the same edge above them on this feature.
    const earlier = above[node];
    const isHot = earlier < 0 ? 1 : state[earlier] & 1;
    const first = isHot ? 1 - chosen : 2;
    if (twig[node] >= 0) {
      const record = (twig[node] + first * 2) * points;
      let sum = 0;
      for (let q = 0; q < points; q++) {
        const passed = flow[from + q];
        flow[from + q] = passed * twigs[record + q];
        sum += passed * twigs[record + points + q];
      }
      contributions[feature[node]] += sum;
      continue;
    }
    const second = isHot ? chosen : 2;
    const [one, other] = [left[node], right[node]];
    state[one] = first;
    state[other] = second;
    const oneEdge = (one * 6 + first) * points;
    const otherEdge = (other * 6 + second) * points;
    for (let q = 0; q < points; q++) {
      const passed = flow[from + q];
      flow[one * points + q] = passed * edges[oneEdge + q];
      flow[other * points + q] = passed * edges[otherEdge + q];
    }
  }
}

function passUp(
  tables: ExplainerTables,
  start: number,
  end: number,
  { state, flow }: WorkSpace,
  contributions: Float64Array,
): void {
  const { points, climbs, left, right, value, edges, edgeFeature } = tables;
  for (let node = end - 1; node >= start; node--) {
    const kind = climbs[node];
    // Leaves of a twig: their twig has summed them on the way down.
    if (kind === 0) continue;
    const at = node * points;
    if (kind === 1) {
      for (let q = 0; q < points; q++) flow[at + q] *= value[node];
    } else if (kind === 3) {
      const one = left[node] * points;
      const other = right[node] * points;
      for (let q = 0; q < points; q++) flow[at + q] = flow[one + q] + flow[other + q];
    }
    if (node === start) continue;
    const factor = (node * 6 + 3 + state[node]) * points;
    let sum = 0;
    for (let q = 0; q < points; q++) sum += flow[at + q] * edges[factor + q];
    contributions[edgeFeature[node]] += sum;
  }
}
