// What effects and boosters are fitted on, apart from any dataset: named columns with what their splits may do.
import type { Feature } from "#core/dataset/feature.ts";
import type { Table } from "#core/dataset/table.ts";

export type Monotone = -1 | 0 | 1;

export interface NumberFeature {
  readonly name: string;
  readonly type: "number";
  /** NaN is missing. */
  readonly values: Float32Array;
  readonly monotone?: Monotone;
}

export interface CategoryFeature {
  readonly name: string;
  readonly type: "category";
  readonly levels: readonly string[];
  /** Level indices; -1 is missing. */
  readonly values: Int32Array;
  /** Ordered levels are split like numbers, others by sets. */
  readonly ordered: boolean;
  /** Of ordered levels only. */
  readonly monotone?: Monotone;
}

export type MatrixFeature = NumberFeature | CategoryFeature;

/** Columns of `rows` values each. */
export interface Matrix {
  readonly rows: number;
  readonly features: readonly MatrixFeature[];
}

/** A feature of a dataset as a column; `holdsMonotone` says whether it keeps the spec's direction. */
export function toFeature(feature: Feature, table: Table, holdsMonotone: boolean): MatrixFeature {
  const values = table.columns[feature.name];
  const directions: Readonly<Record<string, Monotone>> = { increasing: 1, decreasing: -1 };
  const monotone = holdsMonotone && feature.monotone ? directions[feature.monotone] : 0;
  return feature.type === "number"
    ? { name: feature.name, type: "number", values: values as Float32Array, monotone }
    : {
        name: feature.name,
        type: "category",
        levels: feature.levels,
        values: values as Int32Array,
        ordered: feature.ordered,
        monotone,
      };
}

/** Whether a feature is split by sets of levels. */
export function isSetFeature(feature: MatrixFeature): feature is CategoryFeature {
  return feature.type === "category" && !feature.ordered;
}

/** A column as float32 numbers: level codes of an ordered category, NaN where missing. */
export function numbersOf(feature: MatrixFeature): Float32Array {
  if (feature.type === "number") return feature.values;
  return Float32Array.from(feature.values, (code) => (code < 0 ? Number.NaN : code));
}

/** The rows at `indices`, in that order. */
export function takeMatrix(matrix: Matrix, indices: Uint32Array): Matrix {
  const features = matrix.features.map((feature): MatrixFeature => {
    const { values } = feature;
    if (feature.type === "number")
      return { ...feature, values: Float32Array.from(indices, (at) => values[at]) };
    return { ...feature, values: Int32Array.from(indices, (at) => values[at]) };
  });
  return { rows: indices.length, features };
}

/** The columns by name, as predictors take them. */
export function tableOf({ rows, features }: Matrix): Table {
  return { rows, columns: Object.fromEntries(features.map(({ name, values }) => [name, values])) };
}
