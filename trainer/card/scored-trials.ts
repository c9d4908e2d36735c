// The complete trials of a search and the range of errors worth drawing.
import type { Trial } from "#core/bundle/manifest.ts";
import { quantileOf } from "#core/metrics/quantile.ts";

export interface ScoredTrial extends Trial {
  readonly value: number;
}

/** Those with a value. */
export function scoredTrials(trials: readonly Trial[]): ScoredTrial[] {
  return trials.flatMap((trial) =>
    trial.state === "complete" && trial.value !== null ? [trial as ScoredTrial] : [],
  );
}

/** From the best to where the worst quarter begins: a few wild trials must not flatten the rest. */
export function errorDomain(scored: readonly ScoredTrial[]): [number, number] {
  const sorted = Float64Array.from(scored, ({ value }) => value).sort();
  const [best, high] = [sorted[0], quantileOf(sorted, 0.9)];
  const margin = (high - best) * 0.06 || Math.abs(best) * 0.01 || 1;
  return [best - margin, high + margin];
}
