// Reads a table or a query of a Postgres or MySQL server; user and password come from the URL's variable or the driver's own environment.
import { createRequire } from "node:module";
import type { Connection as CallbackConnection } from "mysql2";
import type mysqlDriver from "mysql2/promise";
import type postgresDriver from "postgres";
import { InputError } from "#core/api/problem.ts";
import type { Database } from "./database.ts";
import { shownLocation } from "./local-file.ts";
import type { LoadedTable, Reading } from "./raw-table.ts";

// Loaded when a server is read, not with every command.
const load = createRequire(import.meta.url);
const batchRows = 5000;
const connectSeconds = 15;

type Cells = readonly unknown[];

interface Answer {
  readonly header: readonly string[];
  readonly batches: AsyncIterable<readonly Cells[]>;
  close(): Promise<void>;
}

function toText(cell: unknown): string | null {
  if (cell === null || cell === undefined) return null;
  if (cell instanceof Date)
    return cell
      .toISOString()
      .replace(/T00:00:00\.000Z$/, "")
      .replace(/\.\d+Z$/, "");
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

async function askPostgres(url: string, sql: string): Promise<Answer> {
  const postgres = load("postgres") as typeof postgresDriver;
  const client = postgres(url, { max: 1, connect_timeout: connectSeconds, onnotice: () => {} });
  const close = () => client.end({ timeout: 5 });
  try {
    const { columns } = await client.unsafe(sql).describe();
    const header = columns.map((column) => column.name);
    const cursor = client.unsafe(sql).values().cursor(batchRows);
    return { header, batches: cursor as unknown as AsyncIterable<readonly Cells[]>, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function askMysql(url: string, sql: string): Promise<Answer> {
  const mysql = load("mysql2/promise") as typeof mysqlDriver;
  const client = await mysql.createConnection({
    uri: url,
    connectTimeout: connectSeconds * 1000,
    rowsAsArray: true,
    dateStrings: true,
  });
  const close = () => client.end();
  try {
    const [, fields] = await client.query(`select * from (${sql}) as asked limit 0`);
    const stream = (client as unknown as { connection: CallbackConnection }).connection
      .query({ sql, rowsAsArray: true })
      .stream();
    const batches = (async function* () {
      for await (const row of stream) yield [row as Cells];
    })();
    return { header: fields.map((field) => field.name), batches, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Names as one server quotes them: schema.table in double quotes, or in backticks for MySQL. */
function selectOf(table: string, mark: string): string {
  const quote = (part: string) => `${mark}${part.replaceAll(mark, mark + mark)}${mark}`;
  return `select * from ${table.split(".").map(quote).join(".")}`;
}

export const isServer = (location: string): boolean => /^(postgres(ql)?|mysql):\/\//i.test(location);

/** Fills raw from `url`. Throws InputError that names the server without its credentials. */
export async function loadFromServer(
  database: Database,
  url: string,
  { table, query }: Reading,
): Promise<LoadedTable> {
  const source = shownLocation(url);
  const isMysql = /^mysql:/i.test(url);
  if (table === undefined && query === undefined)
    throw new InputError(`${source}: expected --table or --query`);
  const sql = query ?? selectOf(table as string, isMysql ? "`" : '"');
  let answer: Answer | undefined;
  try {
    answer = await (isMysql ? askMysql(url, sql) : askPostgres(url, sql));
    const { header, batches } = answer;
    await database.fill(
      "raw",
      header.length,
      (async function* () {
        for await (const batch of batches) for (const row of batch) yield row.map(toText);
      })(),
    );
    return { header, found: query === undefined ? { table } : { query } };
  } catch (error) {
    if (error instanceof InputError) throw error;
    const told = (error as Error).message || String((error as NodeJS.ErrnoException).code);
    throw new InputError(`${source}: cannot be read: ${told.replaceAll(url, source).slice(0, 200)}`);
  } finally {
    await answer?.close();
  }
}
