// The table with values in place of texts, made inside the database: numbers and dates as doubles, all else as trimmed text, gaps as NULL.
import { findNumber } from "#core/dataset/cell.ts";
import { numberPattern } from "#core/dataset/number-text.ts";
import type { ColumnType } from "../inferring/column-type.ts";
import { type Database, sqlText } from "../reading/database.ts";
import { isNothing } from "./cell-text.ts";
import type { ReadColumn } from "./read-columns.ts";

type NumberType = ColumnType & { readonly type: "number" };

/** A number written in a style, as numberPattern reads it. */
function styledNumber(text: string, { style }: NumberType): string {
  const part = (group: number) => `regexp_extract(${text}, ${sqlText(numberPattern(style))}, ${group})`;
  const digits = `regexp_replace(${part(4)}, '[^0-9${style.decimal}eE+-]', '', 'g')`;
  const size = `TRY_CAST(replace(${digits}, '${style.decimal}', '.') AS DOUBLE)`;
  return `CASE WHEN regexp_matches(${part(1)} || ${part(3)}, '[-−(]') THEN -${size} ELSE ${size} END`;
}

function typedValue({ type, profile }: ReadColumn, text: string): string {
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
    const { text, profile } = column;
    const own = column.type === undefined || column.type.type === "none" ? [] : column.type.marks;
    return `CASE WHEN ${isNothing(text, [...marks, ...own])} THEN NULL ELSE ${typedValue(column, text)} END AS v${profile.at}`;
  });
  await database.run(`CREATE TABLE typed AS SELECT ${values.join(", ")} FROM raw`);
}
