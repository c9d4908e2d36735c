// Groups of held-out rows and the quantiles of what happens in them.
import { quantileOf } from "#core/metrics/quantile.ts";

/** The five numbers of a bar: where 5, 25, 50, 75 and 95 % of a group lie below. */
export interface Spread {
  readonly rows: number;
  readonly p5: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
}

/** The spread of `values` over `rows` (indices, at least one). */
export function spreadOf(values: ArrayLike<number>, rows: ArrayLike<number>): Spread {
  const sorted = Float64Array.from(rows, (row) => values[row]).sort();
  const [p5, p25, p50, p75, p95] = [0.05, 0.25, 0.5, 0.75, 0.95].map((q) => quantileOf(sorted, q));
  return { rows: rows.length, p5, p25, p50, p75, p95 };
}

/** Rows in `count` groups of nearly equal size by rising value; equal values share a group, rows without a value are in none. */
export function groupByValue(values: ArrayLike<number>, count: number): number[][] {
  const order = Array.from({ length: values.length }, (_, row) => row).filter(
    (row) => !Number.isNaN(values[row]),
  );
  order.sort((a, b) => values[a] - values[b]);
  const groups: number[][] = [];
  let start = 0;
  for (let k = 1; k <= count && start < order.length; k++) {
    let end = Math.max(start + 1, Math.round((k * order.length) / count));
    if (end <= start) continue;
    while (end < order.length && values[order[end]] === values[order[end - 1]]) end++;
    groups.push(order.slice(start, end));
    start = end;
  }
  return groups;
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

const binCount = 48;

/** How many values lie in each of equally wide bins from `low` to `high`; values outside are not counted. */
export function countInBins(values: ArrayLike<number>, low: number, high: number): Bin[] {
  const width = (high - low) / binCount || 1;
  const rows = new Array<number>(binCount).fill(0);
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low || values[i] > high) continue;
    rows[Math.min(binCount - 1, Math.floor((values[i] - low) / width))]++;
  }
  return rows.map((count, i) => ({ from: low + i * width, to: low + (i + 1) * width, rows: count }));
}
