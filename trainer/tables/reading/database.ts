// The one door to DuckDB: a database in memory that spills to a folder of its own, both gone when it closes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

export type Value = string | number | boolean | null;

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function plain(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return String(value);
}

export class Database {
  /** Where files may be unpacked to; removed on closing. */
  readonly folder: string;
  private readonly instance: DuckDBInstance;
  private readonly connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, folder: string) {
    this.instance = instance;
    this.connection = connection;
    this.folder = folder;
  }

  static async open(): Promise<Database> {
    const folder = mkdtempSync(join(tmpdir(), "appraise-tables-"));
    const instance = await DuckDBInstance.create(":memory:", {
      temp_directory: folder,
      // Nothing is loaded that was not installed with the package.
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    return new Database(instance, await instance.connect(), folder);
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** All rows of a query that has few. */
  async rows(sql: string): Promise<Value[][]> {
    const reader = await this.connection.runAndReadAll(sql);
    return reader.getRowsJS().map((row) => row.map(plain));
  }

  async first(sql: string): Promise<Value[]> {
    return (await this.rows(sql))[0];
  }

  /** Rows of a query of any size, in its order, a chunk at a time. */
  async *stream(sql: string): AsyncGenerator<Value[]> {
    const result = await this.connection.stream(sql);
    for await (const rows of result.yieldRowsJs()) for (const row of rows) yield row.map(plain);
  }

  /** Fills a new table of texts, `columns` wide, with rows as they come. */
  async fill(table: string, columns: number, rows: AsyncIterable<readonly (string | null)[]>): Promise<void> {
    await this.run(
      `CREATE TABLE ${table} (${Array.from({ length: columns }, (_, at) => `c${at} VARCHAR`).join(", ")})`,
    );
    const appender = await this.connection.createAppender(table);
    let held = 0;
    for await (const row of rows) {
      for (let at = 0; at < columns; at++) {
        const cell = row[at];
        if (cell === null || cell === undefined) appender.appendNull();
        else appender.appendVarchar(cell);
      }
      appender.endRow();
      if (++held % 10_000 === 0) appender.flushSync();
    }
    appender.flushSync();
    appender.closeSync();
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
