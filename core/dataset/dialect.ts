// The dialect of a delimited text, chosen from a sample of it: separator, quote, decimal mark, comments, what stands before the header.
import { isMissing } from "./cell.ts";
import { type DelimitedRecord, splitDelimited } from "./delimited.ts";
import { findNumberStyle, plainStyle, readNumberText } from "./number-text.ts";

export interface Dialect {
  readonly separator: string;
  /** The character around cells that hold a separator; "" where there is none. */
  readonly quote: string;
  /** The decimal mark that the file's numbers agree on; a column may still differ. */
  readonly decimal: "." | ",";
  /** Lines that start with it are no records. */
  readonly comment?: string;
  /** Lines before the header, or before the first record where there is none. */
  readonly skipLines: number;
  readonly header: boolean;
}

export interface FoundDialect extends Dialect {
  /** The names in the header as they stand; column_1, column_2 ... where there is none. */
  readonly columns: readonly string[];
  /** The line after the header, from 1: where the first record starts. */
  readonly bodyLine: number;
}

/** What a person or a spec has settled; the rest is found. */
export type DialectChoice = Partial<Dialect>;

const separators = [",", ";", "\t", "|", "~", "^", ":"];
const quotes = ['"', "'"];
const shownRecords = 2000;

interface Candidate {
  readonly separator: string;
  readonly quote: string;
  readonly records: readonly DelimitedRecord[];
  /** How many cells most records have. */
  readonly width: number;
  readonly score: number;
}

/** The count of cells that most records have; of equally frequent ones the larger. */
function usualWidth(records: readonly DelimitedRecord[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}

const known =
  /^([+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(:\d{2})?|\S+@\S+\.\S+|https?:\/\/\S+)$/;

/** How much a cell looks like one value rather than several, or a part of one: after the type score of van den Burg et al. (2019). */
function cellScore(cell: string, separator: string): number {
  if (isMissing(cell) || known.test(cell)) return 1;
  if (separators.some((other) => other !== separator && other !== ":" && cell.includes(other))) return 0.4;
  if (/^["']|["']$/.test(cell)) return 0.2;
  return cell.length <= 100 ? 0.9 : 0.7;
}

function judge(text: string, separator: string, quote: string, isCut: boolean): Candidate {
  const records = splitDelimited(text, { separator, quote }, isCut).slice(0, shownRecords);
  const width = usualWidth(records);
  const regular = records.filter(({ cells, isBroken }) => cells.length === width && !isBroken);
  let [sum, cells] = [0, 0];
  for (const record of regular.slice(0, 300)) {
    for (const cell of record.cells) {
      sum += cellScore(cell, separator);
      cells++;
    }
  }
  const regularity = records.length === 0 ? 0 : regular.length / records.length;
  const gain = width > 1 ? 1 - 0.6 / width : 0.25;
  const rarity = [":", "^", "~"].includes(separator) ? 0.9 : 1;
  return {
    separator,
    quote,
    records,
    width,
    score: regularity ** 2 * gain * rarity * (cells > 0 ? sum / cells : 0),
  };
}

/** The mark that starts whole lines of remarks: there are some, and the other lines do not start with it. */
function findComment(text: string): string | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const marked = lines.filter((line) => line.startsWith("#")).length;
  if (marked === 0 || marked === lines.length) return undefined;
  // A single marked first line with as many cells as the next is a header that is marked, as scientific tools write it.
  if (marked === 1 && lines[0].startsWith("#")) {
    const count = (line: string) => separators.map((separator) => line.split(separator).length - 1);
    const [first, second] = [count(lines[0]), count(lines[1] ?? "")];
    if (first.some((cells, at) => cells > 0 && cells === second[at])) return undefined;
  }
  return "#";
}

const withoutComments = (text: string, comment: string | undefined) =>
  comment
    ? text
        .split("\n")
        .map((line) => (line.startsWith(comment) ? "" : line))
        .join("\n")
    : text;

const isNumeric = (cell: string) =>
  readNumberText(cell, plainStyle) !== undefined || readNumberText(cell, { decimal: "," }) !== undefined;

/** Whether the first record names columns: no cell of it is a number or a date under which such stand. */
function isHeader(first: readonly string[], body: readonly DelimitedRecord[]): boolean {
  if (body.length === 0) return first.some((cell) => cell !== "" && !isNumeric(cell)) || first.length === 0;
  const alike = first.filter((cell, at) => {
    if (cell === "" || !known.test(cell)) return false;
    const below = body.map(({ cells }) => cells[at] ?? "").filter((text) => !isMissing(text));
    return below.length > 0 && below.filter((text) => known.test(text)).length > 0.8 * below.length;
  });
  if (alike.length === 0) return true;
  // Years as names of columns: such names are all different and stand beside texts.
  const texts = first.filter((cell) => cell !== "" && !known.test(cell));
  const years = alike.filter((cell) => /^(19|20)\d\d$/.test(cell));
  return (
    years.length === alike.length &&
    texts.length > 0 &&
    new Set(first).size === first.length &&
    alike.length > 1
  );
}

/** The decimal mark that the numbers of the body agree on, where any has one. */
function findDecimal(body: readonly DelimitedRecord[], width: number, separator: string): "." | "," {
  if (separator === "," && !body.some(({ cells }) => cells.some((cell) => cell.includes(",")))) return ".";
  let [commas, points] = [0, 0];
  for (let at = 0; at < width; at++) {
    const cells = body.map((record) => record.cells[at] ?? "").filter((cell) => !isMissing(cell));
    const found = findNumberStyle(cells);
    if (!found || found.matches < 0.8 * cells.length) continue;
    const uses = cells.some((cell) => cell.includes(found.style.decimal));
    if (found.style.decimal === "," && uses) commas++;
    else if (uses) points++;
  }
  return commas > points ? "," : ".";
}

/**
 * The dialect of a text that starts with `sample`; `isCut` says that more follows. What `choice` settles is taken as it is.
 * Undefined where the sample holds no record.
 */
export function findDialect(
  sample: string,
  isCut: boolean,
  choice: DialectChoice = {},
): FoundDialect | undefined {
  const comment = choice.comment ?? findComment(sample);
  const text = withoutComments(sample.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n"), comment);
  const body = choice.skipLines ? text.split("\n").slice(choice.skipLines).join("\n") : text;
  const candidates = (choice.separator === undefined ? separators : [choice.separator]).flatMap((separator) =>
    (choice.quote === undefined ? quotes : [choice.quote]).map((quote) =>
      judge(body, separator, quote, isCut),
    ),
  );
  const best = candidates.reduce((a, b) => (b.score > a.score + 1e-9 ? b : a));
  if (best.records.length === 0) return undefined;
  const opens = (quote: string) =>
    body
      .split("\n")
      .some((line) => line.split(best.separator).some((cell) => cell.trimStart().startsWith(quote)));
  // Titles and remarks above the table have fewer cells than its records.
  const start = best.width > 1 ? best.records.findIndex(({ cells }) => cells.length === best.width) : 0;
  const records = best.records.slice(start);
  const [first, ...rest] = records;
  const header = choice.header ?? isHeader(first.cells, rest.slice(0, 200));
  const shift = choice.skipLines ?? 0;
  const bodyStart = header ? rest[0]?.line : first.line;
  const lines = body.split("\n").length + 1;
  return {
    separator: best.separator,
    // Inches and apostrophes inside cells are no quotes.
    quote: choice.quote ?? (opens(best.quote) ? best.quote : body.includes('"') ? "" : '"'),
    decimal: choice.decimal ?? findDecimal(header ? rest : records, best.width, best.separator),
    ...(comment ? { comment } : {}),
    skipLines: shift + first.line - 1,
    header,
    columns: header ? first.cells : first.cells.map((_, at) => `column_${at + 1}`),
    bodyLine: shift + (bodyStart ?? lines),
  };
}
