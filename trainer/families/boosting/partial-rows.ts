// Rows with features hidden: trees that never saw a missing value would price a row without one by accident.
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, takeRows } from "#core/dataset/table.ts";
import type { Random } from "../../random.ts";

/** Of the rows that are seen once more, this share shows the required features alone; the others lack some optional ones. */
const barestShare = 0.5;

export interface PartialRows {
  readonly table: LabelledTable;
  /** Of every row of `table`: the row of the training table that it is, or shows less of. */
  readonly sources: Uint32Array;
}

/**
 * The rows of `train`, and a share of them once more with optional features hidden, as callers send them who know less.
 * Rows that lack values already come through as they are.
 */
export function addPartialRows(
  spec: DatasetSpec,
  train: LabelledTable,
  share: number,
  random: Random,
): PartialRows {
  const optional = spec.features.filter(({ required }) => !required).map(({ name }) => name);
  const own = Uint32Array.from({ length: train.rows }, (_, row) => row);
  if (share === 0 || optional.length === 0) return { table: train, sources: own };
  const again: number[] = [];
  for (let row = 0; row < train.rows; row++) if (random() < share) again.push(row);
  const sources = Uint32Array.from({ length: train.rows + again.length }, (_, at) =>
    at < train.rows ? at : again[at - train.rows],
  );
  const all = takeRows(train, sources);
  for (let at = train.rows; at < all.rows; at++) {
    const isBarest = random() < barestShare;
    for (const name of optional) {
      if (!isBarest && random() < 0.5) continue;
      const column = all.columns[name];
      column[at] = column instanceof Float32Array ? Number.NaN : -1;
    }
  }
  return { table: all, sources };
}
