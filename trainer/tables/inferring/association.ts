// How much of a target's variance one column explains by itself: the correlation ratio over groups, each row judged by the others of its group.
import type { Value } from "../reading/cell-readers.ts";

const numberGroups = 50;

/** Group of each row: a level, or a stretch of the sorted numbers; missing values are a group of their own. */
function groupsOf(values: readonly Value[]): Int32Array {
  const groups = new Int32Array(values.length);
  if (!values.some((value) => typeof value === "number")) {
    const codes = new Map<Value, number>();
    values.forEach((value, row) => {
      if (!codes.has(value)) codes.set(value, codes.size);
      groups[row] = codes.get(value) as number;
    });
    return groups;
  }
  const sorted = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  const cuts = Array.from(
    { length: numberGroups - 1 },
    (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / numberGroups)],
  );
  values.forEach((value, row) => {
    groups[row] =
      typeof value === "number" ? cuts.filter((cut) => cut <= value).length : -1 + numberGroups + 1;
  });
  return groups;
}

/** The share of the target's variance, 0 to 1, that the means of the other rows in a row's group explain. */
export function explainedShare(values: readonly Value[], target: readonly number[]): number {
  const groups = groupsOf(values);
  const sums = new Map<number, [sum: number, count: number]>();
  let total = 0;
  target.forEach((y, row) => {
    const [sum, count] = sums.get(groups[row]) ?? [0, 0];
    sums.set(groups[row], [sum + y, count + 1]);
    total += y;
  });
  const mean = total / target.length;
  let [left, whole] = [0, 0];
  target.forEach((y, row) => {
    const [sum, count] = sums.get(groups[row]) as [number, number];
    const expected = count > 1 ? (sum - y) / (count - 1) : mean;
    left += (y - expected) ** 2;
    whole += (y - mean) ** 2;
  });
  return whole === 0 ? 0 : Math.max(0, 1 - left / whole);
}

/** Pearson's correlation over the rows that have a number. */
export function correlation(values: readonly Value[], target: readonly number[]): number {
  const pairs = values.flatMap((value, row) =>
    typeof value === "number" ? [[value, target[row]] as const] : [],
  );
  if (pairs.length < 3) return 0;
  const mean = (at: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length;
  const [mx, my] = [mean(0), mean(1)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xy += (x - mx) * (y - my);
    xx += (x - mx) ** 2;
    yy += (y - my) ** 2;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}
