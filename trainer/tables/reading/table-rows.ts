// The rows of any table as training reads them: its columns found by the spec's headers, its cells read by the spec's decisions.
import { InputError, quoted } from "#core/api/problem.ts";
import { hint } from "#core/dataset/did-you-mean.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { targetAsFeature } from "#core/dataset/target.ts";
import type { RawRow } from "../../dataset/raw-row.ts";
import { BadCell, type CellReader, cellReader } from "./cell-readers.ts";
import { openTable } from "./open-table.ts";
import type { RawTable } from "./raw-table.ts";

interface PlacedColumn {
  readonly name: string;
  readonly column: string;
  readonly read: CellReader;
}

function placeColumns(spec: DatasetSpec, table: RawTable): (PlacedColumn & { at: number })[] {
  const { features, source } = spec;
  const wanted = [...features, targetAsFeature(spec)].map((feature): PlacedColumn => {
    const column = feature.column ?? feature.name;
    return { name: feature.name, column, read: cellReader(source, column, feature) };
  });
  const lacking = wanted.filter(({ column }) => !table.columns.includes(column));
  if (lacking.length > 0) {
    const [{ column }] = lacking;
    const names = lacking.slice(0, 20).map((one) => quoted(one.column));
    throw new InputError(
      `${table.source}: missing the columns ${names.join(", ")}${hint(column, table.columns)}`,
    );
  }
  return wanted.map((one) => ({ ...one, at: table.columns.indexOf(one.column) }));
}

/** Records of `table` in its order. Throws InputError naming row, column, value and what is allowed. */
export async function* rowsOfTable(spec: DatasetSpec, table: RawTable): AsyncGenerator<RawRow> {
  const columns = placeColumns(spec, table);
  const select = columns.map(({ at }) => `c${at}`).join(", ");
  let row = 0;
  for await (const cells of table.database.stream(`SELECT ${select} FROM raw`)) {
    row++;
    const values: Record<string, number | string> = {};
    columns.forEach(({ name, column, read }, at) => {
      const text = cells[at] as string | null;
      try {
        const value = read(text);
        if (value !== undefined) values[name] = value;
      } catch (error) {
        if (!(error instanceof BadCell)) throw error;
        throw new InputError(
          `${table.source}: row ${row}: ${column}: expected ${error.allowed}; got ${quoted(text)}`,
        );
      }
    });
    yield { row, values };
  }
}

/** Records of the table at `location`, read as the spec's source says. */
export async function* readTableRows(
  spec: DatasetSpec,
  location: string,
  directory: string,
): AsyncGenerator<RawRow> {
  const table = await openTable(location, directory, spec.source);
  try {
    yield* rowsOfTable(spec, table);
  } finally {
    table.close();
  }
}
