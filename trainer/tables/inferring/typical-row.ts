// The most typical of some real rows: numbers near the middle, frequent levels, little missing.
import type { Value } from "../reading/cell-readers.ts";

/** The cost of each value of a column: 0 in the middle or for the most frequent level, 1 far out, rare or missing. */
function costs(values: readonly Value[]): Float64Array {
  const numbers = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  if (numbers.length > 0) {
    const at = (share: number) => numbers[Math.floor(share * (numbers.length - 1))];
    const middle = at(0.5);
    const spread = Math.max(at(0.9) - middle, middle - at(0.1)) || 1;
    return Float64Array.from(values, (value) =>
      typeof value === "number" ? Math.min(1, Math.abs(value - middle) / spread) : 1,
    );
  }
  const counts = new Map<Value, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(1, ...counts.values());
  return Float64Array.from(values, (value) =>
    value === undefined ? 1 : 1 - (counts.get(value) ?? 0) / most,
  );
}

/** The place of the most typical row among columns of equal length; -1 where there is none. */
export function typicalRow(columns: readonly (readonly Value[])[]): number {
  const sums = new Float64Array(columns[0]?.length ?? 0);
  for (const column of columns) {
    costs(column).forEach((cost, row) => {
      sums[row] += cost;
    });
  }
  return sums.reduce((best, sum, row) => (best < 0 || sum < sums[best] ? row : best), -1);
}
