// What an answer says beside the price: what the row leaves unsaid, and where it is unlike anything the model was trained on.
import type { FieldError } from "../api/problem.ts";
import { relationWarnings } from "../dataset/number-relations.ts";
import type { Row } from "../dataset/row.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import { rangeWarnings } from "../dataset/training-range.ts";
import type { Manifest } from "./manifest.ts";

/** Names of the features that `row` does not give: the price then rests on the others. */
export function absentFeatures(spec: DatasetSpec, row: Row): string[] {
  return spec.features.filter(({ name }) => row[name] === undefined).map(({ name }) => name);
}

/** At most one warning a field: beyond the training range, or else in contradiction to the row's main number. */
export function rowWarnings(manifest: Pick<Manifest, "ranges" | "relations">, row: Row): FieldError[] {
  const beyond = rangeWarnings(manifest.ranges, row);
  if (!manifest.relations) return beyond;
  const told = new Set(beyond.map(({ pointer }) => pointer));
  const against = relationWarnings(manifest.relations, row);
  return [...beyond, ...against.filter(({ pointer }) => !told.has(pointer))];
}
