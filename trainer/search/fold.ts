// One fold of a cross-validation: fitted on the others, predicted by a model that never saw it.
import type { Params } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, takeRows } from "#core/dataset/table.ts";
import { taskOf } from "#core/tasks/index.ts";
import type { Family } from "../families/family.ts";
import type { PartialCopies } from "../intervals/partial-copies.ts";
import { seeded } from "../random.ts";

export interface Folds {
  readonly count: number;
  /** The fold of every training row. */
  readonly assigned: Uint8Array;
  /** Of training rows: predicted too, by the model of the fold that their row is in. */
  readonly copies?: PartialCopies;
}

/** What stays the same over all folds and candidates; over shared memory it goes to threads without a copy. */
export interface FoldSubject {
  readonly spec: DatasetSpec;
  readonly train: LabelledTable;
  readonly folds: Folds;
  readonly seed: number;
}

/** Settled predictions of rowsOf's rows and copiesOf's copies, Task.width numbers each. */
export interface FoldPredictions {
  readonly rows: Float64Array;
  readonly copies: Float64Array;
}

/** The training rows in `fold`. */
export function rowsOf({ assigned }: Folds, fold: number): number[] {
  return Array.from(assigned.keys()).filter((row) => assigned[row] === fold);
}

/** The copies of rows in `fold`. */
export function copiesOf({ assigned, copies }: Folds, fold: number): number[] {
  if (!copies) return [];
  return Array.from(copies.rows.keys()).filter((at) => assigned[copies.sources[at]] === fold);
}

/** Fits on every other fold. `progress` gets the share of the fit that is done. Rejects where the family refuses the rows. */
export async function predictFold(
  { spec, train, folds, seed }: FoldSubject,
  family: Family,
  params: Params,
  fold: number,
  progress: (share: number) => void,
): Promise<FoldPredictions> {
  const inside = Array.from(folds.assigned.keys()).filter((row) => folds.assigned[row] !== fold);
  const model = await family.fit(params, takeRows(train, inside), {
    spec,
    random: seeded(seed),
    progress: (done, total) => progress(done / total),
  });
  const task = taskOf(spec);
  const { copies } = folds;
  return {
    rows: task.settle(spec, model.predict(takeRows(train, rowsOf(folds, fold)))),
    copies: copies
      ? task.settle(spec, model.predict(takeRows(copies.table, copiesOf(folds, fold))))
      : new Float64Array(0),
  };
}
