// Rows out of a body: JSON, CSV or NDJSON. What one row breaks stays its own; what breaks the whole is thrown.
import type { FieldError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { CsvReader } from "#core/dataset/csv.ts";
import { type GivenRow, type ReadRecord, recordReader } from "#core/dataset/csv-rows.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { checkStructure, parseJson } from "../http/json.ts";
import { limits } from "../http/limits.ts";
import { readLines, readTexts } from "../http/lines.ts";
import type { CarriedColumns } from "./carried.ts";
import { JsonRows } from "./json-rows.ts";

const notJson: FieldError = { pointer: "", detail: "expected one JSON object; the line is not JSON" };

/** Elements of {"rows": [...]}. The body is one document: an element that is not JSON makes all of it malformed. */
export async function* readJsonRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<GivenRow[]> {
  const rows = new JsonRows();
  let index = 0;
  for await (const text of readTexts(chunks)) {
    yield rows.push(text).map((element) => ({ value: parseJson(element, `row ${index++} of the body`) }));
  }
  rows.end();
}

function parseLine(line: string): GivenRow {
  try {
    checkStructure(line);
  } catch (error) {
    // A name given twice spoils its own row only; a nest too deep is meant to cost, and ends the batch.
    if (error instanceof Refusal && error.errors.length > 0) return { errors: error.errors };
    throw error;
  }
  try {
    return { value: JSON.parse(line) };
  } catch {
    return { errors: [notJson] };
  }
}

/** One JSON document a line; empty lines are none. */
export async function* readNdjsonRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<GivenRow[]> {
  let group: GivenRow[] = [];
  for await (const line of readLines(chunks, limits.batchRowCharacters)) {
    if (line.trim() === "") continue;
    group.push(parseLine(line));
    if (group.length < limits.batchBlockRows) continue;
    yield group;
    group = [];
  }
  yield group;
}

/** Records below a header that names the features, and what is carried beside them. */
export async function* readCsvRows(
  chunks: AsyncIterable<Uint8Array>,
  spec: DatasetSpec,
  carried: CarriedColumns,
): AsyncGenerator<GivenRow[]> {
  const reader = new CsvReader(limits.batchRowCharacters);
  let read: ReadRecord | undefined;
  function* rowsOf(records: ReturnType<CsvReader["push"]>): Generator<GivenRow> {
    for (const record of records) {
      if (read) yield read(record);
      else read = recordReader(spec, record, carried.columns(), reader.separator);
    }
  }
  for await (const text of readTexts(chunks)) yield [...rowsOf(reader.push(text))];
  yield [...rowsOf(reader.end())];
  // A body without even a header has all of its columns missing.
  if (!read) recordReader(spec, { fields: [] }, carried.columns());
}
