// Scores one candidate on training rows only: each fold is predicted by a model that never saw it.
import type { Metrics, Params } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { LabelledTable } from "#core/dataset/table.ts";
import { taskOf } from "#core/tasks/index.ts";
import type { Candidate, Family } from "../families/family.ts";
import { copiesOf, type FoldPredictions, type Folds, predictFold, rowsOf } from "./fold.ts";
import type { FoldPool } from "./fold-pool.ts";

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

/** Folds whose out-of-fold predictions calibrate intervals. */
export type CopiedFolds = Folds & Required<Pick<Folds, "copies">>;

/** A fold that takes so long is worth a thread, whose start takes a good part of a second. */
const worthThreadMs = 700;

export interface CrossValidationOptions {
  readonly seed: number;
  /** Given the folds done, in fractions. */
  readonly progress: (done: number) => void;
  /** Told the mean error over the folds so far after each one; rejects to give the candidate up. Folds then go one by one. */
  readonly report?: (standing: number) => Promise<void>;
  /** Takes the folds where the first one shows that it pays; made for the same rows, folds and seed. */
  readonly pool?: FoldPool;
}

/** Writes the predictions of some rows to their places among all. */
function putRows(all: Float64Array, rows: readonly number[], predicted: Float64Array, width: number): void {
  rows.forEach((row, at) => {
    all.set(predicted.subarray(at * width, (at + 1) * width), row * width);
  });
}

/** The folds with rows, each predicted when it is asked for, or all at once in the pool's threads. */
async function* predictFolds(
  spec: DatasetSpec,
  family: Family,
  { params }: Candidate<Params>,
  train: LabelledTable,
  folds: Folds,
  { seed, progress, pool }: CrossValidationOptions,
): AsyncGenerator<{ fold: number; predictions: FoldPredictions }> {
  const shares = new Float64Array(folds.count);
  const tell = (fold: number) => (share: number) => {
    shares[fold] = share;
    progress(shares.reduce((sum, one) => sum + one, 0));
  };
  const filled = Array.from(shares.keys()).filter((fold) => folds.assigned.includes(fold));
  const inline = (fold: number) =>
    predictFold({ spec, train, folds, seed }, family, params, fold, tell(fold));
  const pooled = new Map<number, Promise<FoldPredictions>>();
  const handOut = (rest: readonly number[]) => {
    for (const fold of rest) {
      const predictions = pool!.predict({ family: family.name, params, fold }, tell(fold));
      // The first that fails is told when its turn comes.
      predictions.catch(() => {});
      pooled.set(fold, predictions);
    }
  };
  if (pool?.isWarm) handOut(filled);
  for (const [at, fold] of filled.entries()) {
    const started = performance.now();
    const predictions = await (pooled.get(fold) ?? inline(fold));
    tell(fold)(1);
    if (at === 0 && pool && pooled.size === 0 && performance.now() - started > worthThreadMs)
      handOut(filled.slice(1));
    yield { fold, predictions };
  }
}

/**
 * Fits the candidate once a fold and measures all out-of-fold predictions together. Undefined where a prediction is not finite: such a
 * candidate does not suit these rows.
 */
export async function crossValidate(
  spec: DatasetSpec,
  family: Family,
  candidate: Candidate<Params>,
  train: LabelledTable,
  folds: Folds,
  options: CrossValidationOptions,
): Promise<Trial | undefined> {
  const started = performance.now();
  const task = taskOf(spec);
  const width = task.width(spec);
  const outOfFold = new Float64Array(train.rows * width);
  const outOfFoldCopies = new Float64Array((folds.copies?.rows.length ?? 0) * width);
  let errors = 0;
  let scored = 0;
  for await (const { fold, predictions } of predictFolds(spec, family, candidate, train, folds, options)) {
    const rows = rowsOf(folds, fold);
    putRows(outOfFold, rows, predictions.rows, width);
    putRows(outOfFoldCopies, copiesOf(folds, fold), predictions.copies, width);
    const actual = Float64Array.from(rows, (row) => train.target[row]);
    for (const error of task.errors(spec, actual, predictions.rows)) errors += error;
    scored += rows.length;
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
