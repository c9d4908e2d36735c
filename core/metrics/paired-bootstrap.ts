// Is one model better than another on the same rows, or was it luck: the paired bootstrap of the difference of their errors.
// Efron and Tibshirani 1993, "An introduction to the bootstrap", percentile intervals (chapter 13).
import { quantileOf } from "./quantile.ts";

export interface BootstrapOptions {
  /** Uniform numbers in [0, 1), seeded by the caller so that the verdict can be had again. */
  readonly random: () => number;
  readonly resamples?: number;
  readonly confidence?: number;
}

export interface BootstrapInterval {
  /** Mean of the differences themselves. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
  readonly resamples: number;
}

/**
 * Interval of the mean of `differences`, one a row, each row drawn independently of the others (no clusters).
 * Throws RangeError for no rows or a difference that is not finite.
 */
export function bootstrapMean(
  differences: Float64Array,
  { random, resamples = 2000, confidence = 0.95 }: BootstrapOptions,
): BootstrapInterval {
  const rows = differences.length;
  if (rows === 0) throw new RangeError("expected at least one row");
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence: expected between 0 and 1; got ${confidence}`);
  if (!(Number.isInteger(resamples) && resamples >= 100))
    throw new RangeError(`resamples: expected an integer of at least 100; got ${resamples}`);
  let total = 0;
  for (let i = 0; i < rows; i++) total += differences[i];
  if (!Number.isFinite(total)) throw new RangeError("expected finite differences");
  const means = new Float64Array(resamples);
  for (let k = 0; k < resamples; k++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += differences[(random() * rows) | 0];
    means[k] = sum / rows;
  }
  means.sort();
  const tail = (1 - confidence) / 2;
  const [low, high] = [quantileOf(means, tail), quantileOf(means, 1 - tail)];
  return { mean: total / rows, low, high, confidence, resamples };
}
