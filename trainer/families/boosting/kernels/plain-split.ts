// The split finder in plain TypeScript: a scan over each feature's bins, with and without the missing rows on the left.
import type { Kernels } from "./kernels.ts";
import { featureBytes, featureField, type MemoryPlan, node, search } from "./layout.ts";
import type { SharedMemory } from "./webassembly.ts";

/** Soft thresholding: what an L1 penalty leaves of a gradient sum. */
function shrink(gradient: number, alpha: number): number {
  if (gradient > alpha) return gradient - alpha;
  return gradient < -alpha ? gradient + alpha : 0;
}

interface Scan {
  readonly total: { readonly gradient: number; readonly hessian: number; readonly count: number };
  readonly search: Float64Array;
  readonly low: number;
  readonly high: number;
}

/** The weight that minimises the loss of a leaf, within the node's bounds; `hessian` includes lambda. */
export function boundedWeight(scan: Scan, gradient: number, hessian: number): number {
  const step = scan.search[search.maxDeltaStep];
  let weight = -shrink(gradient, scan.search[search.alpha]) / hessian;
  if (step > 0) weight = Math.max(-step, Math.min(step, weight));
  return Math.min(scan.high, Math.max(scan.low, weight));
}

/** Twice the loss reduction of a leaf of that weight; XGBoost's CalcGainGivenWeight with the L1 term. */
function gainOf(scan: Scan, gradient: number, hessian: number, weight: number): number {
  return -(
    2 * gradient * weight +
    hessian * weight * weight +
    2 * scan.search[search.alpha] * Math.abs(weight)
  );
}

function parentGain(scan: Scan, gradient: number, hessian: number): number {
  if (!(hessian > 0)) return 0;
  if (scan.search[search.isBounded] === 1)
    return gainOf(scan, gradient, hessian, boundedWeight(scan, gradient, hessian));
  const shrunk = shrink(gradient, scan.search[search.alpha]);
  return (shrunk * shrunk) / hessian;
}

/**
 * What a split with these sums on the left would gain, before the parent's is taken off; -Infinity where it is not allowed or does not
 * beat `best`. Most candidates are refused without a division, and before weights are clipped: clipping can only lose.
 */
export function splitGain(
  scan: Scan,
  gradient: number,
  hessian: number,
  monotone: number,
  best: number,
): number {
  const steps = scan.search;
  // Steps are powers of two and sums are below 2^53 of them: these products and differences are exact.
  const leftHessian = hessian * steps[search.hessianStep];
  const rightHessian = scan.total.hessian * steps[search.hessianStep] - leftHessian;
  const least = steps[search.minChildWeight];
  if (leftHessian < least || rightHessian < least) return Number.NEGATIVE_INFINITY;
  const left = leftHessian + steps[search.lambda];
  const right = rightHessian + steps[search.lambda];
  if (!(left > 0) || !(right > 0)) return Number.NEGATIVE_INFINITY;
  const leftGradient = gradient * steps[search.gradientStep];
  const rightGradient = scan.total.gradient * steps[search.gradientStep] - leftGradient;
  const leftShrunk = shrink(leftGradient, steps[search.alpha]);
  const rightShrunk = shrink(rightGradient, steps[search.alpha]);
  const gained = leftShrunk * leftShrunk * right + rightShrunk * rightShrunk * left;
  const scale = left * right;
  if (!(gained > best * scale)) return Number.NEGATIVE_INFINITY;
  if (steps[search.isBounded] !== 1) return gained / scale;
  const leftWeight = boundedWeight(scan, leftGradient, left);
  const rightWeight = boundedWeight(scan, rightGradient, right);
  if ((rightWeight - leftWeight) * monotone < 0) return Number.NEGATIVE_INFINITY;
  return gainOf(scan, leftGradient, left, leftWeight) + gainOf(scan, rightGradient, right, rightWeight);
}

/** The totals, bounds and settings that every split of the node at number `start` is judged by, and its own gain. */
export function scanOf(doubles: Float64Array, start: number, settings: Float64Array) {
  const total = {
    gradient: doubles[start + node.gradient],
    hessian: doubles[start + node.hessian],
    count: doubles[start + node.count],
  };
  const scan: Scan = {
    total,
    search: settings,
    low: doubles[start + node.low],
    high: doubles[start + node.high],
  };
  const hessian = total.hessian * settings[search.hessianStep] + settings[search.lambda];
  return { scan, parent: parentGain(scan, total.gradient * settings[search.gradientStep], hessian) };
}

/** Kernels.findSplit over bins of `perBin` float64 numbers: gradient, count and, with two lanes, hessian. */
export function plainSplitFinder(
  memory: SharedMemory,
  plan: MemoryPlan,
  perBin: number,
  perFeature: number,
): Kernels["findSplit"] {
  const ints = new Int32Array(memory.buffer);
  const doubles = new Float64Array(memory.buffer);
  const settings = doubles.subarray(plan.at.search >> 3, (plan.at.search >> 3) + 16);
  const lastLane = perBin - 1;

  return (address, histogram, columns, count) => {
    const start = address >> 3;
    const { scan, parent } = scanOf(doubles, start, settings);
    const { total } = scan;
    let best = parent + doubles[start + node.gain];

    const scanFeature = (feature: number, defaultLeft: number) => {
      const field = (plan.at.features + feature * featureBytes) >> 2;
      const bins = ints[field + featureField.bins];
      const first = (histogram >> 3) + feature * perFeature;
      const missing = first + bins * perBin;
      const hasMissing = ints[field + featureField.hasMissing] === 1 && doubles[missing + 1] > 0;
      if (defaultLeft === 1 && !hasMissing) return;
      let gradient = defaultLeft === 1 ? doubles[missing] : 0;
      let hessian = defaultLeft === 1 ? doubles[missing + lastLane] : 0;
      let rows = defaultLeft === 1 ? doubles[missing + 1] : 0;
      for (let b = 0; b < bins; b++) {
        const bin = first + b * perBin;
        if (doubles[bin + 1] === 0) continue;
        gradient += doubles[bin];
        hessian += doubles[bin + lastLane];
        rows += doubles[bin + 1];
        if (rows === total.count) return;
        const gain = splitGain(scan, gradient, hessian, ints[field + featureField.monotone], best);
        if (!(gain > best)) continue;
        best = gain;
        doubles[start + node.gain] = gain - parent;
        doubles[start + node.feature] = feature;
        doubles[start + node.bin] = b;
        // Where no row of the node misses the value, those to come follow the larger part.
        doubles[start + node.defaultLeft] = hasMissing ? defaultLeft : rows * 2 > total.count ? 1 : 0;
        doubles[start + node.leftGradient] = gradient;
        doubles[start + node.leftHessian] = hessian;
        doubles[start + node.leftCount] = rows;
        doubles[start + node.isSet] = 0;
      }
    };
    for (let k = 0; k < count; k++) {
      const feature = ints[(columns >> 2) + k];
      if (ints[((plan.at.features + feature * featureBytes) >> 2) + featureField.isSet] === 1) continue;
      scanFeature(feature, 0);
      scanFeature(feature, 1);
    }
  };
}
