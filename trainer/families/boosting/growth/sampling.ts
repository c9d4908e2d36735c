// Which rows and columns a tree may use, drawn from the fit's own seeded source.

import type { Random } from "../../../random.ts";
import type { Views } from "../kernels/views.ts";

/**
 * Draws round(rows x share) rows without replacement into list A, in order, and the others after them (Knuth's algorithm S).
 * Returns how many were drawn.
 */
export function drawRows(views: Views, share: number, random: Random): number {
  const { rows, at } = views.plan;
  const wanted = Math.max(1, Math.round(rows * share));
  let drawn = at.rowsA >> 2;
  let others = drawn + wanted;
  let left = wanted;
  for (let row = 0; row < rows; row++) {
    if (random() * (rows - row) < left) {
      views.words[drawn++] = row;
      left--;
    } else views.words[others++] = row;
  }
  return wanted;
}

/** A share of `columns`, at least one, rising. */
export function drawColumns(columns: readonly number[], share: number, random: Random): readonly number[] {
  const wanted = Math.max(1, Math.round(columns.length * share));
  if (wanted === columns.length) return columns;
  const pool = [...columns];
  for (let k = 0; k < wanted; k++) {
    const other = k + Math.floor(random() * (pool.length - k));
    [pool[k], pool[other]] = [pool[other], pool[k]];
  }
  return pool.slice(0, wanted).sort((a, b) => a - b);
}

/** Tells the kernels which columns histograms are built of, as runs of neighbours. */
export function writeRuns(views: Views, columns: readonly number[]): void {
  const start = views.plan.at.runs >> 2;
  let runs = 0;
  columns.forEach((column, k) => {
    if (k > 0 && column === columns[k - 1] + 1) {
      views.ints[start + (runs - 1) * 2 + 1]++;
      return;
    }
    views.ints[start + runs * 2] = column;
    views.ints[start + runs * 2 + 1] = 1;
    runs++;
  });
  views.ints[start + views.plan.features * 2] = runs;
}

/** Tells the split finder which columns it may use. */
export function writeColumns(views: Views, columns: readonly number[]): void {
  const start = views.plan.at.columns >> 2;
  views.ints.set(columns, start);
  views.ints[start + views.plan.features] = columns.length;
}
