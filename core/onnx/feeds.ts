// Rows and tables as the feeds of a model: a missing number is NaN, a missing category "".
import { numberOf } from "../dataset/feature-value.ts";
import type { Row } from "../dataset/row.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import type { Table } from "../dataset/table.ts";
import type { Feeds } from "./model.ts";

/** One feed a feature of `spec`, from checked rows. */
export function feedsOf(spec: DatasetSpec, rows: readonly Row[]): Feeds {
  const feeds: Record<string, Float32Array | string[]> = {};
  for (const feature of spec.features) {
    const { name } = feature;
    if (feature.type === "number") {
      const values = new Float32Array(rows.length);
      for (let i = 0; i < rows.length; i++) values[i] = numberOf(feature, rows[i][name]);
      feeds[name] = values;
    } else {
      feeds[name] = rows.map((row) => (row[name] as string | undefined) ?? "");
    }
  }
  return feeds;
}

/** One feed a feature of `spec`, from columns; number columns are handed over, not copied. */
export function feedsOfTable(spec: DatasetSpec, table: Table): Feeds {
  const feeds: Record<string, Float32Array | string[]> = {};
  for (const feature of spec.features) {
    const column = table.columns[feature.name];
    if (feature.type === "number") feeds[feature.name] = column as Float32Array;
    else feeds[feature.name] = Array.from(column, (code) => feature.levels[code] ?? "");
  }
  return feeds;
}
