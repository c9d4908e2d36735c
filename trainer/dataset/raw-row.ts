// One record of a source before cleaning: cells parsed by type, faults of value left for the named rules to judge.
import { InputError, quoted } from "#core/api/problem.ts";
import { calendarExamples, findDay } from "#core/dataset/calendar.ts";
import { findBoolean } from "#core/dataset/feature-value.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { targetAsFeature } from "#core/dataset/target.ts";

/** A record: feature or target name to its value; a missing cell is absent. A level may still be unknown to the spec. */
export interface RawRow {
  /** 1-based number among the source's records, the header not counted. */
  readonly row: number;
  readonly values: Readonly<Record<string, number | string>>;
}

/** Names of the spec's columns that hold numbers: number features that are no dates, and a target that is an amount. */
export function numberColumns(spec: DatasetSpec): ReadonlySet<string> {
  const columns = [...spec.features, targetAsFeature(spec)];
  return new Set(columns.flatMap(({ type, as, name }) => (type === "number" && !as ? [name] : [])));
}

/**
 * A text cell as its feature reads it: a boolean's spelling becomes its level, a date must be an ISO text; others are as they stand.
 * Throws InputError naming the place for a text that is no date.
 */
export function textReader(spec: DatasetSpec): (place: () => string, name: string, cell: string) => string {
  const features = new Map(spec.features.map((feature) => [feature.name, feature]));
  return (place, name, cell) => {
    const feature = features.get(name);
    if (feature?.as === "boolean") return findBoolean(feature, cell) ?? cell;
    if (feature?.as && findDay(cell, feature.as) === undefined) {
      const allowed = `${calendarExamples[feature.as]} or an empty cell`;
      throw new InputError(`${place()}: ${name}: expected ${allowed}; got ${quoted(cell)}`);
    }
    return cell;
  };
}

/** Every column of the spec: its features in order, then the target. */
export function columnNames(spec: DatasetSpec): string[] {
  return [...spec.features.map((feature) => feature.name), spec.target.name];
}

/** A number cell that holds no number means a shifted or broken file, so reading stops rather than dropping the row. */
export function badNumber(place: string, column: string, value: unknown): InputError {
  return new InputError(`${place}: ${column}: expected a number or an empty cell; got ${quoted(value)}`);
}
