// Bins of one unordered category: one bin a level, the rarest levels of a long list sharing the last.
import type { Views } from "../kernels/views.ts";

/**
 * Writes the bin of each row's level; a missing level, or one without a training row, gets the bin after the last.
 * Returns the bin of each level (-1 for those without a training row) and the number of training rows with a level.
 */
export function binLevels(
  views: Views,
  feature: number,
  codes: readonly Int32Array[],
  levels: number,
  bins: number,
): { binOfLevel: Int16Array; known: number } {
  const { plan, bytes } = views;
  const counts = new Float64Array(levels);
  let known = 0;
  for (const code of codes[0]) {
    if (code < 0) continue;
    counts[code]++;
    known++;
  }
  const seen = Array.from(counts.keys()).filter((level) => counts[level] > 0);
  const byCount = seen.toSorted((a, b) => counts[b] - counts[a] || a - b);
  const own = seen.length <= bins ? byCount : byCount.slice(0, bins - 1);
  own.sort((a, b) => a - b);
  const binOfLevel = new Int16Array(levels).fill(-1);
  for (const level of seen) binOfLevel[level] = own.length;
  own.forEach((level, bin) => {
    binOfLevel[level] = bin;
  });
  const used = Math.min(seen.length, bins);
  let cell = plan.at.bins + feature;
  let place = plan.at.columnBins + feature * plan.allRows;
  for (const part of codes) {
    for (const code of part) {
      const bin = code < 0 ? -1 : binOfLevel[code];
      bytes[cell] = bin < 0 ? used : bin;
      bytes[place++] = bytes[cell];
      cell += plan.features;
    }
  }
  views.setFeature(feature, "bins", used);
  views.setFeature(feature, "hasMissing", known < plan.rows ? 1 : 0);
  views.setFeature(feature, "isSet", 1);
  return { binOfLevel, known };
}
