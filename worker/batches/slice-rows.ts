// Rows of one slice of a file: as many whole rows as its bytes hold, and where the next slice begins.
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { CsvReader } from "#core/dataset/csv.ts";
import { type GivenRow, type ReadRecord, recordReader } from "#core/dataset/csv-rows.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { limits } from "../http/limits.ts";
import type { CarriedColumns } from "./carried.ts";
import { readNdjsonRows } from "./read-rows.ts";

export interface Slice {
  readonly bytes: Uint8Array;
  /** Whether the file ends here: its last row may then have no end of line. */
  readonly isLast: boolean;
  /** The header of a CSV, once the slice that begins with it is read. */
  readonly header: readonly string[] | undefined;
}

/** Reads a slice once; `consumed` and `header` are known when all groups are taken. */
export interface SliceRows {
  readonly groups: AsyncIterable<GivenRow[]>;
  readonly consumed: () => number;
  readonly header: () => readonly string[] | undefined;
}

const lineFeed = 0x0a;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A line feed is never part of another character in UTF-8: lines may be cut as bytes. */
export function readNdjsonSlice({ bytes, isLast }: Slice): SliceRows {
  const end = isLast ? bytes.length : bytes.lastIndexOf(lineFeed) + 1;
  if (end === 0) {
    const detail = `a line is longer than the ${limits.batchRowCharacters} characters that are read here`;
    throw new Refusal("too-large", detail);
  }
  const groups = readNdjsonRows(once(bytes.subarray(0, end)));
  return { groups, consumed: () => end, header: () => undefined };
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** Text of the slice without a character that is cut at its end. */
function decode(bytes: Uint8Array, isLast: boolean): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !isLast });
  } catch {
    throw new InputError("the source is not UTF-8");
  }
}

/** Only the reader knows which line feeds lie within quotes: what it leaves over belongs to the next slice. */
export function readCsvSlice(slice: Slice, spec: DatasetSpec, carried: CarriedColumns): SliceRows {
  const reader = new CsvReader(limits.batchRowCharacters, { cells: slice.header?.length });
  const text = decode(slice.bytes, slice.isLast);
  let header = slice.header;
  const readerOf = (fields: readonly string[]) =>
    recordReader(spec, { fields }, carried.columns(), reader.separator);
  let read: ReadRecord | undefined;
  function* rowsOf(records: ReturnType<CsvReader["push"]>): Generator<GivenRow> {
    for (const record of records) {
      if (header) {
        read ??= readerOf(header);
        yield read(record);
      } else {
        read = recordReader(spec, record, carried.columns(), reader.separator);
        header = record.fields;
      }
    }
  }
  async function* groups(): AsyncGenerator<GivenRow[]> {
    for (let at = 0; at < text.length; at += limits.batchRowCharacters)
      yield [...rowsOf(reader.push(text.slice(at, at + limits.batchRowCharacters)))];
    if (!slice.isLast) return;
    yield [...rowsOf(reader.end())];
    // Without even a header all columns are missing.
    if (!header) readerOf([]);
  }
  return {
    groups: groups(),
    consumed: () => (slice.isLast ? slice.bytes.length : bytesOf(text) - bytesOf(reader.rest)),
    header: () => header,
  };
}
