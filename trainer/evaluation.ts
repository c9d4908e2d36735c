// Prices from exported bytes, by the evaluator that the Worker and the browser run.
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Table } from "#core/dataset/table.ts";
import { feedsOfTable } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";

/** The price of every row, in the target's unit. Throws InputError for a model that needs other inputs than the spec's. */
export function priceTable(spec: DatasetSpec, onnx: Uint8Array, table: Table): Float64Array {
  return loadModel(onnx).predict(feedsOfTable(spec, table), table.rows);
}
