// Rows worth a look: values far from the others of their column, and rows that repeat an earlier one.
import type { DataReport, ReportColumn } from "#core/api/data-report.ts";
import type { Database } from "../reading/database.ts";
import type { ReadColumn } from "./read-columns.ts";

const examplesOfColumn = 3;
const mostColumns = 40;
const shownRows = 60;
const shownCells = 12;
const shownGroups = 5;

/** Tukey's outer fences, on logarithms where the column is drawn on them; undefined where half of the values are alike. */
function fences({ number }: ReportColumn): [low: number, high: number] | undefined {
  if (!number) return undefined;
  const isLog = number.histogram.scale === "log";
  const [lower, upper] = [number.quantiles[1], number.quantiles[3]].map((value) =>
    isLog ? Math.log(value) : value,
  );
  const reach = 3 * (upper - lower);
  if (!(reach > 0)) return undefined;
  return isLog ? [Math.exp(lower - reach), Math.exp(upper + reach)] : [lower - reach, upper + reach];
}

/** Values beyond the fences, the columns with the furthest first. */
export async function findOutliers(
  database: Database,
  columns: readonly ReadColumn[],
  described: readonly ReportColumn[],
): Promise<DataReport["outliers"]> {
  const found: (DataReport["outliers"][number] & { far: number })[] = [];
  for (const [place, { profile, type }] of columns.entries()) {
    const column = described[place];
    const limits = type?.type === "number" && column.role !== "left out" ? fences(column) : undefined;
    if (!limits || !column.number) continue;
    const [low, high] = limits;
    const { minimum, maximum, quantiles } = column.number;
    if (minimum >= low && maximum <= high) continue;
    const value = `v${profile.at}`;
    const distance = `greatest(${low} - ${value}, ${value} - ${high})`;
    const examples = await database.rows(
      `SELECT rowid + 1, ${value}, count(*) OVER () FROM typed WHERE ${value} < ${low} OR ${value} > ${high} ORDER BY ${distance} DESC, rowid LIMIT ${examplesOfColumn}`,
    );
    const spread = quantiles[3] - quantiles[1];
    const far = Math.max(low - minimum, maximum - high) / spread;
    found.push({
      ...{ column: column.name, low, high, far },
      rows: Number(examples[0]?.[2] ?? 0),
      examples: examples.map(([row, own]) => ({ row: Number(row), value: Number(own) })),
    });
  }
  return found
    .sort((a, b) => b.far - a.far)
    .slice(0, mostColumns)
    .map(({ far: _, ...rest }) => rest);
}

/** Rows that are the same in every column, as they are written. */
export async function findDuplicates(database: Database, columns: number): Promise<DataReport["duplicates"]> {
  const cells = Array.from({ length: columns }, (_, at) => `c${at}`).join(", ");
  await database.run(`CREATE TABLE prints AS SELECT hash(${cells}) AS print FROM raw`);
  const [total, different] = (await database.first("SELECT count(*), count(DISTINCT print) FROM prints")).map(
    Number,
  );
  const groups =
    total === different
      ? []
      : await database.rows(
          `SELECT g.times, array_to_string(list_slice(list(p.rowid + 1 ORDER BY p.rowid), 1, 5), ',') FROM (SELECT print, count(*) AS times, min(rowid) AS first
           FROM prints GROUP BY print HAVING count(*) > 1 ORDER BY times DESC, first LIMIT ${shownGroups}) AS g
           JOIN prints AS p USING (print) GROUP BY g.print, g.times, g.first ORDER BY g.times DESC, g.first`,
        );
  return {
    rows: total - different,
    examples: groups.map(([times, rows]) => ({
      times: Number(times),
      rows: String(rows).split(",").map(Number),
    })),
  };
}

/** The cells of the rows that are shown, in the columns that matter most. */
export async function showRows(
  database: Database,
  columns: readonly ReadColumn[],
  order: readonly number[],
  wanted: readonly number[],
): Promise<Pick<DataReport, "shown" | "shownRows">> {
  const shown = order.slice(0, shownCells);
  const rows = [...new Set(wanted)].slice(0, shownRows).sort((a, b) => a - b);
  const cells =
    rows.length === 0
      ? []
      : await database.rows(
          `SELECT rowid + 1, ${shown.map((place) => `c${columns[place].profile.at}`).join(", ")} FROM raw WHERE rowid IN (${rows.map((row) => row - 1).join(", ")}) ORDER BY rowid`,
        );
  return {
    shown: shown.map((place) => columns[place].profile.column.slice(0, 200)),
    shownRows: cells.map(([row, ...texts]) => ({
      row: Number(row),
      cells: texts.map((text) => (text === null ? null : String(text).slice(0, 60))),
    })),
  };
}
