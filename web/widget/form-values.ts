// What a visitor has entered so far: one value a feature, absent where it is unknown.

import { formatDay } from "#core/dataset/calendar.ts";
import type { Feature } from "#core/dataset/feature.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { snap, stepOf } from "./number-scale.ts";

export type Value = number | string | undefined;

/** The value a slider rests on, or a scale begins with, while nothing is known: the spec's example, else the middle. */
export function restingValue(feature: Feature): number | string {
  if (feature.example !== undefined) return feature.example;
  if (feature.type === "category") {
    return feature.levels[feature.ordered ? Math.floor(feature.levels.length / 2) : 0];
  }
  const { minimum, maximum } = feature;
  if (feature.as) return formatDay(((minimum ?? 0) + (maximum ?? minimum ?? 0)) / 2, feature.as);
  if (minimum === undefined || maximum === undefined) return minimum ?? maximum ?? 0;
  return snap((minimum + maximum) / 2, stepOf(feature));
}

/** A form begins with every required feature set, so that there is a price at once, and every optional one unknown. */
export function startingRow(spec: DatasetSpec): Row {
  return Object.fromEntries(
    spec.features
      .filter((feature) => feature.required)
      .map((feature) => [feature.name, restingValue(feature)]),
  );
}

/** `row` with one feature changed; undefined makes it unknown. */
export function changeRow(row: Row, name: string, value: Value): Row {
  const { [name]: _, ...rest } = row;
  return value === undefined ? rest : { ...rest, [name]: value };
}
