// Columns that a spec derives from its features, such as a density from weight and sizes: products and ratios that trees cannot see at a split.
import * as z from "zod";
import { FieldName } from "./field-name.ts";
import type { Feature } from "./spec.ts";
import type { NumberColumn, Table } from "./table.ts";

/** A feature, or some that are added up. An ordered level counts as its place in the spec's list, from 1. */
const Factor = z.union([FieldName, z.array(FieldName).min(2).max(8)]);

/** The product of `multiply` over the product of `divide`; missing where one of its features is. */
export const Derived = z.strictObject({
  name: FieldName,
  title: z.string().min(1).max(200).optional(),
  description: z.string().max(2000).optional(),
  multiply: z.array(Factor).min(1).max(8),
  divide: z.array(Factor).max(8).default([]),
});

export type Derived = z.infer<typeof Derived>;

/** The features that a derived column is made of, each once. */
export function sourcesOf({ multiply, divide }: Derived): string[] {
  return [...new Set([multiply, divide].flat(2))];
}

function isPositive(feature: Feature): boolean {
  if (feature.type === "category") return true;
  const { minimum = Number.NEGATIVE_INFINITY, exclusiveMinimum } = feature;
  return minimum > 0 || (minimum === 0 && exclusiveMinimum);
}

/** What is wrong with a derived column beside these features: where in it, and what is allowed. */
export function derivedFaults(
  derived: Derived,
  features: ReadonlyMap<string, Feature>,
): { path: PropertyKey[]; message: string }[] {
  const faults: { path: PropertyKey[]; message: string }[] = [];
  for (const part of ["multiply", "divide"] as const) {
    derived[part].forEach((factor, index) => {
      for (const name of [factor].flat()) {
        const feature = features.get(name);
        const message =
          feature?.type !== "number" && !(feature?.type === "category" && feature.ordered)
            ? `expected a number or an ordered category; got "${name}"`
            : part === "divide" && !isPositive(feature)
              ? `expected a number that the spec keeps above 0, since it divides; got "${name}"`
              : undefined;
        if (message) faults.push({ path: [part, index], message });
      }
    });
  }
  return faults;
}

/** Left to right, one float32 operation at a time, as addDerived (core/trees/derived-graph.ts) has one node each. */
function combine(
  columns: readonly NumberColumn[],
  apply: (left: number, right: number) => number,
): NumberColumn {
  const [first, ...rest] = columns;
  return rest.reduce(
    // A Float32Array rounds on every store, as a float32 operation does.
    (left, right) => Float32Array.from(left, (value, row) => apply(value, right[row])),
    first,
  );
}

/** The table with the derived columns beside its own; NaN is missing. */
export function deriveColumns<T extends Table>(table: T, derived: readonly Derived[]): T {
  const valuesOf = (name: string): NumberColumn => {
    const column = table.columns[name];
    if (column instanceof Float32Array) return column;
    return Float32Array.from(column, (code) => (code < 0 ? Number.NaN : code + 1));
  };
  const product = (factors: Derived["multiply"]) =>
    combine(
      factors.map((factor) => combine([factor].flat().map(valuesOf), (left, right) => left + right)),
      (left, right) => left * right,
    );
  const columns = derived.map(({ name, multiply, divide }) => {
    const parts = divide.length > 0 ? [product(multiply), product(divide)] : [product(multiply)];
    return [name, combine(parts, (left, right) => left / right)] as const;
  });
  return { ...table, columns: { ...table.columns, ...Object.fromEntries(columns) } };
}
