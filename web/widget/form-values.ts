// What a visitor has entered so far: one value a feature, absent where it is unknown.

import { formatDay } from "#core/dataset/calendar.ts";
import type { Feature } from "#core/dataset/feature.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { GivenRow } from "../engines/engine.ts";
import { snap, stepOf } from "./number-scale.ts";

export type Value = number | string | boolean | undefined;

/** What a field says that is neither a value nor empty: a number half typed, a text that is no level. */
export const unfinished = Symbol("unfinished");

/** A row of the training data that stands for the others, as the manifest tells it. */
export type TypicalRow = Readonly<Record<string, number | string>>;

/** The value a slider rests on while nothing is known: the spec's example, else what is `typical`, else the middle. */
export function restingValue(feature: Feature, typical?: TypicalRow | null): number | string {
  const known = feature.example ?? typical?.[feature.name];
  if (known !== undefined) return known;
  if (feature.type === "category") {
    return feature.levels[feature.ordered ? Math.floor(feature.levels.length / 2) : 0];
  }
  const { minimum, maximum } = feature;
  if (feature.as) return formatDay(((minimum ?? 0) + (maximum ?? minimum ?? 0)) / 2, feature.as);
  if (minimum === undefined || maximum === undefined) return minimum ?? maximum ?? 0;
  return snap((minimum + maximum) / 2, stepOf(feature));
}

/**
 * A form begins with every required feature set, so that there is a price at once, and every optional one unknown. The spec's examples
 * are one row where every required feature has one; otherwise the typical row is, so that the values go together.
 */
export function startingRow(spec: DatasetSpec, typical?: TypicalRow | null): GivenRow {
  const required = spec.features.filter((feature) => feature.required);
  const hasExamples = required.every(({ example }) => example !== undefined);
  return Object.fromEntries(
    required.map((feature) => {
      const value = (hasExamples ? undefined : typical?.[feature.name]) ?? restingValue(feature, typical);
      return [feature.name, feature.as === "boolean" ? value === "true" : value];
    }),
  );
}

/** `row` with one feature changed; undefined makes it unknown. */
export function changeRow(row: GivenRow, name: string, value: Value): GivenRow {
  const { [name]: _, ...rest } = row;
  return value === undefined ? rest : { ...rest, [name]: value };
}
