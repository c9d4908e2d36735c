// What a column of texts holds: its different values with their counts, most frequent first.
import { isMissing } from "#core/dataset/cell.ts";
import type { RawTable } from "../reading/raw-table.ts";

/** A column with more different values than this is judged by its most frequent ones. */
const mostValues = 120_000;

export interface ColumnProfile {
  readonly column: string;
  readonly at: number;
  readonly rows: number;
  /** Cells that say nothing: empty, NA, N/A, NaN, null. */
  readonly missing: number;
  readonly values: readonly (readonly [text: string, count: number])[];
  /** Different values, also those beyond the list. */
  readonly distinct: number;
}

/** `marks` are texts that say nothing, beside the usual ones. */
export async function profileColumn(
  table: RawTable,
  at: number,
  marks: readonly string[] = [],
): Promise<ColumnProfile> {
  const found = await table.database.rows(
    `SELECT trim(c${at}, E' \\t\\r\\n') AS v, count(*) AS n FROM raw GROUP BY v ORDER BY n DESC, v LIMIT ${mostValues + 50}`,
  );
  const isNothing = (text: unknown) =>
    text === null || isMissing(String(text)) || marks.includes(String(text));
  const values = found.flatMap(([text, count]) =>
    isNothing(text) ? [] : [[String(text), Number(count)] as const],
  );
  const missing = found.reduce((sum, [text, count]) => sum + (isNothing(text) ? Number(count) : 0), 0);
  const isCut = found.length >= mostValues;
  const distinct = isCut
    ? Number((await table.database.first(`SELECT count(DISTINCT c${at}) FROM raw`))[0])
    : values.length;
  return { column: table.columns[at], at, rows: table.rows, missing, values, distinct };
}
