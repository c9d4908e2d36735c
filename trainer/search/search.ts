// Searches a family on the training rows: every candidate cross-validated, and with a plan the best of many trials beside them.
import { availableParallelism } from "node:os";
import { InputError } from "#core/api/problem.ts";
import { taskOf } from "#core/tasks/index.ts";
import { assignFolds } from "../dataset/split.ts";
import type { Family } from "../families/family.ts";
import { copyPartially } from "../intervals/partial-copies.ts";
import type { PreparedData } from "../prepare.ts";
import type { Progress } from "../progress.ts";
import { seeded } from "../random.ts";
import { type CopiedFolds, crossValidate, type Trial } from "./cross-validation.ts";
import type { Folds } from "./fold.ts";
import { FoldPool } from "./fold-pool.ts";
import { type ParameterSearch, type SearchPlan, searchParams } from "./parameter-search.ts";

const foldCount = 5;

/** The same folds for every family of a run, so that their scores compare. */
export function foldsOf(data: PreparedData): CopiedFolds {
  const rows = data.trainRows.map((row) => row.features);
  return {
    count: foldCount,
    assigned: assignFolds(data.spec, rows, {
      ...{ folds: foldCount, seed: data.seed },
      strata: taskOf(data.spec).strata(data.train.target),
    }),
    copies: copyPartially(data.spec, rows, seeded(data.seed)),
  };
}

export interface FamilySearch {
  /** Candidates by the task's main metric in cross-validation, ascending; the best trial of the search is one of them. */
  readonly trials: readonly Trial[];
  /** Undefined where no search was asked for, or the family has nothing to search. */
  readonly search: ParameterSearch | undefined;
}

/**
 * Scores the family's candidates and, with a plan, the best parameters of its search: never worse by cross-validation than without.
 * Throws InputError where no candidate gives finite predictions.
 */
export async function searchFamily(
  data: PreparedData,
  family: Family,
  folds: Folds,
  progress: Progress,
  plan: SearchPlan | undefined,
): Promise<FamilySearch> {
  const trials = await scoreCandidates(data, family, folds, progress);
  const search = plan && (await searchParams(data, family, folds, progress, plan));
  if (search?.best) trials.push(search.best);
  if (trials.length === 0)
    throw new InputError(`${family.name}: no candidate gives finite predictions on these rows`);
  const { mainMetric } = taskOf(data.spec);
  trials.sort((a, b) => mainMetric.of(a.crossValidated) - mainMetric.of(b.crossValidated));
  return { trials, search };
}

async function scoreCandidates(
  data: PreparedData,
  family: Family,
  folds: Folds,
  progress: Progress,
): Promise<Trial[]> {
  const candidates = family.candidates(data.spec, data.train.rows);
  const task = progress.task(`${family.name}: cross-validating`, candidates.length * folds.count);
  const trials: Trial[] = [];
  const { mainMetric } = taskOf(data.spec);
  let best = Number.POSITIVE_INFINITY;
  const subject = { spec: data.spec, train: data.train, folds, seed: data.seed };
  const threads = Math.min(availableParallelism(), folds.count);
  const pool = threads > 1 ? new FoldPool(subject, threads) : undefined;
  try {
    for (const [index, candidate] of candidates.entries()) {
      const done = index * folds.count;
      const note = () =>
        Number.isFinite(best) ? `best ${mainMetric.title} ${best.toPrecision(5)}` : undefined;
      const trial = await crossValidate(data.spec, family, candidate, data.train, folds, {
        seed: data.seed,
        progress: (fraction) => task.update(done + fraction, note()),
        pool,
      });
      if (!trial) continue;
      trials.push(trial);
      best = Math.min(best, mainMetric.of(trial.crossValidated));
      task.update(done + folds.count, note());
    }
  } finally {
    task.end();
    await pool?.close();
  }
  return trials;
}
