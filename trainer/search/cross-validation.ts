// Scores one candidate on training rows only: each fold is priced by a model that never saw it.
import type { Metrics, Params } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, takeRows } from "#core/dataset/table.ts";
import type { Candidate, Family } from "../families/family.ts";
import type { PartialCopies } from "../intervals/partial-copies.ts";
import { measure } from "../metrics.ts";
import { clampPrediction } from "../onnx/export.ts";
import { seeded } from "../random.ts";

export interface Trial {
  readonly name: string;
  readonly params: Params;
  readonly crossValidated: Metrics;
  /** Out-of-fold predictions in the target's unit, one a training row. */
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
    /** Told the mean absolute error over the folds so far after each one; rejects to give the candidate up. */
    report?: (standing: number) => Promise<void>;
  },
): Promise<Trial | undefined> {
  const started = performance.now();
  const outOfFold = new Float64Array(train.rows);
  const { copies } = folds;
  const outOfFoldCopies = new Float64Array(copies?.rows.length ?? 0);
  let absoluteErrors = 0;
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
    const predicted = model.predict(takeRows(train, outside));
    for (let i = 0; i < outside.length; i++) {
      outOfFold[outside[i]] = clampPrediction(spec, predicted[i]);
      absoluteErrors += Math.abs(outOfFold[outside[i]] - train.target[outside[i]]);
    }
    if (copies) {
      const own = Array.from(copies.rows.keys()).filter((at) => folds.assigned[copies.sources[at]] === fold);
      const prices = model.predict(takeRows(copies.table, own));
      own.forEach((copy, at) => {
        outOfFoldCopies[copy] = clampPrediction(spec, prices[at]);
      });
    }
    scored += outside.length;
    options.progress(fold + 1);
    if (!Number.isFinite(absoluteErrors)) return undefined;
    await options.report?.(absoluteErrors / scored);
  }
  if (!outOfFold.every(Number.isFinite) || !outOfFoldCopies.every(Number.isFinite)) return undefined;
  const seconds = (performance.now() - started) / 1000;
  return {
    name: candidate.name,
    params: candidate.params,
    crossValidated: measure(train.target, outOfFold),
    outOfFold,
    outOfFoldCopies,
    seconds,
  };
}
