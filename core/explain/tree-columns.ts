// Whether the columns that an ensemble splits are those of a dataset: a row is looked up by name, and a level by its place.
import { InputError } from "../api/problem.ts";
import type { Derived } from "../dataset/derived.ts";
import { derivedFaults, sourcesOf } from "../dataset/derived.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import type { TreeEnsemble } from "../trees/ensemble.ts";
import { checkLevelColumns, type LevelColumn } from "../trees/level-columns.ts";

/** Throws InputError for a column that is neither a feature of `spec` with the same levels nor made of such. */
export function checkColumns(
  spec: DatasetSpec,
  ensemble: TreeEnsemble,
  derived: readonly Derived[],
  levelColumns: readonly LevelColumn[] = [],
): void {
  checkLevelColumns(spec, levelColumns);
  const fail = (name: string, detail: string): never => {
    throw new InputError([
      { pointer: "/ensemble/features", detail: `column "${name.slice(0, 64)}": ${detail}` },
    ]);
  };
  const known = new Map(spec.features.map((feature) => [feature.name, feature]));
  for (const one of derived) {
    const [fault] = derivedFaults(one, known);
    if (fault) fail(one.name, fault.message);
    for (const source of sourcesOf(one)) if (!known.has(source)) fail(one.name, `${source} is no feature`);
  }
  for (const column of ensemble.features) {
    const feature = known.get(column.name);
    if (!feature) {
      const isDerived =
        column.type === "number" && [...derived, ...levelColumns].some(({ name }) => name === column.name);
      if (!isDerived) fail(column.name, `expected a feature of ${spec.name}`);
    } else if (feature.type !== column.type) fail(column.name, `expected a ${feature.type}`);
    else if (column.type === "category" && feature.type === "category") {
      const same =
        column.levels.length === feature.levels.length &&
        column.levels.every((level, at) => level === feature.levels[at]);
      if (!same) fail(column.name, `expected the levels ${feature.levels.join(", ").slice(0, 200)}`);
    }
  }
}
