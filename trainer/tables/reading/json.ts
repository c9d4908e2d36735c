// Reads JSON (an array of objects) and NDJSON (an object a line) with DuckDB; nested values become JSON texts.
import { InputError } from "#core/api/problem.ts";
import { type Database, sqlText } from "./database.ts";
import type { LoadedTable, Loader } from "./raw-table.ts";

const maxObjectBytes = 16 * 1024 * 1024;

/** Copies a table of typed columns into raw, every cell as a text; gives their names. */
export async function copyAsTexts(database: Database, from: string): Promise<string[]> {
  const columns = await database.rows(`DESCRIBE SELECT * FROM ${from}`);
  const name = (column: unknown) => `"${String(column).replaceAll('"', '""')}"`;
  const text = ([column, type]: readonly unknown[]) => {
    if (type === "JSON") return `json_extract_string(${name(column)}, '$')`;
    // Whole numbers stay whole, and others have the digits that tell them apart.
    return `CAST(${name(column)} AS VARCHAR)`;
  };
  await database.run(
    `CREATE TABLE raw AS SELECT ${columns.map((column, at) => `${text(column)} AS c${at}`).join(", ")} FROM ${from}`,
  );
  return columns.map(([column]) => String(column));
}

const loader = (format: "array" | "newline_delimited"): Loader => ({
  async load(database, { path }, _reading, source): Promise<LoadedTable> {
    const options = `format = '${format}', maximum_object_size = ${maxObjectBytes}, sample_size = 20000, map_inference_threshold = -1`;
    try {
      const header = await copyAsTexts(database, `read_json(${sqlText(path)}, ${options})`);
      return { header, found: {} };
    } catch (error) {
      const reason = (error as Error).message.replace(/^Invalid Input Error: /, "").split("\n")[0];
      throw new InputError(`${source}: not JSON: ${reason.replaceAll(path, source).slice(0, 200)}`);
    }
  },
});

export const json = loader("array");
export const ndjson = loader("newline_delimited");
