// CSV (RFC 4180, or with another separator) read piece by piece and written cell by cell: quotes, CRLF or LF, a byte order mark, bounded records.
import { Refusal } from "../api/refusal.ts";

/** One record; `fault` says what is wrong with its quoting, which leaves `fields` as far as they could be told. */
export interface CsvRecord {
  readonly fields: readonly string[];
  /** The line of the text that the record starts on, from 1. */
  readonly line: number;
  readonly fault?: string;
}

interface Scanned {
  readonly record: Omit<CsvRecord, "line">;
  /** Where the next record starts. */
  readonly next: number;
}

const isBlank = (code: number) => code === 0x20 || code === 0x09;
const quote = 0x22;
const lineFeed = 0x0a;

/** Past the end of the line that `at` lies in; undefined where the line is not complete yet. */
function afterLine(text: string, at: number, isLast: boolean): number | undefined {
  const end = text.indexOf("\n", at);
  if (end >= 0) return end + 1;
  return isLast ? text.length : undefined;
}

/** Whether only an end of line, or nothing at all, stands at `at`; its length, or undefined. */
function lineEndAt(text: string, at: number): number | undefined {
  if (at >= text.length) return 0;
  if (text.charCodeAt(at) === lineFeed) return 1;
  return text.startsWith("\r\n", at) ? 2 : undefined;
}

/** The end of the field that is quoted from `at`, quotes of its own doubled; undefined where it is not closed. */
function closingQuote(text: string, at: number): number | undefined {
  for (let from = at + 1; ; ) {
    const end = text.indexOf('"', from);
    if (end < 0) return undefined;
    if (text.charCodeAt(end + 1) !== quote) return end;
    from = end + 2;
  }
}

/** A record that holds quotes, from `start`; undefined where more text must come first. */
function scanRecord(text: string, start: number, isLast: boolean, separator: string): Scanned | undefined {
  const mark = separator.charCodeAt(0);
  const fields: string[] = [];
  for (let at = start; ; ) {
    while (isBlank(text.charCodeAt(at)) && text.charCodeAt(at) !== mark) at++;
    if (text.charCodeAt(at) === quote) {
      const end = closingQuote(text, at);
      if (end === undefined && isLast)
        return { record: { fields, fault: "a quote is never closed" }, next: text.length };
      // What follows a quote decides whether it closes: a text that ends here may go on with another one.
      if (end === undefined || (!isLast && end + 2 >= text.length)) return undefined;
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
      while (isBlank(text.charCodeAt(at)) && text.charCodeAt(at) !== mark) at++;
    } else {
      const from = at;
      while (at < text.length && text.charCodeAt(at) !== mark && text.charCodeAt(at) !== lineFeed) at++;
      if (at >= text.length && !isLast) return undefined;
      fields.push(text.slice(from, at).trim());
    }
    if (text.charCodeAt(at) === mark) {
      at++;
      continue;
    }
    if (at + 1 >= text.length && !isLast) return undefined;
    const end = lineEndAt(text, at);
    if (end !== undefined) return { record: { fields }, next: at + end };
    const next = afterLine(text, at, isLast);
    return next === undefined
      ? undefined
      : { record: { fields, fault: "text stands after a closing quote" }, next };
  }
}

const separators = [",", ";", "\t", "|"];

/** How many cells `line` has where quotes hide separators. */
function countCells(line: string, separator: string): number {
  return line.replace(/"(?:[^"]|"")*"/g, "").split(separator).length;
}

/**
 * The separator of a text by its first line: the one that gives `cells` cells where that is known; or else the comma where it parts
 * anything, and otherwise the one that gives the most.
 */
function findSeparator(line: string, cells: number | undefined): string {
  const counts = separators.map((separator) => countCells(line, separator));
  const fitting = cells === undefined ? -1 : counts.indexOf(cells);
  if (fitting >= 0) return separators[fitting];
  return counts[0] > 1 ? separators[0] : separators[counts.indexOf(Math.max(...counts))];
}

export interface CsvReaderOptions {
  /** Found by the first line where it is left out: a comma, a semicolon, a tab or a vertical bar. */
  readonly separator?: string;
  /** How many cells a record has, where that is known before the text is read. */
  readonly cells?: number;
}

/** Takes text in pieces of any size and gives the records that are complete; empty lines are none. */
export class CsvReader {
  #rest = "";
  #isStart = true;
  #line = 1;
  #separator: string | undefined;

  private readonly maxCharacters: number;
  private readonly options: CsvReaderOptions;

  /** A record beyond `maxCharacters` is refused: a quote that is never closed must not swallow the memory. */
  constructor(maxCharacters: number, options: CsvReaderOptions = {}) {
    this.maxCharacters = maxCharacters;
    this.options = options;
    this.#separator = options.separator;
  }

  /** What parts the cells: known once a line has been read. */
  get separator(): string | undefined {
    return this.#separator;
  }

  /** What has been taken and is no complete record yet. */
  get rest(): string {
    return this.#rest;
  }

  push(text: string): CsvRecord[] {
    return this.#read(text, false);
  }

  /** The last record, which may have no end of line. */
  end(): CsvRecord[] {
    return this.#read("", true);
  }

  #read(piece: string, isLast: boolean): CsvRecord[] {
    let text = this.#rest + piece;
    if (this.#isStart && text !== "") {
      this.#isStart = false;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    const records: CsvRecord[] = [];
    let at = 0;
    while (at < text.length) {
      const next = afterLine(text, at, isLast);
      if (next === undefined) break;
      const line = text.slice(at, next);
      if (line.trim() !== "") this.#separator ??= findSeparator(line, this.options.cells);
      const separator = this.#separator ?? ",";
      const scanned = line.includes('"')
        ? scanRecord(text, at, isLast, separator)
        : plainRecord(line, next, separator);
      if (!scanned) break;
      this.#bound(scanned.next - at);
      const { fields, fault } = scanned.record;
      if (fault || fields.length > 1 || fields[0] !== "" || line.includes('"'))
        records.push({ ...scanned.record, line: this.#line });
      this.#line += scanned.next === next ? 1 : countLines(text, at, scanned.next);
      at = scanned.next;
    }
    this.#rest = text.slice(at);
    this.#bound(this.#rest.length);
    return records;
  }

  #bound(characters: number): void {
    if (characters <= this.maxCharacters) return;
    const detail = `a CSV record is longer than the ${this.maxCharacters} characters that are read here`;
    throw new Refusal("too-large", `${detail}; is a quote never closed?`);
  }
}

/** The ends of lines between two places. */
function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

function plainRecord(line: string, next: number, separator: string): Scanned {
  return { record: { fields: line.split(separator).map((field) => field.trim()) }, next };
}

/** A value as a CSV cell, quoted where it must be. */
export function csvCell(value: number | string | null | undefined): string {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
