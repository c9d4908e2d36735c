// Which columns are missing in the same rows: the patterns with their counts, and the pairs whose gaps go together.
import type { DataReport } from "#core/api/data-report.ts";
import type { Database } from "../reading/database.ts";
import type { ReadColumn } from "./read-columns.ts";

/** A pattern is a sum of powers of two in a BIGINT. */
const mostColumns = 60;
const shownPatterns = 12;
const shownPairs = 12;
const tellingCorrelation = 0.3;

type Missingness = DataReport["missingness"];

/** Correlation of two columns of 0 and 1, from counts. */
function phi(both: number, one: number, other: number, rows: number): number {
  const spread = Math.sqrt(one * (rows - one) * other * (rows - other));
  return spread === 0 ? 0 : (rows * both - one * other) / spread;
}

/** `gaps` are the missing cells of each column; the columns with most of them are compared. */
export async function describeMissingness(
  database: Database,
  columns: readonly ReadColumn[],
  gaps: readonly number[],
): Promise<Missingness> {
  const rows = columns[0].profile.rows;
  const order = gaps.map((count, at) => ({ count, at })).sort((a, b) => b.count - a.count || a.at - b.at);
  const asked = order.filter(({ count }) => count > 0 && count < rows).slice(0, mostColumns);
  if (asked.length === 0)
    return { complete: gaps.some((count) => count === rows) ? 0 : rows, patterns: [], pairs: [] };
  const bits = asked.map(({ at }, bit) => `CASE WHEN v${at} IS NULL THEN ${2 ** bit}::BIGINT ELSE 0 END`);
  const found = await database.rows(
    `SELECT pattern::VARCHAR, count(*) AS n FROM (SELECT ${bits.join(" + ")} AS pattern FROM typed) GROUP BY pattern ORDER BY n DESC, pattern`,
  );
  const patterns = found.map(([pattern, count]) => ({ bits: BigInt(String(pattern)), rows: Number(count) }));
  const isSet = (bitset: bigint, bit: number) => ((bitset >> BigInt(bit)) & 1n) === 1n;
  const name = (bit: number) => columns[asked[bit].at].profile.column.slice(0, 200);
  const single = asked.map(() => 0);
  const both = asked.map(() => asked.map(() => 0));
  for (const { bits: bitset, rows: count } of patterns) {
    const set = asked.flatMap((_, bit) => (isSet(bitset, bit) ? [bit] : []));
    for (const one of set) {
      single[one] += count;
      for (const other of set) if (other > one) both[one][other] += count;
    }
  }
  const pairs = asked.flatMap((_, one) =>
    asked.slice(one + 1).map((_, step) => {
      const other = one + 1 + step;
      const correlation = phi(both[one][other], single[one], single[other], rows);
      return { one: name(one), other: name(other), correlation };
    }),
  );
  return {
    complete: patterns.find(({ bits: bitset }) => bitset === 0n)?.rows ?? 0,
    patterns: patterns.slice(0, shownPatterns).map(({ bits: bitset, rows: count }) => ({
      columns: asked.flatMap((_, bit) => (isSet(bitset, bit) ? [name(bit)] : [])),
      rows: count,
    })),
    pairs: pairs
      .filter(({ correlation }) => Math.abs(correlation) >= tellingCorrelation)
      .sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation))
      .slice(0, shownPairs),
  };
}
