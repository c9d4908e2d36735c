// Scores one candidate on training rows only: each fold is priced by a model that never saw it.
import type { Metrics, Params } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, takeRows } from "#core/dataset/table.ts";
import { taskOf } from "#core/tasks/index.ts";
import type { Candidate, Family } from "../families/family.ts";
import type { PartialCopies } from "../intervals/partial-copies.ts";
import { seeded } from "../random.ts";

export interface Trial {
  readonly name: string;
  readonly params: Params;
  readonly crossValidated: Metrics;
  /** Out-of-fold predictions, as many numbers a training row as the task has (Task.width). */
  readonly outOfFold: Float64Array;
  /** Those of the folds' partial copies; empty where there are none. */
  readonly outOfFoldCopies: Float64Array;
  readonly seconds: number;
}

export interface Folds {
  readonly count: number;
  /** The fold of every training row. */
  readonly assigned: Uint8Array;
  /** Of training rows: priced too, by the model of the fold that their row is in. */
  readonly copies?: PartialCopies;
}

/** Folds whose out-of-fold predictions calibrate intervals. */
export type CopiedFolds = Folds & Required<Pick<Folds, "copies">>;

/** Writes the predictions of some rows to their places among all. */
function putRows(all: Float64Array, rows: readonly number[], predicted: Float64Array, width: number): void {
  rows.forEach((row, at) => {
    all.set(predicted.subarray(at * width, (at + 1) * width), row * width);
  });
}

/**
 * Fits the candidate once a fold and measures all out-of-fold predictions together. `progress` gets the folds done, in fractions.
 * Undefined where a prediction is not finite: such a candidate suits these rows not at all.
 */
export async function crossValidate(
  spec: DatasetSpec,
  family: Family,
  candidate: Candidate<Params>,
  train: LabelledTable,
  folds: Folds,
  options: {
    seed: number;
    progress: (done: number) => void;
    /** Told the mean error over the folds so far after each one; rejects to give the candidate up. */
    report?: (standing: number) => Promise<void>;
  },
): Promise<Trial | undefined> {
  const started = performance.now();
  const task = taskOf(spec);
  const width = task.width(spec);
  const outOfFold = new Float64Array(train.rows * width);
  const { copies } = folds;
  const outOfFoldCopies = new Float64Array((copies?.rows.length ?? 0) * width);
  let errors = 0;
  let scored = 0;
  for (let fold = 0; fold < folds.count; fold++) {
    const inside: number[] = [];
    const outside: number[] = [];
    for (let i = 0; i < train.rows; i++) (folds.assigned[i] === fold ? outside : inside).push(i);
    if (outside.length === 0) continue;
    const model = await family.fit(candidate.params, takeRows(train, inside), {
      spec,
      random: seeded(options.seed),
      progress: (done, total) => options.progress(fold + done / total),
    });
    const held = takeRows(train, outside);
    const predicted = task.settle(spec, model.predict(held));
    putRows(outOfFold, outside, predicted, width);
    for (const error of task.errors(spec, held.target, predicted)) errors += error;
    if (copies) {
      const own = Array.from(copies.rows.keys()).filter((at) => folds.assigned[copies.sources[at]] === fold);
      const answers = task.settle(spec, model.predict(takeRows(copies.table, own)));
      putRows(outOfFoldCopies, own, answers, width);
    }
    scored += outside.length;
    options.progress(fold + 1);
    if (!Number.isFinite(errors)) return undefined;
    await options.report?.(errors / scored);
  }
  if (!outOfFold.every(Number.isFinite) || !outOfFoldCopies.every(Number.isFinite)) return undefined;
  const seconds = (performance.now() - started) / 1000;
  return {
    name: candidate.name,
    params: candidate.params,
    crossValidated: task.measure(spec, train.target, outOfFold),
    outOfFold,
    outOfFoldCopies,
    seconds,
  };
}
