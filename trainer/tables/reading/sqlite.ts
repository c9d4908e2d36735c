// Reads a table or a query of an SQLite file with Node's own SQLite.
import { DatabaseSync } from "node:sqlite";
import { InputError, quoted } from "#core/api/problem.ts";
import { hint } from "#core/dataset/did-you-mean.ts";
import type { LoadedTable, Loader } from "./raw-table.ts";

const name = (text: string) => `"${text.replaceAll('"', '""')}"`;

function chooseTable(tables: readonly string[], wanted: string | undefined, source: string): string {
  if (wanted !== undefined && tables.includes(wanted)) return wanted;
  const shown = tables.slice(0, 20).join(", ").slice(0, 300) || "none";
  if (wanted !== undefined) {
    throw new InputError(
      `${source}: expected one of the tables ${shown}; got ${quoted(wanted)}${hint(wanted, tables)}`,
    );
  }
  if (tables.length !== 1)
    throw new InputError(`${source}: expected --table or --query; the tables are ${shown}`);
  return tables[0];
}

export const sqlite: Loader = {
  async load(database, { path }, { table, query }, source): Promise<LoadedTable> {
    let file: DatabaseSync | undefined;
    try {
      file = new DatabaseSync(path, { readOnly: true });
      const tables = file
        .prepare(
          "select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite_%' order by name",
        )
        .all()
        .map((row) => String(row.name));
      const chosen = query === undefined ? chooseTable(tables, table, source) : undefined;
      const select = file.prepare(query ?? `select * from ${name(chosen as string)}`);
      const header = select.columns().map((column) => column.name);
      select.setReturnArrays(true);
      const rows = select.iterate() as Iterable<unknown>;
      await database.fill(
        "raw",
        header.length,
        (async function* () {
          for (const row of rows)
            yield (row as unknown[]).map((cell) =>
              cell === null || cell instanceof Uint8Array ? null : String(cell),
            );
        })(),
      );
      return {
        header,
        found: {
          ...(chosen === undefined ? {} : { table: chosen }),
          ...(query === undefined ? {} : { query }),
        },
      };
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`${source}: cannot be read as SQLite: ${(error as Error).message.slice(0, 200)}`);
    } finally {
      file?.close();
    }
  },
};
