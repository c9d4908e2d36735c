// The table with values in place of texts, made inside the database: numbers and dates as doubles, all else as trimmed text, gaps as NULL.
import { findNumber } from "#core/dataset/cell.ts";
import { numberPattern } from "#core/dataset/number-text.ts";
import type { ColumnType } from "../inferring/column-type.ts";
import { type Database, sqlText } from "../reading/database.ts";
import type { ReadColumn } from "./read-columns.ts";

type NumberType = ColumnType & { readonly type: "number" };

/** Upper and lower case in every mixture. */
function spellings(word: string): string[] {
  return [...word].reduce<string[]>(
    (known, letter) =>
      [...new Set([letter, letter.toUpperCase()])].flatMap((one) => known.map((start) => start + one)),
    [""],
  );
}

const usualMarks = ["", "na", "n/a", "nan", "null"].flatMap(spellings);

/** Whether a text says nothing. Listed in every spelling, since lower() of each cell is the dearest part of a report. */
export function isNothing(text: string, marks: readonly string[]): string {
  return `(${text} IS NULL OR ${text} IN (${[...usualMarks, ...marks].map(sqlText).join(", ")}))`;
}

/** Whether a cell begins or ends with white space; cheap, where trimming every cell is not. */
export function hasEdges(at: number): string {
  const marks = [" ", "\\t", "\\r", "\\n"];
  return marks.map((mark) => `starts_with(c${at}, E'${mark}') OR suffix(c${at}, E'${mark}')`).join(" OR ");
}

/** The text of a cell; trimmed where the column needs it. */
export function cellText(at: number, edges: boolean): string {
  return edges ? `trim(c${at}, E' \\t\\r\\n')` : `c${at}`;
}

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
