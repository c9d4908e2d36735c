// The split finder: the same scan as in plain-split.ts, in the same order of float64 operations, over packed bins.
import { countBits, features, lanes, search } from "./setting";

const feature1: usize = 256 * 8 + 64;
const feature2: usize = 256 * 16 + 64;

// Byte offsets of the fields of a node, as layout.ts numbers them.
const nodeCount: usize = 1 * 8;
const nodeGradient: usize = 5 * 8;
const nodeHessian: usize = 6 * 8;
const nodeLow: usize = 7 * 8;
const nodeHigh: usize = 8 * 8;
const nodeGain: usize = 9 * 8;
const nodeFeature: usize = 10 * 8;
const nodeBin: usize = 11 * 8;
const nodeDefaultLeft: usize = 12 * 8;
const nodeLeftGradient: usize = 13 * 8;
const nodeLeftHessian: usize = 14 * 8;
const nodeLeftCount: usize = 15 * 8;
const nodeIsSet: usize = 19 * 8;

// What the node at hand is judged by.
let gradientStep: f64 = 0;
let hessianStep: f64 = 0;
let lambda: f64 = 0;
let alpha: f64 = 0;
let minChildWeight: f64 = 0;
let maxDeltaStep: f64 = 0;
let isBounded: bool = false;
let low: f64 = 0;
let high: f64 = 0;
let nodeGradientSum: f64 = 0;
let nodeHessianSum: f64 = 0;
let totalCount: i64 = 0;
let parent: f64 = 0;
let best: f64 = 0;

function shrink(gradient: f64): f64 {
  if (gradient > alpha) return gradient - alpha;
  return gradient < -alpha ? gradient + alpha : 0;
}

function boundedWeight(gradient: f64, hessian: f64): f64 {
  let weight = -shrink(gradient) / hessian;
  if (maxDeltaStep > 0) weight = max(-maxDeltaStep, min(maxDeltaStep, weight));
  return min(high, max(low, weight));
}

function gainOf(gradient: f64, hessian: f64, weight: f64): f64 {
  return -(2 * gradient * weight + hessian * weight * weight + 2 * alpha * abs(weight));
}

function parentGain(gradient: f64, hessian: f64): f64 {
  if (!(hessian > 0)) return 0;
  if (isBounded) return gainOf(gradient, hessian, boundedWeight(gradient, hessian));
  const shrunk = shrink(gradient);
  return (shrunk * shrunk) / hessian;
}

function boundedGain(leftGradient: f64, left: f64, rightGradient: f64, right: f64, monotone: f64): f64 {
  const leftWeight = boundedWeight(leftGradient, left);
  const rightWeight = boundedWeight(rightGradient, right);
  if ((rightWeight - leftWeight) * monotone < 0) return -Infinity;
  return gainOf(leftGradient, left, leftWeight) + gainOf(rightGradient, right, rightWeight);
}

function scanFeature(node: usize, histogram: usize, feature: i32, defaultLeft: bool): void {
  const field = features + ((feature as usize) << 4);
  const bins = load<i32>(field);
  const monotone = load<i32>(field, 12) as f64;
  const bits = countBits;
  const mask = ((1 as i64) << bits) - 1;
  const isPair = lanes === 2;
  const binBytes: usize = isPair ? 16 : 8;
  // The word that holds the count: the only one, or the second.
  const countWord: usize = isPair ? 8 : 0;
  const first = histogram + (feature as usize) * (isPair ? feature2 : feature1);
  const missing = first + (bins as usize) * binBytes;
  const missingWord = load<i64>(missing + countWord);
  const hasMissing = load<i32>(field, 4) === 1 && (missingWord & mask) > 0;
  if (defaultLeft && !hasMissing) return;
  // Locals: a global is a memory access to the engine that compiles this.
  const gradientUnit = gradientStep;
  const hessianUnit = hessianStep;
  const gradientSum = nodeGradientSum;
  const hessianSum = nodeHessianSum;
  const penalty = lambda;
  const least = minChildWeight;
  const count = totalCount;
  let most = best;
  let gradient: i64 = 0;
  let hessian: i64 = 0;
  let rows: i64 = 0;
  if (defaultLeft) {
    rows = missingWord & mask;
    gradient = isPair ? load<i64>(missing) : missingWord >> bits;
    hessian = isPair ? missingWord >> bits : rows;
  }
  const end = missing;
  for (let bin = first; bin < end; bin += binBytes) {
    const word = load<i64>(bin + countWord);
    const own = word & mask;
    if (own === 0) continue;
    rows += own;
    if (rows === count) break;
    gradient += isPair ? load<i64>(bin) : word >> bits;
    hessian += isPair ? word >> bits : own;
    const leftHessian = (hessian as f64) * hessianUnit;
    const rightHessian = hessianSum - leftHessian;
    if (leftHessian < least || rightHessian < least) continue;
    const left = leftHessian + penalty;
    const right = rightHessian + penalty;
    if (!(left > 0) || !(right > 0)) continue;
    const leftGradient = (gradient as f64) * gradientUnit;
    const rightGradient = gradientSum - leftGradient;
    const leftShrunk = shrink(leftGradient);
    const rightShrunk = shrink(rightGradient);
    const gained = leftShrunk * leftShrunk * right + rightShrunk * rightShrunk * left;
    const scale = left * right;
    if (!(gained > most * scale)) continue;
    const gain = isBounded ? boundedGain(leftGradient, left, rightGradient, right, monotone) : gained / scale;
    if (!(gain > most)) continue;
    most = gain;
    store<f64>(node, gain - parent, nodeGain);
    store<f64>(node, feature as f64, nodeFeature);
    store<f64>(node, ((bin - first) / binBytes) as f64, nodeBin);
    const isHeavier = rows * 2 > count;
    const goesLeft = hasMissing ? defaultLeft : isHeavier;
    store<f64>(node, goesLeft ? 1 : 0, nodeDefaultLeft);
    store<f64>(node, gradient as f64, nodeLeftGradient);
    store<f64>(node, hessian as f64, nodeLeftHessian);
    store<f64>(node, rows as f64, nodeLeftCount);
    store<f64>(node, 0, nodeIsSet);
  }
  best = most;
}

/** Best split of the node among the number features of the `count` columns listed at `columns`. */
export function findSplit(node: usize, histogram: usize, columns: usize, count: i32): void {
  gradientStep = load<f64>(search, 0);
  hessianStep = load<f64>(search, 8);
  lambda = load<f64>(search, 16);
  alpha = load<f64>(search, 24);
  minChildWeight = load<f64>(search, 32);
  maxDeltaStep = load<f64>(search, 40);
  isBounded = load<f64>(search, 48) === 1;
  low = load<f64>(node, nodeLow);
  high = load<f64>(node, nodeHigh);
  nodeGradientSum = load<f64>(node, nodeGradient) * gradientStep;
  nodeHessianSum = load<f64>(node, nodeHessian) * hessianStep;
  totalCount = load<f64>(node, nodeCount) as i64;
  parent = parentGain(nodeGradientSum, nodeHessianSum + lambda);
  best = parent + load<f64>(node, nodeGain);
  for (let k = 0; k < count; k++) {
    const feature = load<i32>(columns + ((k as usize) << 2));
    if (load<i32>(features + ((feature as usize) << 4), 8) === 1) continue;
    scanFeature(node, histogram, feature, false);
    scanFeature(node, histogram, feature, true);
  }
}
