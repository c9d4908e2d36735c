// Reads delimited text: encoding and dialect are found on a sample, DuckDB reads the whole, irregular records are told by line.
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { InputError } from "#core/api/problem.ts";
import { type FoundDialect, findDialect } from "#core/dataset/dialect.ts";
import { type Encoding, findEncoding } from "#core/dataset/encoding.ts";
import { type Database, sqlText } from "./database.ts";
import { readStart } from "./local-file.ts";
import type { LoadedTable, Loader, LocalFile, Reading } from "./raw-table.ts";

const sampleBytes = 256 * 1024;
/** Longest record in bytes: a quote that is never closed must not swallow the memory of the machine. */
const maxRecordBytes = 2 * 1024 * 1024;
/** Beyond this the file is no table of this product's. */
const maxColumns = 5000;
const shownRagged = 5;

/** What files that are no text start with. */
const signatures: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0x25, 0x50, 0x44, 0x46], "a PDF document"],
  [[0xd0, 0xcf, 0x11, 0xe0], "an old Excel workbook (.xls); save it as .xlsx"],
  [[0x89, 0x50, 0x4e, 0x47], "a PNG picture"],
  [[0xff, 0xd8, 0xff], "a JPEG picture"],
  [[0x7f, 0x45, 0x4c, 0x46], "a program"],
];

function checkSignature(start: Uint8Array, source: string): void {
  const match = signatures.find(([bytes]) => bytes.every((byte, at) => start[at] === byte));
  if (match) throw new InputError(`${source}: expected a table; got ${match[1]}`);
  const text = new TextDecoder().decode(start.subarray(0, 200)).trimStart().toLowerCase();
  if (/^<(!doctype|html|\?xml)/.test(text))
    throw new InputError(`${source}: expected a table; got a web page or XML`);
}

/** The file as UTF-8 with LF: itself where it is that already, else a copy. */
async function asUtf8(
  file: LocalFile,
  encoding: Encoding,
  markBytes: number,
  hasLoneCr: boolean,
  folder: string,
): Promise<string> {
  if (encoding === "utf-8" && !hasLoneCr && markBytes === 0) return file.path;
  const target = join(folder, `utf-8-${encoding}`);
  const decoder = new TextDecoder(encoding);
  const turn = (text: string) => (hasLoneCr ? text.replace(/\r\n?/g, "\n") : text);
  const decode = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      done(null, turn(decoder.decode(chunk, { stream: true })));
    },
    flush(done) {
      done(null, turn(decoder.decode()));
    },
  });
  await pipeline(createReadStream(file.path, { start: markBytes }), decode, createWriteStream(target));
  return target;
}

/** Lines before the first record, as DuckDB counts them: lines of remarks are none. */
function linesToSkip(sample: string, { bodyLine, comment }: FoundDialect): number {
  const before = sample.split(/\r\n|\r|\n/, bodyLine - 1);
  return before.filter((line) => comment === undefined || !line.startsWith(comment)).length;
}

async function readInto(
  database: Database,
  path: string,
  dialect: FoundDialect,
  sample: string,
): Promise<void> {
  const width = dialect.columns.length;
  const options = [
    "auto_detect = false",
    "header = false",
    `delim = ${sqlText(dialect.separator)}`,
    `quote = ${sqlText(dialect.quote)}`,
    `escape = ${sqlText(dialect.quote)}`,
    `skip = ${linesToSkip(sample, dialect)}`,
    ...(dialect.comment ? [`comment = ${sqlText(dialect.comment)}`] : []),
    "store_rejects = true",
    "strict_mode = true",
    `max_line_size = ${maxRecordBytes}`,
    `columns = {${Array.from({ length: width }, (_, at) => `'c${at}': 'VARCHAR'`).join(", ")}}`,
  ];
  await database.run(`CREATE TABLE raw AS SELECT * FROM read_csv(${sqlText(path)}, ${options.join(", ")})`);
}

interface Rejects {
  readonly ragged: LoadedTable["ragged"];
  readonly isBadEncoding: boolean;
}

async function readRejects(database: Database, dialect: FoundDialect, source: string): Promise<Rejects> {
  const rejects = await database.rows(
    "SELECT line, any_value(error_type::VARCHAR), max(column_idx), any_value(csv_line) FROM reject_errors GROUP BY line ORDER BY line",
  );
  const ofType = (type: string) => rejects.filter(([, found]) => String(found).includes(type));
  const long = ofType("LINE SIZE")[0];
  if (long)
    throw new InputError(
      `${source}: line ${long[0]}: expected at most ${maxRecordBytes} bytes a record; is a quote never closed?`,
    );
  const quotes = ofType("QUOTE")[0];
  if (quotes)
    throw new InputError(
      `${source}: not CSV: line ${quotes[0]}: a quote is never closed, or text stands after it`,
    );
  const irregular = rejects.filter(([, type]) => /COLUMN/.test(String(type)));
  const first = irregular.slice(0, shownRagged).map(([line, type, at, text]) => ({
    line: Number(line),
    cells: String(type).includes("MANY") ? String(text).split(dialect.separator).length : Number(at),
  }));
  return {
    ragged: irregular.length > 0 ? { count: irregular.length, first } : undefined,
    isBadEncoding: ofType("ENCODING").length > 0 || ofType("UNICODE").length > 0,
  };
}

async function load(
  database: Database,
  file: LocalFile,
  reading: Reading,
  source: string,
): Promise<LoadedTable> {
  const sample = readStart(file.path, sampleBytes);
  const isCut = file.bytes > sample.length;
  checkSignature(sample, source);
  const detected = findEncoding(sample, !isCut);
  if (!detected)
    throw new InputError(`${source}: holds NUL bytes; expected text in UTF-8, UTF-16 or Latin-1`);
  const encoding = reading.encoding ?? detected.encoding;
  const markBytes = encoding === detected.encoding ? detected.markBytes : 0;
  const text = new TextDecoder(encoding).decode(sample.subarray(markBytes), { stream: isCut });
  const dialect = findDialect(text, isCut, reading);
  if (!dialect) {
    if (isCut)
      throw new InputError(
        `${source}: line 1: expected at most ${maxRecordBytes} bytes a record; got no end of line in ${sample.length}`,
      );
    throw new InputError(`${source}: the file is empty; expected a table with a header`);
  }
  if (dialect.columns.length > maxColumns) {
    throw new InputError(`${source}: expected at most ${maxColumns} columns; got ${dialect.columns.length}`);
  }
  const hasLoneCr = /\r(?!\n)/.test(text.slice(0, -1));
  try {
    await readInto(
      database,
      await asUtf8(file, encoding, markBytes, hasLoneCr, database.folder),
      dialect,
      text,
    );
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new InputError(`${source}: not CSV: ${reason.slice(0, 200)}`);
  }
  const { ragged, isBadEncoding } = await readRejects(database, dialect, source);
  if (isBadEncoding) {
    if (reading.encoding || encoding !== "utf-8")
      throw new InputError(`${source}: holds bytes that are not ${encoding}`);
    await database.run("DROP TABLE raw; DROP TABLE reject_errors; DROP TABLE reject_scans");
    return load(database, file, { ...reading, encoding: "windows-1252" }, source);
  }
  const { separator, quote, decimal, comment, skipLines, header } = dialect;
  return {
    header: dialect.columns,
    found: {
      encoding,
      separator,
      quote,
      decimal,
      ...(comment ? { comment } : {}),
      ...(skipLines > 0 ? { skipLines } : {}),
      header,
    },
    ragged,
  };
}

export const delimited: Loader = { load };
