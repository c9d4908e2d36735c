// What each column of a table is, fast enough for a million rows: columns with few values are counted whole, others judged on a sample.
import type { ColumnProfile } from "../inferring/column-profile.ts";
import { type ColumnType, findColumnType } from "../inferring/column-type.ts";
import { whyUseless } from "../inferring/left-out.ts";
import type { RawTable } from "../reading/raw-table.ts";
import { isNothing, trimmed } from "./typed-table.ts";

/** Above this many different values a column is judged on a sample of its cells. */
const mostCounted = 20_000;
const sampledCells = 40_000;

export interface ReadColumn {
  readonly profile: ColumnProfile;
  /** Whether distinct is an estimate, and the values are those of a sample. */
  readonly sampled: boolean;
  /** Undefined where every value is missing. */
  readonly type: ColumnType | undefined;
  /** Why no model should see it, by what it holds alone. */
  readonly reason: string | undefined;
}

async function countValues(
  table: RawTable,
  at: number,
  marks: readonly string[],
  every: number,
): Promise<(readonly [string, number])[]> {
  const text = trimmed(at);
  const sample = every > 1 ? ` AND rowid % ${every} = 0` : "";
  const found = await table.database.rows(
    `SELECT ${text} AS v, count(*) AS n FROM raw WHERE NOT ${isNothing(text, marks)}${sample} GROUP BY v ORDER BY n DESC, v`,
  );
  return found.map(([value, count]) => [String(value), Number(count)] as const);
}

/** Missing cells and estimated different texts of every column, in few scans. */
async function measureColumns(table: RawTable, marks: readonly string[]): Promise<[number, number][]> {
  const measured: [number, number][] = [];
  const most = 500;
  for (let from = 0; from < table.columns.length; from += most) {
    const part = table.columns.slice(from, from + most).map((_, place) => {
      const at = from + place;
      return `count(*) FILTER (${isNothing(trimmed(at), marks)}), approx_count_distinct(c${at})`;
    });
    const cells = await table.database.first(`SELECT ${part.join(", ")} FROM raw`);
    for (let at = 0; at < cells.length; at += 2) measured.push([Number(cells[at]), Number(cells[at + 1])]);
  }
  return measured;
}

/** Every column with its type. Dates that can be read in two ways throw InputError; `dates` settles them by column. */
export async function readColumns(
  table: RawTable,
  marks: readonly string[],
  dates: Readonly<Record<string, string>>,
): Promise<ReadColumn[]> {
  const measured = await measureColumns(table, marks);
  const columns: ReadColumn[] = [];
  for (const [at, [missing, estimate]] of measured.entries()) {
    const sampled = estimate > mostCounted && table.rows > sampledCells;
    const every = sampled ? Math.floor(table.rows / sampledCells) : 1;
    const values = await countValues(table, at, marks, every);
    const filled = table.rows - missing;
    // Whether every value is different must not be an estimate.
    const isNear = sampled && estimate > 0.9 * filled;
    const distinct = !sampled
      ? values.length
      : isNear
        ? Number((await table.database.first(`SELECT count(DISTINCT c${at}) FROM raw`))[0])
        : estimate;
    const profile = { column: table.columns[at], at, rows: table.rows, missing, values, distinct };
    const choice = { decimal: table.found.decimal, date: dates[table.columns[at]] };
    const type = values.length > 0 ? findColumnType(profile, choice) : undefined;
    columns.push({ profile, sampled: sampled && !isNear, type, reason: whyUseless(profile, type) });
  }
  return columns;
}
