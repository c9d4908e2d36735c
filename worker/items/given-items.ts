// The records of an imported file, NDJSON or CSV, each with the line it stands on. What one record breaks stays its own.
import { type FieldError, InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { CsvReader, type CsvRecord } from "#core/dataset/csv.ts";
import { type GivenRow, itemColumns, type ReadRecord, recordReader } from "#core/dataset/csv-rows.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { parseJson } from "../http/json.ts";
import { limits } from "../http/limits.ts";
import { readLines, readTexts } from "../http/lines.ts";

/** A record as it was given: a value to check, or why it is none. */
export type GivenItem = GivenRow & { readonly line: number };

type Chunks = AsyncIterable<Uint8Array>;

function parseLine(text: string): GivenRow {
  try {
    return { value: parseJson(text, "the line") };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const fault: FieldError = { pointer: "", detail: `expected one JSON object; ${error.message}` };
    return { errors: [fault] };
  }
}

async function* readNdjsonItems(chunks: Chunks): AsyncGenerator<GivenItem> {
  let line = 0;
  for await (const text of readLines(chunks, limits.importLineCharacters)) {
    line++;
    if (text.trim() !== "") yield { ...parseLine(text), line };
  }
}

async function* readCsvItems(chunks: Chunks, spec: DatasetSpec): AsyncGenerator<GivenItem> {
  const columns = itemColumns(spec);
  const reader = new CsvReader(limits.importLineCharacters);
  let read: ReadRecord | undefined;
  function* itemsOf(records: readonly CsvRecord[]): Generator<GivenItem> {
    for (const record of records) {
      if (read) yield { ...read(record), line: record.line };
      else read = recordReader(spec, record, columns, reader.separator);
    }
  }
  for await (const text of readTexts(chunks)) yield* itemsOf(reader.push(text));
  yield* itemsOf(reader.end());
  // A file without even a header has all of its columns missing.
  if (!read) recordReader(spec, { fields: [] }, columns);
}

export const importTypes = ["application/x-ndjson", "text/csv"] as const;

/** The records of a body. Throws a refusal or InputError for a body that is not of the type. */
export function readItems(
  type: (typeof importTypes)[number],
  chunks: Chunks,
  spec: DatasetSpec,
): AsyncGenerator<GivenItem> {
  return type === "text/csv" ? readCsvItems(chunks, spec) : readNdjsonItems(chunks);
}

/** Runs `check` over what was given; its faults, or its result. */
export function checkGiven<T>(
  given: GivenItem,
  check: (value: unknown) => T,
): { readonly item: T } | { readonly errors: readonly FieldError[] } {
  if ("errors" in given) return given;
  try {
    return { item: check(given.value) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { errors: error.errors };
  }
}
