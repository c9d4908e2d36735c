// The density of a set of trials: one kernel a trial and a wide prior, multiplied over dimensions (Bergstra 2011; Optuna's choices).
import type { Random } from "../random.ts";
import { logDensity, logMass, truncatedQuantile } from "./normal-distribution.ts";
import type { Dimension, Point } from "./space.ts";

/** Gaussian kernels of one number, truncated to its range; `step` 1 integrates them over integer cells. */
interface NumberKernels {
  readonly low: number;
  readonly high: number;
  readonly step: 0 | 1;
  readonly log: boolean;
  readonly integer: boolean;
  readonly centres: Float64Array;
  readonly widths: Float64Array;
}

/** One row of choice probabilities a kernel. */
interface CategoryKernels {
  readonly probabilities: readonly Float64Array[];
}

type Kernels = NumberKernels | CategoryKernels;

export interface ParzenEstimator {
  /** Draws a point: a kernel by weight, then every dimension from it. */
  draw(random: Random): Point;
  /** Logarithm of the density at a point. */
  logDensity(point: Point): number;
}

/** Weights of trials, oldest first: the last 25 count in full, older ones less and less. */
function ageWeights(count: number): Float64Array {
  const old = count - 25;
  return Float64Array.from({ length: count }, (_, i) => {
    if (i >= old) return 1;
    return old === 1 ? 1 / count : 1 / count + ((1 - 1 / count) * i) / (old - 1);
  });
}

/** Kernel widths where each dimension stands alone: the larger distance to a neighbour, so that gaps are bridged. */
function neighbourWidths(centres: readonly number[], low: number, high: number): Float64Array {
  const withPrior = [...centres, (low + high) / 2];
  const order = withPrior.map((_, i) => i).sort((a, b) => withPrior[a] - withPrior[b]);
  const widths = new Float64Array(withPrior.length);
  order.forEach((index, rank) => {
    const before = rank === 0 ? low : withPrior[order[rank - 1]];
    const after = rank === order.length - 1 ? high : withPrior[order[rank + 1]];
    const own = withPrior[index];
    const left = own - before;
    const right = after - own;
    // The outermost kernels look inwards only: an empty margin must not make them wide.
    if (order.length > 1 && rank === 0) widths[index] = right;
    else if (order.length > 1 && rank === order.length - 1) widths[index] = left;
    else widths[index] = Math.max(left, right);
  });
  return widths.subarray(0, centres.length);
}

function numberKernels(
  dimension: Exclude<Dimension, { type: "category" }>,
  values: readonly number[],
  dimensions: number,
  multivariate: boolean,
): NumberKernels {
  const { log } = dimension;
  const integer = dimension.type === "int";
  // A logarithmic integer is searched as a number and rounded at the end: its cells are too uneven to integrate cheaply.
  const step = integer && !log ? 1 : 0;
  const half = integer && log ? 0.5 : 0;
  const low = log ? Math.log(dimension.low - half) : dimension.low;
  const high = log ? Math.log(dimension.high + half) : dimension.high;
  const span = high - low + step;
  const centres = values.map((value) => (log ? Math.log(value) : value));
  const raw = multivariate
    ? new Float64Array(centres.length).fill(
        0.2 * Math.max(centres.length, 1) ** (-1 / (dimensions + 4)) * span,
      )
    : neighbourWidths(centres, low - step / 2, high + step / 2);
  // "Magic clip": no kernel is so narrow that the search never leaves it.
  const narrowest = span / Math.min(100, 2 + centres.length);
  const widths = raw.map((width) => Math.min(span, Math.max(narrowest, width)));
  return {
    low,
    high,
    step,
    log,
    integer,
    centres: Float64Array.from([...centres, (low + high) / 2]),
    widths: Float64Array.from([...widths, span]),
  };
}

function categoryKernels(choices: number, values: readonly number[]): CategoryKernels {
  const kernels = values.length + 1;
  const smoothing = 1 / kernels;
  const total = 1 + choices * smoothing;
  const probabilities = values.map((value) => {
    const row = new Float64Array(choices).fill(smoothing / total);
    row[value] += 1 / total;
    return row;
  });
  return { probabilities: [...probabilities, new Float64Array(choices).fill(1 / choices)] };
}

function pick(weights: ArrayLike<number>, random: Random): number {
  let left = random();
  for (let i = 0; i < weights.length - 1; i++) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return weights.length - 1;
}

function drawCoordinate(kernels: Kernels, kernel: number, dimension: Dimension, random: Random): number {
  if ("probabilities" in kernels) return pick(kernels.probabilities[kernel], random);
  const { low, high, step, log, integer, centres, widths } = kernels;
  const centre = centres[kernel];
  const width = widths[kernel];
  const start = (low - step / 2 - centre) / width;
  const end = (high + step / 2 - centre) / width;
  const drawn = centre + width * truncatedQuantile(random(), start, end);
  const value = log ? Math.exp(drawn) : drawn;
  const { low: least, high: most } = dimension as Exclude<Dimension, { type: "category" }>;
  return Math.min(most, Math.max(least, integer ? Math.round(value) : value));
}

/** Adds each kernel's log density at one coordinate to `sums`. */
function addLogDensity(kernels: Kernels, coordinate: number, sums: Float64Array): void {
  if ("probabilities" in kernels) {
    for (let k = 0; k < sums.length; k++) sums[k] += Math.log(kernels.probabilities[k][coordinate]);
    return;
  }
  const { step, log, centres, widths } = kernels;
  const value = log ? Math.log(coordinate) : coordinate;
  for (let k = 0; k < sums.length; k++) {
    const at = (value - centres[k]) / widths[k];
    if (step === 0) sums[k] += logDensity(at) - Math.log(widths[k]);
    else sums[k] += logMass(at - step / 2 / widths[k], at + step / 2 / widths[k]);
  }
}

/** Logarithm of what truncation leaves of each kernel, the same at every point. */
function logKept({ low, high, step, centres, widths }: NumberKernels): Float64Array {
  return centres.map((centre, k) =>
    logMass((low - step / 2 - centre) / widths[k], (high + step / 2 - centre) / widths[k]),
  );
}

/**
 * Density of `points` (oldest first). Several dimensions give one joint density of product kernels, whose width is Scott's rule
 * (`multivariate`); else each kernel is as wide as the gap to its neighbours.
 */
export function estimateDensity(
  dimensions: readonly Dimension[],
  points: readonly Point[],
  multivariate: boolean,
): ParzenEstimator {
  const weights = points.length === 0 ? [1] : [...ageWeights(points.length), 1];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  const all: Kernels[] = dimensions.map((dimension, i) => {
    const values = points.map((point) => point[i]);
    return dimension.type === "category"
      ? categoryKernels(dimension.choices.length, values)
      : numberKernels(dimension, values, dimensions.length, multivariate);
  });
  const constants = Float64Array.from(shares, Math.log);
  for (const kernels of all) {
    if ("probabilities" in kernels) continue;
    const kept = logKept(kernels);
    for (let k = 0; k < constants.length; k++) constants[k] -= kept[k];
  }
  return {
    draw(random) {
      const kernel = pick(shares, random);
      return Float64Array.from(all, (kernels, i) => drawCoordinate(kernels, kernel, dimensions[i], random));
    },
    logDensity(point) {
      const sums = Float64Array.from(constants);
      all.forEach((kernels, i) => {
        addLogDensity(kernels, point[i], sums);
      });
      const largest = sums.reduce((a, b) => Math.max(a, b));
      if (largest === Number.NEGATIVE_INFINITY) return largest;
      return largest + Math.log(sums.reduce((sum, log) => sum + Math.exp(log - largest), 0));
    },
  };
}
