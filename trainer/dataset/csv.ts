// Reads CSV (RFC 4180: quotes, BOM, LF or CRLF) as a stream of records that carry the spec's columns.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError, type Parser, parse } from "csv-parse";
import { InputError } from "#core/api/problem.ts";
import { findNumber, isMissing } from "#core/dataset/cell.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { badNumber, columnNames, numberColumns, type RawRow, textReader } from "./raw-row.ts";

/** Longest record in bytes: a quote that is never closed must not swallow the memory of the machine. */
export const maxRecordBytes = 64 * 1024;

/** Columns that other tools leave behind: a row index without a name (R, pandas) and the id of an exported item. */
const ignoredColumns: ReadonlySet<string> = new Set(["", "Unnamed: 0", "id"]);

interface Located {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** Where each column of the spec stands in the header. Throws InputError naming what is missing, unknown or repeated. */
function placeColumns(spec: DatasetSpec, header: readonly string[], source: string): [string, number][] {
  const wanted = columnNames(spec);
  const lacking = wanted.filter((name) => !header.includes(name));
  const unknown = header.filter((name) => !wanted.includes(name) && !ignoredColumns.has(name));
  const repeated = wanted.filter((name) => header.indexOf(name) !== header.lastIndexOf(name));
  const faults = [
    lacking.length > 0 ? `missing ${lacking.join(", ")}` : "",
    unknown.length > 0
      ? `unknown ${unknown.map((name) => JSON.stringify(name.slice(0, 64))).join(", ")}`
      : "",
    repeated.length > 0 ? `repeated ${repeated.join(", ")}` : "",
  ].filter(Boolean);
  if (faults.length > 0) {
    throw new InputError(`${source}: wrong header: ${faults.join("; ")}; expected ${wanted.join(", ")}`);
  }
  return wanted.map((name) => [name, header.indexOf(name)]);
}

/** csv-parse names its faults by code; its messages carry the line. */
function explain(error: unknown, source: string): unknown {
  if (!(error instanceof CsvError)) return error;
  return new InputError(`${source}: not CSV: ${error.message.replace(/\s+/g, " ").slice(0, 300)}`);
}

/**
 * Records of a CSV stream in its order. The header names the columns, in any order; every column of the spec must be there,
 * an unnamed index column and `id` are ignored, any other is refused by name. Throws InputError with the source and line.
 */
export async function* readCsv(
  spec: DatasetSpec,
  chunks: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<RawRow> {
  const numbers = numberColumns(spec);
  const readText = textReader(spec);
  const parser: Parser = parse({
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
  });
  // The parser is consumed below; a fault of the source destroys it and surfaces there.
  const feeding = pipeline(Readable.from(chunks), parser).catch(() => {});
  let places: [string, number][] | undefined;
  let row = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<Located>) {
      if (!places) {
        places = placeColumns(spec, record, source);
        continue;
      }
      row++;
      const values: Record<string, number | string> = {};
      for (const [name, at] of places) {
        const cell = record[at];
        if (isMissing(cell)) continue;
        if (!numbers.has(name)) {
          values[name] = readText(() => `${source}: line ${info.lines} (row ${row})`, name, cell);
          continue;
        }
        const number = findNumber(cell);
        if (number === undefined) throw badNumber(`${source}: line ${info.lines} (row ${row})`, name, cell);
        values[name] = number;
      }
      yield { row, values };
    }
  } catch (error) {
    throw explain(error, source);
  } finally {
    parser.destroy();
    await feeding;
  }
  if (!places)
    throw new InputError(`${source}: empty; expected a header with ${columnNames(spec).join(", ")}`);
}
