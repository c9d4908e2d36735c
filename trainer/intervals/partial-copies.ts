// Rows with optional features hidden, as callers send them who know less: what calibrates the intervals of partial rows.
import { type Completeness, completenessOf } from "#core/bundle/completeness.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type Table, toTable } from "#core/dataset/table.ts";
import { type Random, shuffle } from "../random.ts";

/** Coverage of a quantile of so many scores is off by some 0.2 %; more rows would only cost time. */
const mostRows = 20_000;

export interface PartialCopies {
  readonly rows: readonly Row[];
  readonly table: Table;
  /** Index of the row that each copy is of, among those that were given. */
  readonly sources: Int32Array;
}

/** How much of a row is given. */
export function rowCompleteness(spec: DatasetSpec, row: Row): Completeness {
  const absent = spec.features.filter(({ name }) => row[name] === undefined).length;
  return completenessOf(absent, spec.features.filter(({ required }) => !required).length);
}

/** `row` without those of its optional features that `isHidden` names. */
function hide(spec: DatasetSpec, row: Row, isHidden: (name: string) => boolean): Row {
  const kept = spec.features.filter(
    ({ name, required }) => row[name] !== undefined && (required || !isHidden(name)),
  );
  return Object.fromEntries(kept.map(({ name }) => [name, row[name]]));
}

/** The row with its required features alone. */
export function bareRow(spec: DatasetSpec, row: Row): Row {
  return hide(spec, row, () => true);
}

/**
 * Of each row, or of `mostRows` drawn ones, a copy with the required features alone and one with each optional feature hidden by an
 * even chance. Copies no less complete than their row are left out, so that a row is in each completeness at most once.
 */
export function copyPartially(spec: DatasetSpec, rows: readonly Row[], random: Random): PartialCopies {
  const drawn = shuffle(
    rows.map((_, at) => at),
    random,
  )
    .slice(0, mostRows)
    .sort((a, b) => a - b);
  const copies: { row: Row; source: number }[] = [];
  for (const source of drawn) {
    const own = rowCompleteness(spec, rows[source]);
    const some = hide(spec, rows[source], () => random() < 0.5);
    if (own === "complete" && rowCompleteness(spec, some) === "partial") copies.push({ row: some, source });
    if (own !== "required") copies.push({ row: bareRow(spec, rows[source]), source });
  }
  const partial = copies.map(({ row }) => row);
  return {
    rows: partial,
    table: toTable(spec, partial),
    sources: Int32Array.from(copies, ({ source }) => source),
  };
}
