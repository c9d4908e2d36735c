// Split-conformal intervals: how wide a band around the prediction must be to hold the true value with a given coverage.
// Vovk et al. 2005; Lei et al. 2018, "Distribution-free predictive inference for regression", the (n + 1) rank.
import type { Manifest } from "./manifest.ts";

type Conformal = Manifest["conformal"];

const coverages = [...Array.from({ length: 49 }, (_, i) => (50 + i) / 100), 0.99];

/** Quantiles of |residual| at coverages 0.50 to 0.99 by 0.01; on the log scale the residual is of logarithms. */
export function conformalQuantiles(
  scale: Conformal["scale"],
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
): Conformal {
  const scores = new Float64Array(actual.length);
  for (let i = 0; i < scores.length; i++) {
    scores[i] =
      scale === "log"
        ? Math.abs(Math.log(actual[i]) - Math.log(predicted[i]))
        : Math.abs(actual[i] - predicted[i]);
  }
  scores.sort();
  const quantiles = coverages.map((coverage) => {
    const rank = Math.min(scores.length, Math.ceil((scores.length + 1) * coverage));
    return { coverage, width: scores[rank - 1] };
  });
  return { scale, rows: scores.length, quantiles };
}

/** The coverage of an interval that nobody asked for otherwise: the same in every runtime, so that the ranges are equal. */
export const defaultCoverage = 0.9;

export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly coverage: number;
}

/** The band around `prediction` at the smallest stored coverage that is at least `coverage`. */
export function intervalAround(conformal: Conformal, prediction: number, coverage: number): Interval {
  const last = conformal.quantiles[conformal.quantiles.length - 1];
  const { width } = conformal.quantiles.find((quantile) => quantile.coverage >= coverage - 1e-9) ?? last;
  return conformal.scale === "log"
    ? { low: prediction * Math.exp(-width), high: prediction * Math.exp(width), coverage }
    : { low: prediction - width, high: prediction + width, coverage };
}
