// The tree-structured Parzen estimator (Bergstra et al. 2011), with the settings of Optuna's TPESampler: proposes the next trial.

import type { Params, Trial } from "#core/bundle/manifest.ts";
import type { Random } from "../random.ts";
import { estimateDensity } from "./parzen-estimator.ts";
import { type Dimension, drawPoint, isFixed, type Point, type Space, toParams, toPoint } from "./space.ts";

export interface TpeOptions {
  /** One joint density over all dimensions instead of one a dimension: sees that parameters belong together. */
  readonly multivariate: boolean;
  /** Trials drawn at random before the first proposal. */
  readonly startupTrials: number;
  /** Draws of which the one with the best ratio of densities is proposed. */
  readonly candidates: number;
}

export const tpeDefaults: TpeOptions = { multivariate: true, startupTrials: 10, candidates: 24 };

/** How many of `count` trials are "good". */
function goodCount(count: number): number {
  return Math.min(Math.ceil(0.1 * count), 25);
}

/** Good and other trials, each oldest first. Pruned ones rank behind complete ones: those that came further first. */
function splitTrials(trials: readonly Trial[]): { good: Trial[]; other: Trial[] } {
  const complete = trials.filter(({ state }) => state === "complete").sort((a, b) => a.value! - b.value!);
  const pruned = trials
    .filter(({ state }) => state === "pruned")
    .sort((a, b) => b.reports.length - a.reports.length || a.reports.at(-1)! - b.reports.at(-1)!);
  // Constant liar: what still runs counts as mediocre, so that parallel trials do not all try the same place.
  const running = trials.filter(({ state }) => state === "running");
  const ranked = [...complete, ...pruned];
  const count = goodCount(ranked.length);
  const byAge = (a: Trial, b: Trial) => a.number - b.number;
  return {
    good: ranked.slice(0, count).sort(byAge),
    other: [...ranked.slice(count), ...running].sort(byAge),
  };
}

function proposePoint(
  dimensions: readonly Dimension[],
  good: readonly Point[],
  other: readonly Point[],
  random: Random,
  { multivariate, candidates }: TpeOptions,
): Point {
  const promising = estimateDensity(dimensions, good, multivariate);
  const usual = estimateDensity(dimensions, other, multivariate);
  let best = promising.draw(random);
  let bestRatio = promising.logDensity(best) - usual.logDensity(best);
  for (let i = 1; i < candidates; i++) {
    const point = promising.draw(random);
    const ratio = promising.logDensity(point) - usual.logDensity(point);
    if (ratio > bestRatio) {
      best = point;
      bestRatio = ratio;
    }
  }
  return best;
}

/** The parameters to try next, given every trial so far (those still running among them; failed ones teach nothing). */
export function proposeParams(
  space: Space,
  trials: readonly Trial[],
  random: Random,
  options: TpeOptions = tpeDefaults,
): Params {
  const finished = trials.filter(({ state }) => state === "complete" || state === "pruned");
  if (finished.length < options.startupTrials) return toParams(space, drawPoint(space, random));
  const { good, other } = splitTrials(trials);
  const goodPoints = good.map(({ params }) => toPoint(space, params));
  const otherPoints = other.map(({ params }) => toPoint(space, params));
  const dimensions = Object.values(space);
  const point = drawPoint(space, random);
  const free = dimensions.map((_, i) => i).filter((i) => !isFixed(dimensions[i]));
  const groups = options.multivariate ? [free] : free.map((i) => [i]);
  for (const group of groups.filter(({ length }) => length > 0)) {
    const project = (points: readonly Point[]) =>
      points.map((one) => Float64Array.from(group, (i) => one[i]));
    const chosen = proposePoint(
      group.map((i) => dimensions[i]),
      project(goodPoints),
      project(otherPoints),
      random,
      options,
    );
    group.forEach((i, at) => {
      point[i] = chosen[at];
    });
  }
  return toParams(space, point);
}
