// The SQL of a cell as it was read: its text, and whether that says nothing.
import { sqlText } from "../reading/database.ts";

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
