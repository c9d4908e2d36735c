// Split-conformal intervals: how wide a band around a prediction must be to hold the true value with a given coverage.
// Vovk et al. 2005; Lei et al. 2018, "Distribution-free predictive inference for regression", normalised residuals and the (n + 1) rank.
import type { DatasetSpec } from "../dataset/spec.ts";
import { exponential } from "../onnx/exponential.ts";
import { logarithm } from "../onnx/logarithm.ts";
import { type Completeness, completenesses } from "./completeness.ts";
import type { IntervalConformal } from "./manifest.ts";

export type Conformal = IntervalConformal;

const percents = Array.from({ length: 50 }, (_, at) => 50 + at);
const coverages = percents.map((percent) => percent / 100);

/** The coverage of an interval that nobody asked for otherwise: the same in every runtime, so that the ranges are equal. */
export const defaultCoverage = 0.9;

/** How far a prediction misses on the scale of the intervals, with its sign; logarithms need both to be above 0. */
export function residualOf(scale: Conformal["scale"], actual: number, predicted: number): number {
  return scale === "log" ? logarithm(actual) - logarithm(predicted) : actual - predicted;
}

/**
 * Widths at 50 % to 99 %, in steps of one: the ceil((n + 1) c)-th smallest of n scores. Rows that are exchangeable with those of the
 * scores are held with at least that share. Coverages that so few scores cannot promise have no width.
 */
function widthsOf(scores: Float64Array): number[] {
  const sorted = scores.slice().sort();
  // In whole percents, since 0.9 * 110 is not 99 in doubles.
  const ranks = percents.map((percent) => Math.ceil(((sorted.length + 1) * percent) / 100));
  return ranks.filter((rank) => rank <= sorted.length).map((rank) => sorted[rank - 1]);
}

/** Calibrates on scores, |residual| over difficulty, one a row; a completeness without scores is left out. */
export function calibrateWidths(
  scores: Readonly<Record<Completeness, Float64Array>>,
): Pick<Conformal, "coverages" | "groups"> {
  const groups: Conformal["groups"] = {};
  for (const completeness of completenesses) {
    const own = scores[completeness];
    if (own.length > 0) groups[completeness] = { rows: own.length, widths: widthsOf(own) };
  }
  return { coverages, groups };
}

export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly coverage: number;
}

/** What an interval depends on beside the calibration. */
export interface Estimate {
  readonly prediction: number;
  /** What the graph says of how far such a row may be missed; 1 for a graph that says nothing. */
  readonly difficulty: number;
  readonly completeness: Completeness;
}

interface Width {
  readonly width: number;
  readonly coverage: number;
}

/** A band this wide says nothing, and its exponential is still finite. */
const farthestLog = 700;

/** The width at the smallest calibrated coverage that is at least `coverage`, or at the largest that there is. */
function widthFor({ coverages, groups }: Conformal, completeness: Completeness, coverage: number): Width {
  const widthOf = (widths: readonly number[]): Width => {
    const wanted = coverages.findIndex((one) => one >= coverage - 1e-9);
    const last = widths.length - 1;
    return wanted >= 0 && wanted <= last
      ? { width: widths[wanted], coverage }
      : { width: widths[last], coverage: coverages[last] };
  };
  const own = groups[completeness];
  if (own) return widthOf(own.widths);
  // No row like this was calibrated on: the widest of the others promises least.
  return Object.values(groups)
    .map(({ widths }) => widthOf(widths))
    .reduce((a, b) => (b.width > a.width ? b : a));
}

/**
 * The band around a prediction that holds the true value with `coverage`, or with as much of it as the calibration rows can promise,
 * which it then says. It holds the prediction, is finite, and stays within the target's bounds.
 */
export function intervalAround(
  conformal: Conformal,
  {
    minimum = -Number.MAX_VALUE,
    maximum = Number.MAX_VALUE,
  }: Pick<DatasetSpec["target"], "minimum" | "maximum">,
  { prediction, difficulty, completeness }: Estimate,
  coverage: number,
): Interval {
  const { width, coverage: kept } = widthFor(conformal, completeness, coverage);
  const half = Math.min(width * difficulty, conformal.scale === "log" ? farthestLog : Number.MAX_VALUE);
  const [low, high] =
    conformal.scale === "log"
      ? [prediction * exponential(-half), prediction * exponential(half)]
      : [prediction - half, prediction + half];
  return {
    low: Math.min(prediction, Math.max(low, minimum)),
    high: Math.max(prediction, Math.min(high, maximum)),
    coverage: kept,
  };
}
