// Opens any table: finds out what a location is, reads it into the database, names its columns.
import { InputError } from "#core/api/problem.ts";
import type { SourceFormat } from "#core/dataset/source.ts";
import { Database } from "./database.ts";
import { delimited } from "./delimited.ts";
import { excel } from "./excel.ts";
import { json, ndjson } from "./json.ts";
import { localFile, readStart, shownLocation } from "./local-file.ts";
import { parquet } from "./parquet.ts";
import { type Loader, type RawTable, type Reading, uniqueNames } from "./raw-table.ts";
import { isServer, loadFromServer } from "./server.ts";
import { sqlite } from "./sqlite.ts";

const loaders: Readonly<Record<Exclude<SourceFormat, "postgres" | "mysql">, Loader>> = {
  csv: delimited,
  ndjson,
  json,
  parquet,
  excel,
  sqlite,
};

/** The format by the first bytes, and by the name where they do not tell. */
function findFormat(path: string, name: string): keyof typeof loaders {
  const start = readStart(path, 64);
  const text = new TextDecoder("latin1").decode(start);
  if (text.startsWith("PAR1")) return "parquet";
  if (text.startsWith("SQLite format 3\0")) return "sqlite";
  if (text.startsWith("PK")) return "excel";
  const body = text.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (body.startsWith("[") && /\.json$/i.test(name)) return "json";
  if (/\.(ndjson|jsonl)$/i.test(name)) return "ndjson";
  if (body.startsWith("{")) return /\.json$/i.test(name) ? "json" : "ndjson";
  return body.startsWith("[{") ? "json" : "csv";
}

/** What env:NAME stands for: a URL with credentials is kept in the environment, never in a spec. */
export function resolveLocation(location: string): string {
  const name = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(location)?.[1];
  if (name === undefined) return location;
  const value = process.env[name];
  if (!value) throw new InputError(`${location}: the environment variable ${name} is not set`);
  return value;
}

/** The location as a spec may keep it. Throws InputError for a URL with a password. */
export function keptLocation(location: string): string {
  if (/^[a-z]+:\/\/[^/@]*:[^/@]+@/i.test(location)) {
    throw new InputError(
      `${shownLocation(location)}: holds a password, which no spec keeps; set a variable, as HOUSES_URL, and give env:HOUSES_URL`,
    );
  }
  return location;
}

async function loadInto(
  database: Database,
  location: string,
  directory: string,
  reading: Reading,
  source: string,
) {
  if (isServer(location)) {
    const format: SourceFormat = /^mysql:/i.test(location) ? "mysql" : "postgres";
    return { ...(await loadFromServer(database, location, reading)), format };
  }
  const file = await localFile(location, directory, database.folder);
  const told = reading.format;
  const format =
    told === undefined || told === "postgres" || told === "mysql" ? findFormat(file.path, file.name) : told;
  return { ...(await loaders[format].load(database, file, reading, source)), format };
}

/** Reads the table at `location`, relative to `directory`. Throws InputError that names the source; the caller closes the table. */
export async function openTable(
  location: string,
  directory: string,
  reading: Reading = {},
): Promise<RawTable> {
  const resolved = resolveLocation(location);
  const source = location.startsWith("env:") ? location : shownLocation(resolved);
  const database = await Database.open();
  try {
    const loaded = await loadInto(database, resolved, directory, reading, source);
    const { names, remarks } = uniqueNames(loaded.header);
    const [rows] = await database.first("SELECT count(*) FROM raw");
    return {
      ...loaded,
      remarks: [...(loaded.remarks ?? []), ...remarks],
      database,
      source,
      columns: names,
      rows: Number(rows),
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}
