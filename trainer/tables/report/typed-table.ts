// The table with values in place of texts, made inside the database: numbers and dates as doubles, all else as trimmed text, gaps as NULL.
import { findNumber } from "#core/dataset/cell.ts";
import { numberPattern } from "#core/dataset/number-text.ts";
import type { ColumnType } from "../inferring/column-type.ts";
import { type Database, sqlText } from "../reading/database.ts";
import type { ReadColumn } from "./read-columns.ts";

type NumberType = ColumnType & { readonly type: "number" };

/** The trimmed text of a cell. */
export const trimmed = (at: number): string => `trim(c${at}, E' \\t\\r\\n')`;

/** Whether a trimmed text says nothing. */
export function isNothing(text: string, marks: readonly string[]): string {
  const listed = marks.length > 0 ? ` OR ${text} IN (${marks.map(sqlText).join(", ")})` : "";
  return `(${text} IS NULL OR lower(${text}) IN ('', 'na', 'n/a', 'nan', 'null')${listed})`;
}

/** A number written in a style, as numberPattern reads it. */
function styledNumber(text: string, { style }: NumberType): string {
  const part = (group: number) => `regexp_extract(${text}, ${sqlText(numberPattern(style))}, ${group})`;
  const digits = `regexp_replace(${part(4)}, '[^0-9${style.decimal}eE+-]', '', 'g')`;
  const size = `TRY_CAST(replace(${digits}, '${style.decimal}', '.') AS DOUBLE)`;
  return `CASE WHEN regexp_matches(${part(1)} || ${part(3)}, '[-−(]') THEN -${size} ELSE ${size} END`;
}

function valueOf({ type, profile }: ReadColumn, text: string): string {
  if (type?.type === "number") {
    const plain = `TRY_CAST(${text} AS DOUBLE)`;
    const isPlain = profile.values.every(
      ([value]) => findNumber(value) !== undefined || type.marks.includes(value),
    );
    const number = isPlain ? plain : styledNumber(text, type);
    return `CASE WHEN isfinite(${number}) THEN ${number} END`;
  }
  if (type?.type === "date" || type?.type === "datetime")
    return `epoch(coalesce(try_strptime(${text}, ${sqlText(type.format)}), TRY_CAST(${text} AS TIMESTAMP))) / 86400`;
  return text;
}

/** Whether the column's values are doubles in the typed table. */
export const isMeasured = ({ type }: ReadColumn): boolean =>
  type?.type === "number" || type?.type === "date" || type?.type === "datetime";

/** Makes the table typed with the columns v0, v1, ... in the order of raw. */
export async function makeTypedTable(
  database: Database,
  columns: readonly ReadColumn[],
  marks: readonly string[],
): Promise<void> {
  const values = columns.map((column) => {
    const { at } = column.profile;
    const text = trimmed(at);
    const own = column.type === undefined || column.type.type === "none" ? [] : column.type.marks;
    return `CASE WHEN ${isNothing(text, [...marks, ...own])} THEN NULL ELSE ${valueOf(column, text)} END AS v${at}`;
  });
  await database.run(`CREATE TABLE typed AS SELECT ${values.join(", ")} FROM raw`);
}
