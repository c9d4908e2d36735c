// What every section of the card needs to know of its input: names, formats, and the error of each held-out row.

import { InputError } from "#core/api/problem.ts";
import type { Feature } from "#core/dataset/feature.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type Words, wordsIn } from "#core/dataset/words.ts";
import { quantileOf } from "#core/metrics/quantile.ts";
import type { CardInput } from "./card-input.ts";
import { formatShare, type NumberFormat, targetFormat } from "./number-format.ts";

export interface CardView extends CardInput {
  readonly format: NumberFormat;
  /** Name of the target as a heading: "Price". */
  readonly targetTitle: string;
  /** Whether errors are shares of the actual value (log target) or amounts of the target's unit. */
  readonly relative: boolean;
  /** Predicted minus actual a held-out row, as a share or an amount: above zero is too high. */
  readonly errors: Float64Array;
  /** The features that matter most, largest first: charts of the others are folded away. */
  readonly leading: readonly string[];
  /** An error in words: "+6.1 %" or "+$120". */
  formatError(error: number): string;
}

/** Title of a feature, its name where the spec has none. */
export function titleOf({ name, title }: { readonly name: string; readonly title?: Words }): string {
  return wordsIn(title) ?? name;
}

/** The title of the feature called `name`. */
export function featureTitle(spec: DatasetSpec, name: string): string {
  const feature = spec.features.find((one) => one.name === name);
  return feature ? titleOf(feature) : name;
}

/** "Weight (ct)": a feature's title with its unit. */
export function titleWithUnit(feature: Feature): string {
  return feature.type === "number" && feature.unit
    ? `${titleOf(feature)} (${feature.unit})`
    : titleOf(feature);
}

/** So many features are shown at once; of a table of hundreds, the reader opens the others. */
const mostLeading = 10;

/** Names of the features by how much they matter, in the spec's order where nothing says. */
function leadingFeatures({ spec, importance }: CardInput): string[] {
  const sizes = new Map(
    importance?.map(({ feature, meanAbsoluteShap, gain }) => [feature, meanAbsoluteShap ?? gain ?? 0]),
  );
  const size = (name: string) => sizes.get(name) ?? 0;
  const names = spec.features.map(({ name }) => name);
  return names.sort((a, b) => size(b) - size(a)).slice(0, mostLeading);
}

/** Checks the held-out part and prepares what the sections share. Throws InputError where lengths differ or a value is not finite. */
export function viewCard(input: CardInput): CardView {
  const { spec, heldOut } = input;
  const { actual, predicted, table } = heldOut;
  if (table.rows === 0) throw new InputError("card: expected at least one held-out row");
  if (actual.length !== table.rows || predicted.length !== table.rows) {
    throw new InputError(
      `card: expected ${table.rows} actual and predicted values; got ${actual.length} and ${predicted.length}`,
    );
  }
  const relative = spec.target.transform === "log";
  const errors = Float64Array.from({ length: table.rows }, (_, i) =>
    relative ? predicted[i] / actual[i] - 1 : predicted[i] - actual[i],
  );
  const bad = errors.findIndex((error) => !Number.isFinite(error));
  if (bad >= 0)
    throw new InputError(`card: held-out row ${bad} has prediction ${predicted[bad]} for ${actual[bad]}`);
  const typical = quantileOf(Float64Array.from(actual).map(Math.abs).sort(), 0.5);
  const format = targetFormat(spec, typical);
  const title = titleOf(spec.target);
  return {
    ...input,
    format,
    targetTitle: title.charAt(0).toUpperCase() + title.slice(1),
    relative,
    errors,
    leading: leadingFeatures(input),
    formatError: (error) => {
      const size = relative ? formatShare(Math.abs(error)) : format.target(Math.abs(error));
      return `${error > 0 ? "+" : error < 0 ? "−" : ""}${size}`;
    },
  };
}
