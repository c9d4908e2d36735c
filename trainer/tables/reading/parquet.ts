// Reads Parquet with DuckDB.
import { InputError } from "#core/api/problem.ts";
import { sqlText } from "./database.ts";
import { copyAsTexts } from "./json.ts";
import type { LoadedTable, Loader } from "./raw-table.ts";

export const parquet: Loader = {
  async load(database, { path }, _reading, source): Promise<LoadedTable> {
    try {
      return { header: await copyAsTexts(database, `read_parquet(${sqlText(path)})`), found: {} };
    } catch (error) {
      const [reason] = (error as Error).message.split("\n");
      throw new InputError(`${source}: not Parquet: ${reason.replaceAll(path, source).slice(0, 200)}`);
    }
  },
};
