// The best split of a node by a set of levels: levels in the order of their gradient statistics, then cut like a number.
// Fisher 1958 ("On grouping for maximum homogeneity"): for a convex loss the best two groups are neighbours in that order.
import type { HistogramBins, Kernels } from "../kernels/kernels.ts";
import { maxBins, node, search } from "../kernels/layout.ts";
import { scanOf, splitGain } from "../kernels/plain-split.ts";
import type { Views } from "../kernels/views.ts";

const bins: HistogramBins = {
  gradients: new Float64Array(maxBins),
  hessians: new Float64Array(maxBins),
  counts: new Float64Array(maxBins),
};

/** The bins with rows, in the order of their slopes; scratch of one thread, as `bins` is. */
const present = new Int32Array(maxBins);
const slopes = new Float64Array(maxBins);
/** Up to so many bins insertion beats the general sort. */
const mostInserted = 48;

const bySlope = (a: number, b: number) => slopes[a] - slopes[b] || a - b;

/** Sorts the first `count` of `present`. */
function sortPresent(count: number): void {
  if (count > mostInserted) {
    present.subarray(0, count).sort(bySlope);
    return;
  }
  for (let k = 1; k < count; k++) {
    const bin = present[k];
    let at = k;
    while (at > 0 && bySlope(present[at - 1], bin) > 0) {
      present[at] = present[at - 1];
      at--;
    }
    present[at] = bin;
  }
}

/**
 * Tries the set feature `feature` for node `id`; where it beats the gain in the record it writes record and routing table.
 * Missing values are one more level here, so they go to whichever side suits them.
 */
export function findSetSplit(
  views: Views,
  kernels: Kernels,
  id: number,
  histogram: number,
  feature: number,
): void {
  const { settings } = views;
  const start = views.nodeAddress(id) >> 3;
  const record = views.doubles;
  const missing = views.getFeature(feature, "bins");
  kernels.readHistogram(histogram, feature, missing + 1, bins);
  const { scan, parent } = scanOf(record, start, settings);
  const { gradients, hessians, counts } = bins;
  let count = 0;
  for (let bin = 0; bin <= missing; bin++) {
    if (counts[bin] === 0) continue;
    present[count++] = bin;
    slopes[bin] =
      (gradients[bin] * settings[search.gradientStep]) /
      (hessians[bin] * settings[search.hessianStep] + settings[search.lambda]);
  }
  if (count < 2) return;
  sortPresent(count);

  let best = parent + record[start + node.gain];
  let taken = 0;
  let gradient = 0;
  let hessian = 0;
  let rows = 0;
  for (let k = 0; k + 1 < count; k++) {
    gradient += gradients[present[k]];
    hessian += hessians[present[k]];
    rows += counts[present[k]];
    const gain = splitGain(scan, gradient, hessian, 0, best);
    if (!(gain > best)) continue;
    best = gain;
    taken = k + 1;
    record[start + node.gain] = gain - parent;
    record[start + node.leftGradient] = gradient;
    record[start + node.leftHessian] = hessian;
    record[start + node.leftCount] = rows;
  }
  if (taken === 0) return;
  record[start + node.feature] = feature;
  record[start + node.isSet] = 1;
  const isHeavier = record[start + node.leftCount] * 2 > scan.total.count;
  const missingLeft = counts[missing] > 0 ? present.subarray(0, taken).includes(missing) : isHeavier;
  record[start + node.defaultLeft] = missingLeft ? 1 : 0;
  // Levels without a row in this node go where missing values go.
  const table = views.table(id).fill(missingLeft ? 1 : 0);
  for (let at = 0; at < count; at++) table[present[at]] = at < taken ? 1 : 0;
}
