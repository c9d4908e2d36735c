// Reads a sheet of an Excel workbook (.xlsx), or a range of its cells.
import { createRequire } from "node:module";
import type readWorkbook from "read-excel-file/node";
import { InputError } from "#core/api/problem.ts";
import type { LoadedTable, Loader } from "./raw-table.ts";

/** A workbook is read whole into memory. */
const maxBytes = 200 * 1024 * 1024;

// Loaded when a workbook is read, not with every command.
const load = createRequire(import.meta.url);

type Cell = string | number | boolean | Date | null;

function toText(cell: Cell | undefined): string | null {
  if (cell === null || cell === undefined) return null;
  if (cell instanceof Date) {
    const iso = cell.toISOString();
    return iso.endsWith("T00:00:00.000Z") ? iso.slice(0, 10) : iso.slice(0, 19).replace("T", " ");
  }
  return String(cell).trim();
}

function columnNumber(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function cut(data: readonly (readonly Cell[])[], range: string | undefined): readonly (readonly Cell[])[] {
  if (range === undefined) return data;
  const [, left, top, right, bottom] = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(range)!;
  return data
    .slice(Number(top) - 1, Number(bottom))
    .map((row) => row.slice(columnNumber(left), columnNumber(right) + 1));
}

/** Rows of the table: titles above it, which fill fewer cells than its header, are left out. */
function tableRows(rows: readonly (readonly (string | null)[])[]): readonly (readonly (string | null)[])[] {
  const filled = (row: readonly (string | null)[]) =>
    row.filter((cell) => cell !== null && cell !== "").length;
  const widest = rows.slice(0, 50).reduce((most, row) => Math.max(most, filled(row)), 0);
  const start = rows.findIndex((row) => filled(row) > widest / 2);
  return rows.slice(Math.max(0, start)).filter((row) => filled(row) > 0);
}

export const excel: Loader = {
  async load(database, { path, bytes }, { sheet, range }, source): Promise<LoadedTable> {
    if (bytes > maxBytes)
      throw new InputError(`${source}: expected a workbook of at most ${maxBytes} bytes; got ${bytes}`);
    const { default: read } = load("read-excel-file/node") as { default: typeof readWorkbook };
    let sheets: { sheet: string; data: (readonly Cell[])[] }[];
    try {
      sheets = (await read(path)) as unknown as typeof sheets;
    } catch (error) {
      throw new InputError(`${source}: not an Excel workbook: ${(error as Error).message.slice(0, 200)}`);
    }
    const names = sheets.map((one) => one.sheet);
    const chosen =
      sheet === undefined
        ? sheets.find(({ data }) => data.length > 0)
        : sheets.find((one) => one.sheet === sheet);
    if (!chosen) {
      const shown = names.slice(0, 20).join(", ").slice(0, 300);
      throw new InputError(
        sheet === undefined
          ? `${source}: all sheets are empty`
          : `${source}: expected one of the sheets ${shown}; got ${JSON.stringify(sheet.slice(0, 60))}`,
      );
    }
    const [header, ...rows] = tableRows(cut(chosen.data, range).map((row) => row.map(toText)));
    if (!header)
      throw new InputError(`${source}: sheet ${chosen.sheet}: no cells${range ? ` in ${range}` : ""}`);
    const width = rows.reduce((most, row) => Math.max(most, row.length), header.length);
    await database.fill(
      "raw",
      width,
      (async function* () {
        yield* rows;
      })(),
    );
    return {
      header: Array.from({ length: width }, (_, at) => header[at] ?? ""),
      found: { sheet: chosen.sheet, ...(range ? { range } : {}) },
      remarks: names.length > 1 ? [`sheet ${chosen.sheet} of ${names.join(", ").slice(0, 200)} is read`] : [],
    };
  },
};
