// The spec's derived columns as a booster's: which of them it may use, and what they say of the features they are made of.
import { deriveColumns } from "#core/dataset/derive-columns.ts";
import { type Derived, sourcesOf } from "#core/dataset/derived.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Table } from "#core/dataset/table.ts";
import type { LevelColumn } from "#core/trees/level-columns.ts";

/**
 * The derived columns that rows like those of `table` can be split by. One that is missing in every row says nothing. One that is made of a
 * feature held to its direction would let the price move against it.
 */
export function chooseDerived(spec: DatasetSpec, table: Table, holdsMonotone: boolean): Derived[] {
  const held = new Set(
    spec.features.filter(({ monotone }) => holdsMonotone && monotone).map(({ name }) => name),
  );
  const allowed = (spec.derived ?? []).filter((one) => !sourcesOf(one).some((name) => held.has(name)));
  const { columns } = deriveColumns(table, allowed);
  return allowed.filter(({ name }) => columns[name].some((value) => !Number.isNaN(value)));
}

/** Shares by column as shares by feature: what a derived column has goes equally to the features it is made of, what a level column has to its own. */
export function shareAmongSources(
  shares: Readonly<Record<string, number>>,
  derived: readonly Derived[],
  levelColumns: readonly LevelColumn[] = [],
): Readonly<Record<string, number>> {
  const byFeature = { ...shares };
  for (const { name, feature } of levelColumns) {
    byFeature[feature] = (byFeature[feature] ?? 0) + shares[name];
    delete byFeature[name];
  }
  for (const one of derived) {
    const sources = sourcesOf(one);
    for (const name of sources) byFeature[name] += shares[one.name] / sources.length;
    delete byFeature[one.name];
  }
  return byFeature;
}
