// What intervals hold and how wide they are: at several coverages, and by tenths of prices and levels of categories.

import { calibrateWidths, defaultCoverage, residualOf } from "#core/bundle/conformal.ts";
import type { IntervalConformal } from "#core/bundle/manifest.ts";
import type { PriceManifest } from "#core/bundle/price.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { groupByValue } from "../../trainer/card/quantiles.ts";
import {
  type Coverage,
  intervalsOf,
  type JudgedRows,
  measureCoverage,
} from "../../trainer/intervals/judged-rows.ts";
import type { PreparedData } from "../../trainer/prepare.ts";

export const promised = defaultCoverage;
const coverages = [0.5, 0.8, promised, 0.95, 0.99];

/** The same model with one width for every row: what intervals are that know of no difficulty. */
export function oneWidth(
  { train }: PreparedData,
  outOfFold: Float64Array,
  manifest: PriceManifest,
): PriceManifest {
  const conformal = intervalsIn(manifest);
  const { scale } = conformal;
  const scores = outOfFold.map((price, at) => Math.abs(residualOf(scale, train.target[at], price)));
  const none = new Float64Array(0);
  const widths = calibrateWidths({ complete: scores, partial: none, required: none });
  return { ...manifest, conformal: { ...conformal, ...widths, normalised: false } };
}

function intervalsIn({ conformal }: PriceManifest): IntervalConformal {
  if ("scale" in conformal) return conformal;
  throw new Error("expected a model of an amount");
}

function outputsFor(manifest: PriceManifest, set: JudgedRows): JudgedRows {
  if (intervalsIn(manifest).normalised) return set;
  return { ...set, outputs: set.outputs.map(({ prediction }) => ({ prediction, difficulty: undefined })) };
}

/** Kept coverages in %, then mean width and interval score at the one promised unasked. */
export function summarise(spec: DatasetSpec, manifest: PriceManifest, set: JudgedRows): string[] {
  const every = Array.from(set.rows.keys());
  const measured = coverages.map((coverage) => {
    const intervals = intervalsOf(spec, manifest, outputsFor(manifest, set), coverage);
    return measureCoverage(intervals, set.actual, every, coverage);
  });
  const { meanWidth, intervalScore } = measured[coverages.indexOf(promised)];
  return [
    ...measured.map(({ within }) => (100 * within).toFixed(1)),
    ...[meanWidth.toFixed(0), intervalScore.toFixed(0)],
  ];
}

export interface GroupCoverage extends Coverage {
  readonly by: string;
  readonly group: string;
}

/** By tenths of the predicted and of the actual price, and by every level that occurs. */
export function groupCoverages(spec: DatasetSpec, manifest: PriceManifest, set: JudgedRows): GroupCoverage[] {
  const intervals = intervalsOf(spec, manifest, outputsFor(manifest, set), promised);
  const judge = (by: string, group: string, chosen: readonly number[]) =>
    chosen.length === 0 ? [] : [{ by, group, ...measureCoverage(intervals, set.actual, chosen, promised) }];
  const tenths = (by: string, prices: ArrayLike<number>) =>
    groupByValue(prices, 10).flatMap((rows) => {
      const ends = [prices[rows[0]], prices[rows[rows.length - 1]]].map((price) => price.toFixed(0));
      return judge(by, ends.join(" to "), rows);
    });
  const predicted = Float64Array.from(set.outputs, ({ prediction }) => prediction);
  const levels = spec.features.flatMap((feature) =>
    feature.type === "number"
      ? []
      : feature.levels.flatMap((level) => {
          const rows = Array.from(set.rows.keys()).filter((at) => set.rows[at][feature.name] === level);
          return judge(feature.name, level, rows);
        }),
  );
  return [...tenths("predicted price", predicted), ...tenths("actual price", set.actual), ...levels];
}
