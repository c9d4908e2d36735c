// Exact path-dependent TreeSHAP in linear time.
// Lundberg et al. 2018 (arXiv:1802.03888) define the values; Yu et al. 2022, "Linear TreeShap" (arXiv:2209.08192), sum them over edges.
// A leaf's game is v(S) = value * prod over path features j of (o_j if j in S, else z_j): o_j is 1 where the row agrees with every split on j,
// z_j the share of training rows that did. Its Shapley value is value * (o_i - z_i) * integral over t in [0, 1] of
// prod over j <> i of (t o_j + (1 - t) z_j), a polynomial: Gauss-Legendre nodes t_q give it exactly, and products pass down and sums up the tree.
import type { TreeEnsemble } from "../trees/ensemble.ts";
import type { LinearExplanation } from "./linear.ts";
import { gaussLegendre } from "./quadrature.ts";
import { layOutTrees, nodeRole, type TreeTables } from "./tree-tables.ts";

export interface TreeExplainer {
  /** What it holds in memory. */
  readonly bytes: number;
  /**
   * Explains one row as encodeRow gives it: one explanation an output, whose base is the mean margin over the training rows and whose
   * contributions, one a feature of the ensemble, add up with it to the margin (in double precision, without float32 rounding).
   */
  explain(row: Float32Array): LinearExplanation[];
}

/** Lays `ensemble` (checked) out for explanations; its covers must be there. The explainer is not reentrant: it owns its work space. */
export function compileTreeExplainer(ensemble: TreeEnsemble): TreeExplainer {
  const tables = layOutTrees(ensemble);
  const work = makeWorkSpace(tables);
  return {
    bytes: bytesOf(tables) + bytesOf(work),
    explain(row) {
      const explanations = tables.base.map((base) => ({
        base,
        contributions: new Float64Array(ensemble.features.length),
      }));
      for (const { start, end, output } of tables.trees) {
        const { contributions } = explanations[output];
        passDown(tables, start, end, row, work, contributions);
        passUp(tables, start, end, work, contributions);
      }
      return explanations;
    },
  };
}

/** Of the tree that is being explained: nodes count from its root. An edge is hot where the row agrees with every split on its feature so far. */
interface WorkSpace {
  /** Quadrature nodes, half the features on the longest path; 1 minus each; weights; and weights over that. */
  readonly t: Float64Array;
  readonly rest: Float64Array;
  readonly weight: Float64Array;
  readonly coldWeight: Float64Array;
  readonly hot: Uint8Array;
  /** [node, point]: going down, the product over the path's features of t o + (1 - t) z; going up, the sum of that times value over leaves. */
  readonly flow: Float64Array;
  /** [node, point]: 1 / (t + (1 - t) z) of a hot edge's feature; 1 at the root. */
  readonly inverse: Float64Array;
}

function makeWorkSpace({ trees, longestPath }: TreeTables): WorkSpace {
  const { nodes: t, weights: weight } = gaussLegendre(Math.ceil(longestPath / 2));
  const largest = trees.reduce((most, { start, end }) => Math.max(most, end - start), 1);
  const rest = t.map((node) => 1 - node);
  return {
    ...{ t, rest, weight },
    coldWeight: weight.map((one, q) => one / rest[q]),
    hot: new Uint8Array(largest).fill(1, 0, 1),
    flow: new Float64Array(largest * t.length),
    inverse: new Float64Array(largest * t.length).fill(1, 0, t.length),
  };
}

function bytesOf(columns: object): number {
  return Object.values(columns).reduce<number>(
    (sum, column: unknown) => sum + (ArrayBuffer.isView(column) ? column.byteLength : 0),
    0,
  );
}

/** Which way the row goes at a split: 0 left, 1 right. */
function sideOf({ threshold, defaultSide, memberStart, members }: TreeTables, node: number, value: number) {
  if (Number.isNaN(value)) return defaultSide[node];
  if (memberStart[node] >= 0) return members[memberStart[node] + value];
  return value < threshold[node] ? 0 : 1;
}

// Plain constants and no destructuring from here on: in these loops it costs a factor of two.

/** Products down to every split and leaf; twigs, half of all splits, are done with here. */
function passDown(
  tables: TreeTables,
  start: number,
  end: number,
  row: Float32Array,
  { t, rest, weight, hot, flow, inverse }: WorkSpace,
  contributions: Float64Array,
): void {
  const { role, left, right, above, share, agreed, feature, value } = tables;
  const points = t.length;
  for (let q = 0; q < points; q++) flow[q] = 1;
  for (let node = start; node < end; node++) {
    const kind = role[node];
    if (kind === nodeRole.leaf) continue;
    const from = (node - start) * points;
    const one = left[node];
    const other = right[node];
    const earlier = above[node];
    if (hot[earlier - start] === 0) {
      // Cold above and cold here: what these edges would add, the one above takes.
      if (kind === nodeRole.twig) {
        const sum = share[one] * value[one] + share[other] * value[other];
        for (let q = 0; q < points; q++) flow[from + q] *= sum;
        continue;
      }
      const oneAt = (one - start) * points;
      const otherAt = (other - start) * points;
      hot[one - start] = 0;
      hot[other - start] = 0;
      for (let q = 0; q < points; q++) {
        flow[oneAt + q] = flow[from + q] * share[one];
        flow[otherAt + q] = flow[from + q] * share[other];
      }
      continue;
    }
    const side = sideOf(tables, node, row[feature[node]]);
    const taken = side === 0 ? one : other;
    const skipped = side === 0 ? other : one;
    const aboveAt = (earlier - start) * points;
    const agrees = agreed[taken];
    const disagrees = agreed[skipped];
    if (kind === nodeRole.twig) {
      const takenValue = value[taken];
      const skippedValue = disagrees * value[skipped];
      const apart = (1 - agrees) * takenValue - skippedValue;
      const unexplained = 1 - agreed[earlier];
      let sum = 0;
      for (let q = 0; q < points; q++) {
        const passed = flow[from + q] * inverse[aboveAt + q];
        const both = passed * ((t[q] + rest[q] * agrees) * takenValue + rest[q] * skippedValue);
        flow[from + q] = both;
        // Of both leaves: (o - z) over their feature's product, in which the product cancels out.
        sum += weight[q] * (passed * apart - both * unexplained * inverse[aboveAt + q]);
      }
      contributions[feature[node]] += sum;
      continue;
    }
    const takenAt = (taken - start) * points;
    const skippedAt = (skipped - start) * points;
    hot[taken - start] = 1;
    hot[skipped - start] = 0;
    for (let q = 0; q < points; q++) {
      const passed = flow[from + q] * inverse[aboveAt + q];
      const product = t[q] + rest[q] * agrees;
      flow[takenAt + q] = passed * product;
      inverse[takenAt + q] = 1 / product;
      flow[skippedAt + q] = passed * rest[q] * disagrees;
    }
  }
}

/** Sums back up; what an edge adds is its sum times (o - z) over its feature's product, less what the edge above on the feature had added. */
function passUp(
  tables: TreeTables,
  start: number,
  end: number,
  { weight, coldWeight, hot, flow, inverse }: WorkSpace,
  contributions: Float64Array,
): void {
  const { role, left, right, above, agreed, feature, value } = tables;
  const points = weight.length;
  for (let node = end - 1; node >= start; node--) {
    const at = (node - start) * points;
    if (role[node] === nodeRole.twig) continue;
    if (role[node] === nodeRole.leaf) {
      for (let q = 0; q < points; q++) flow[at + q] *= value[node];
      continue;
    }
    const one = left[node] - start;
    const other = right[node] - start;
    const earlier = above[node] - start;
    if (hot[earlier] === 0) {
      for (let q = 0; q < points; q++) flow[at + q] = flow[one * points + q] + flow[other * points + q];
      continue;
    }
    const taken = hot[one] === 1 ? one : other;
    const skipped = hot[one] === 1 ? other : one;
    const takenAt = taken * points;
    const skippedAt = skipped * points;
    const aboveAt = earlier * points;
    const apart = 1 - agreed[start + taken];
    const unexplained = 1 - agreed[start + earlier];
    let sum = 0;
    for (let q = 0; q < points; q++) {
      const hotSum = flow[takenAt + q];
      const coldSum = flow[skippedAt + q];
      const byAbove = weight[q] * unexplained * inverse[aboveAt + q];
      sum +=
        hotSum * (weight[q] * apart * inverse[takenAt + q] - byAbove) - coldSum * (coldWeight[q] + byAbove);
      flow[at + q] = hotSum + coldSum;
    }
    contributions[feature[node]] += sum;
  }
}
