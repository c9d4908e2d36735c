// Warnings for rows that are priced although the model never saw anything like them.
import { type FieldError, toPointer } from "../api/problem.ts";
import { formatDay } from "./calendar.ts";
import { numberOfValue } from "./feature-value.ts";
import type { Row } from "./row.ts";
import type { DatasetSpec } from "./spec.ts";
import type { Table } from "./table.ts";

/** Smallest and largest value of each number feature among the training rows. */
export type TrainingRanges = Readonly<Record<string, { readonly minimum: number; readonly maximum: number }>>;

/** The ranges of `table`'s number features; a feature that is missing in every row has none. */
export function trainingRanges(spec: DatasetSpec, table: Table): TrainingRanges {
  const ranges: Record<string, { minimum: number; maximum: number }> = {};
  for (const feature of spec.features) {
    if (feature.type !== "number") continue;
    let minimum = Number.POSITIVE_INFINITY;
    let maximum = Number.NEGATIVE_INFINITY;
    for (const value of table.columns[feature.name]) {
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
    if (minimum <= maximum) ranges[feature.name] = { minimum, maximum };
  }
  return ranges;
}

/** How far the farthest number of `row` lies outside the training rows, in lengths of their range; 0 where none does. */
export function rangeExcess(ranges: TrainingRanges, row: Row): number {
  let farthest = 0;
  for (const name in ranges) {
    const value = numberOfValue(row[name]);
    if (value === undefined) continue;
    const { minimum, maximum } = ranges[name];
    const compared = Math.fround(value);
    const beyond = Math.max(minimum - compared, compared - maximum);
    // A feature that never varied says nothing of what is far: any other value is.
    if (beyond > 0) farthest = Math.max(farthest, beyond / (maximum - minimum));
  }
  return farthest;
}

/** One warning a number of `row` that lies outside what the model was trained on (compared in float32, as the model does). */
export function rangeWarnings(ranges: TrainingRanges, row: Row): FieldError[] {
  const warnings: FieldError[] = [];
  for (const [name, { minimum, maximum }] of Object.entries(ranges)) {
    const given = row[name];
    const value = numberOfValue(given);
    if (given === undefined || value === undefined) continue;
    const compared = Math.fround(value);
    if (compared >= minimum && compared <= maximum) continue;
    const shown = (days: number) => (typeof given === "string" ? formatDay(days, "date") : shortest(days));
    const detail = `${given} is beyond the ${shown(minimum)} to ${shown(maximum)} this model was trained on`;
    warnings.push({ pointer: toPointer([name]), detail });
  }
  return warnings;
}

/** A float32 value with the digits that tell it from its neighbours, so that 5.01 does not read 5.0100002288. */
function shortest(value: number): string {
  return String(Number(value.toPrecision(7)));
}
