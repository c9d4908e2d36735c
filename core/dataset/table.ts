// Rows as columns, the shape that families fit on and the evaluator runs on.
import { numberOf } from "./feature-value.ts";
import type { Row } from "./row.ts";
import type { DatasetSpec } from "./spec.ts";

/** Values of one number feature, float32 as every runtime compares them; NaN is missing. */
export type NumberColumn = Float32Array;
/** Level indices of one category feature, into the spec's levels; -1 is missing. */
export type CategoryColumn = Int32Array;

/** Feature columns in the spec's order, all of length `rows`. */
export interface Table {
  readonly rows: number;
  readonly columns: Readonly<Record<string, NumberColumn | CategoryColumn>>;
}

/** A table with its target (in the spec's unit, untransformed) and optional sample weights. */
export interface LabelledTable extends Table {
  readonly target: Float64Array;
  readonly weights?: Float64Array;
}

/** Columns of checked rows; a level outside the spec counts as missing. */
export function toTable(spec: DatasetSpec, rows: readonly Row[]): Table {
  const columns: Record<string, NumberColumn | CategoryColumn> = {};
  for (const feature of spec.features) {
    if (feature.type === "number") {
      columns[feature.name] = Float32Array.from(rows, (row) => numberOf(feature, row[feature.name]));
    } else {
      const codes = new Map(feature.levels.map((level, code) => [level, code]));
      columns[feature.name] = Int32Array.from(rows, (row) => codes.get(row[feature.name] as string) ?? -1);
    }
  }
  return { rows: rows.length, columns };
}

/** The rows at `indices`, in that order; `target` and `weights` follow when the table has them. */
export function takeRows<T extends Table>(table: T, indices: ArrayLike<number>): T {
  const pick = <C extends Float32Array | Float64Array | Int32Array>(column: C): C => {
    const taken = new (column.constructor as new (length: number) => C)(indices.length);
    for (let i = 0; i < indices.length; i++) taken[i] = column[indices[i]];
    return taken;
  };
  const columns: Record<string, NumberColumn | CategoryColumn> = {};
  for (const [name, column] of Object.entries(table.columns)) columns[name] = pick(column);
  const labelled = table as T & Partial<LabelledTable>;
  return {
    ...table,
    rows: indices.length,
    columns,
    ...(labelled.target ? { target: pick(labelled.target) } : {}),
    ...(labelled.weights ? { weights: pick(labelled.weights) } : {}),
  };
}
