// A column's values as a few whole numbers, so that columns of any type can be compared: stretches of equal frequency, levels, or a gap.
import type { Value } from "../reading/database.ts";

const mostStretches = 16;
const mostLevels = 30;

export interface Coded {
  /** Of each row: 0 to size - 1. */
  readonly codes: Uint8Array;
  readonly size: number;
  /** What each code stands for. */
  readonly labels: readonly string[];
}

/** More stretches than this many rows can fill would find relations in noise. */
const stretchesFor = (rows: number) => Math.max(3, Math.min(mostStretches, Math.floor(Math.sqrt(rows / 5))));

function codeNumbers(values: readonly Value[], show: (value: number) => string): Coded {
  const sorted = Float64Array.from(values.filter((value) => typeof value === "number")).sort();
  const wanted = stretchesFor(sorted.length);
  const cuts = [
    ...new Set(
      Array.from({ length: wanted - 1 }, (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / wanted)]),
    ),
  ].filter((cut) => cut > sorted[0]);
  const lows = [sorted[0], ...cuts];
  const ends = [...cuts.map((cut) => sorted[firstAtLeast(sorted, cut) - 1]), sorted[sorted.length - 1]];
  const labels = lows.map((low, k) => (low === ends[k] ? show(low) : `${show(low)} to ${show(ends[k])}`));
  return finish(
    values.map((value) => (typeof value === "number" ? firstAtLeast(cuts, value, true) : -1)),
    labels,
  );
}

/** Place of the first element that is at least `value`; above it where `after` is set. */
function firstAtLeast(sorted: ArrayLike<number>, value: number, after = false): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (after ? sorted[middle] <= value : sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A gap is a code of its own, where there are any. */
function finish(places: readonly number[], labels: readonly string[]): Coded {
  const hasGaps = places.some((place) => place < 0);
  const codes = Uint8Array.from(places, (place) => (place < 0 ? labels.length : place));
  return {
    codes,
    size: labels.length + (hasGaps ? 1 : 0),
    labels: hasGaps ? [...labels, "missing"] : labels,
  };
}

/** Codes texts by frequency, or in the order of `ordered`; rare ones share a code. */
function codeLevels(values: readonly Value[], ordered: readonly string[] | undefined): Coded {
  const counts = new Map<Value, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).map(([level]) => level);
  const kept = frequent.slice(0, frequent.length > mostLevels ? mostLevels - 1 : mostLevels);
  if (ordered) kept.sort((a, b) => ordered.indexOf(String(a)) - ordered.indexOf(String(b)));
  const places = new Map(kept.map((level, place) => [level, place]));
  const labels = kept.map((level) => String(level).slice(0, 60));
  if (frequent.length > kept.length) labels.push(`${frequent.length - kept.length} others`);
  return finish(
    values.map((value) => (value === null ? -1 : (places.get(value) ?? kept.length))),
    labels,
  );
}

/** `show` writes a number of the column; `ordered` are its levels where they have an order. */
export function codeColumn(
  values: readonly Value[],
  measured: boolean,
  show: (value: number) => string,
  ordered?: readonly string[],
): Coded {
  const few = measured && new Set(values).size <= stretchesFor(values.length);
  if (few) {
    const numbers = [...new Set(values)].filter((value) => typeof value === "number").sort((a, b) => a - b);
    const places = new Map(numbers.map((value, place) => [value as Value, place]));
    return finish(
      values.map((value) => places.get(value) ?? -1),
      numbers.map(show),
    );
  }
  return measured && values.some((value) => typeof value === "number")
    ? codeNumbers(values, show)
    : codeLevels(values, ordered);
}
