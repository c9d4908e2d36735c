// What each column of a table is, fast enough for a million rows: columns with few values are counted whole, others judged on a sample.
import type { ColumnProfile } from "../inferring/column-profile.ts";
import { type ColumnType, findColumnType } from "../inferring/column-type.ts";
import { whyUseless } from "../inferring/left-out.ts";
import type { RawTable } from "../reading/raw-table.ts";
import { cellText, hasEdges, isNothing } from "./cell-text.ts";

/** Above this many different values a column is judged on a sample of its cells. */
const mostCounted = 10_000;
const sampledCells = 15_000;

export interface ReadColumn {
  readonly profile: ColumnProfile;
  /** The SQL of a cell's text, trimmed. */
  readonly text: string;
  /** Whether distinct is an estimate, and the values are those of a sample. */
  readonly sampled: boolean;
  /** Undefined where every value is missing. */
  readonly type: ColumnType | undefined;
  /** Why no model should see it, by what it holds alone. */
  readonly reason: string | undefined;
}

async function countValues(
  table: RawTable,
  text: string,
  marks: readonly string[],
  every: number,
): Promise<(readonly [string, number])[]> {
  const sample = every > 1 ? ` AND rowid % ${every} = 0` : "";
  const found = await table.database.rows(
    `SELECT ${text} AS v, count(*) AS n FROM raw WHERE NOT ${isNothing(text, marks)}${sample} GROUP BY v ORDER BY n DESC, v`,
  );
  return found.map(([value, count]) => [String(value), Number(count)] as const);
}

interface Measured {
  readonly missing: number;
  readonly estimate: number;
  readonly text: string;
}

/** Missing cells and estimated different texts of every column, a few hundred columns a scan. */
async function measureColumns(table: RawTable, marks: readonly string[]): Promise<Measured[]> {
  const measured: Measured[] = [];
  const most = 300;
  for (let from = 0; from < table.columns.length; from += most) {
    const places = table.columns.slice(from, from + most).map((_, place) => from + place);
    const edges = await table.database.first(
      `SELECT ${places.map((at) => `coalesce(bool_or(${hasEdges(at)}), false)`).join(", ")} FROM raw`,
    );
    const texts = places.map((at, place) => cellText(at, edges[place] === true));
    const cells = await table.database.first(
      `SELECT ${places.map((at, place) => `count(*) FILTER (${isNothing(texts[place], marks)}), approx_count_distinct(c${at})`).join(", ")} FROM raw`,
    );
    for (const [place, text] of texts.entries())
      measured.push({ missing: Number(cells[2 * place]), estimate: Number(cells[2 * place + 1]), text });
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
  for (const [at, { missing, estimate, text }] of measured.entries()) {
    const sampled = estimate > mostCounted && table.rows > sampledCells;
    const every = sampled ? Math.floor(table.rows / sampledCells) : 1;
    const values = await countValues(table, text, marks, every);
    const filled = table.rows - missing;
    // Whether every whole number is different, as ids are, must not be an estimate.
    const isNear =
      sampled && estimate > 0.9 * filled && values.every(([value]) => /^[+-]?\d+(\.0*)?$/.test(value));
    const distinct = !sampled
      ? values.length
      : isNear
        ? Number((await table.database.first(`SELECT count(DISTINCT c${at}) FROM raw`))[0])
        : estimate;
    const profile = { column: table.columns[at], at, rows: table.rows, missing, values, distinct };
    const choice = { decimal: table.found.decimal, date: dates[table.columns[at]] };
    const type = values.length > 0 ? findColumnType(profile, choice) : undefined;
    columns.push({ profile, text, sampled: sampled && !isNear, type, reason: whyUseless(profile, type) });
  }
  return columns;
}
