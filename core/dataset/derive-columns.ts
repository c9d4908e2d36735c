// Derived columns computed: a table with what its spec derives beside its own columns.
import type { Derived } from "./derived.ts";
import type { NumberColumn, Table } from "./table.ts";

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
