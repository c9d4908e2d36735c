// Category levels as numbers: one-hot against a reference level, or the level's place in an ordered list.
import type { CategoryFeature } from "#core/dataset/feature.ts";
import type { CategoryColumn } from "#core/dataset/table.ts";
import type { Encoding } from "#core/linear/linear-design.ts";

/** A level that was seen in fewer rows than this has no number of its own: its coefficient would be noise. */
export const leastSupport = 10;

/**
 * Learns the encoding from training rows. The most frequent level is the reference: every other is told by its difference from it.
 * A level that is rare, and a missing one where training rows are hardly ever missing, counts as the average level.
 */
export function learnEncoding(
  feature: CategoryFeature,
  column: CategoryColumn,
  weights: Float64Array,
  kind: "one-hot" | "ordinal",
): Encoding {
  const { levels, name } = feature;
  const counts = new Array<number>(levels.length + 1).fill(0);
  let total = 0;
  for (let i = 0; i < column.length; i++) {
    counts[column[i] < 0 ? levels.length : column[i]] += weights[i];
    total += weights[i];
  }
  const known = total - counts[levels.length];
  if (kind === "ordinal") {
    const mean = known === 0 ? 0 : levels.reduce((sum, _, code) => sum + code * counts[code], 0) / known;
    return { feature: name, names: [`${name} (level)`], rows: [...levels.map((_, code) => [code]), [mean]] };
  }
  const supported = counts.flatMap((count, code) => (count >= leastSupport ? [code] : []));
  const reference = supported.reduce(
    (best, code) => (counts[code] > counts[best] ? code : best),
    supported[0],
  );
  const own = supported.filter((code) => code !== reference);
  const covered = supported.reduce((sum, code) => sum + counts[code], 0);
  const average = own.map((code) => counts[code] / covered);
  const rows = counts.map((_, code) =>
    supported.includes(code) ? own.map((other) => (other === code ? 1 : 0)) : average,
  );
  return { feature: name, names: own.map((code) => `${name}=${levels[code] ?? "(missing)"}`), rows };
}
