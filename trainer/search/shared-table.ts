// A table whose columns live in shared memory, so that every worker thread reads the same copy.
import type { LabelledTable } from "#core/dataset/table.ts";

type Column = Float32Array | Float64Array | Int16Array | Int32Array | Uint8Array;

/** A copy of `column` over a SharedArrayBuffer. */
export function shareColumn<C extends Column>(column: C): C {
  const Shared = column.constructor as new (memory: SharedArrayBuffer) => C;
  const shared = new Shared(new SharedArrayBuffer(column.byteLength));
  shared.set(column);
  return shared;
}

/** The same table over shared memory: posting it to a worker copies no rows. */
export function shareTable(table: LabelledTable): LabelledTable {
  return {
    rows: table.rows,
    columns: Object.fromEntries(
      Object.entries(table.columns).map(([name, column]) => [name, shareColumn(column)]),
    ),
    target: shareColumn(table.target),
    ...(table.weights ? { weights: shareColumn(table.weights) } : {}),
  };
}
