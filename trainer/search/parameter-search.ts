// A family's parameters searched within a budget: what is fixed and where to start follow from its candidates.
import type { Params, Trial as StudyTrial } from "#core/bundle/manifest.ts";
import { canonicalJson } from "#core/dataset/spec.ts";
import { taskOf } from "#core/tasks/index.ts";
import { sha256Hex } from "../dataset/snapshot.ts";
import type { Candidate, Family } from "../families/family.ts";
import type { PreparedData } from "../prepare.ts";
import type { Progress } from "../progress.ts";
import { crossValidate, type Trial } from "./cross-validation.ts";
import { studyFamily } from "./family-study.ts";
import type { Folds } from "./fold.ts";
import { parseParams } from "./params.ts";
import { type PrunerName, pruners } from "./pruning.ts";
import { parseSpace, type Space } from "./space.ts";
import { findStart, type SearchStart } from "./start.ts";
import type { StudyResult } from "./study.ts";

/** One of `trials` and `timeoutMs` at least. */
export interface SearchPlan {
  readonly trials?: number;
  readonly timeoutMs?: number;
  /** Trials at once. */
  readonly threads: number;
  /** How trials that fall behind are given up; "racing" where it is left out. */
  readonly pruner?: PrunerName;
  /** File that records a search; `identity` is the same only for the same rows, spec, seed, space and fixed parameters. */
  readonly journalOf?: (family: string, identity: string) => string;
}

export interface ParameterSearch {
  /** Those that ended, by number. */
  readonly trials: readonly StudyTrial[];
  /** The best of them, scored as candidates are; undefined where none gave finite prices or it is one of the candidates. */
  readonly best: Trial | undefined;
  /** Computing time of all trials, those of an earlier run that was resumed included. */
  readonly seconds: number;
}

async function identify(data: PreparedData, family: Family, rest: object): Promise<string> {
  const { spec, specHash, snapshot, seed } = data;
  const whole = { dataset: spec.name, specHash, rows: snapshot.sha256, seed, family: family.name, ...rest };
  return (await sha256Hex(new TextEncoder().encode(canonicalJson(whole)))).slice(0, 16);
}

/** Searches the family's space; undefined where it has none. Throws InputError for a journal of another search. */
export async function searchParams(
  data: PreparedData,
  family: Family,
  folds: Folds,
  progress: Progress,
  plan: SearchPlan,
): Promise<ParameterSearch | undefined> {
  if (!family.space) return undefined;
  const space = parseSpace(family.space);
  const candidates = family.candidates(data.spec, data.train.rows).map(({ params }) => params);
  const start = findStart(space, candidates);
  const journal = plan.journalOf?.(family.name, await identify(data, family, { space, ...start }));
  const { trials, best } = await study(data, family, folds, progress, plan, { space, ...start, journal });
  const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0);
  // The first trials are the candidates, which are scored already.
  if (!best || best.number < start.initial.length) return { trials, best: undefined, seconds };
  const params = parseParams(family, { ...start.fixed, ...best.params });
  const candidate = { name: `best of ${trials.length} trials`, params };
  return { trials, best: await score(data, family, candidate, folds, progress), seconds };
}

async function study(
  data: PreparedData,
  family: Family,
  folds: Folds,
  progress: Progress,
  { trials, timeoutMs, threads, pruner = "racing" }: SearchPlan,
  subject: SearchStart & { readonly space: Space; readonly journal: string | undefined },
): Promise<StudyResult> {
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const total = trials ?? (timeoutMs ?? 0) / 1000;
  const task = progress.task(`${family.name}: searching`, total);
  try {
    return await studyFamily(data, family.name, folds, {
      ...subject,
      threads,
      pruner: pruners[pruner],
      budget: { trials, timeoutMs },
      progress: ({ done, best }) => {
        const note =
          best &&
          `best ${taskOf(data.spec).mainMetric.title} ${best.value?.toPrecision(5)} in trial ${best.number}`;
        task.update(Math.min(total, trials === undefined ? elapsed() : done), note);
      },
    });
  } finally {
    task.end();
  }
}

/** Once more, for the predictions that intervals are made of: a trial leaves only its error. */
async function score(
  { spec, train, seed }: PreparedData,
  family: Family,
  candidate: Candidate<Params>,
  folds: Folds,
  progress: Progress,
): Promise<Trial | undefined> {
  const task = progress.task(`${family.name}: cross-validating the ${candidate.name}`, folds.count);
  try {
    return await crossValidate(spec, family, candidate, train, folds, { seed, progress: task.update });
  } finally {
    task.end();
  }
}
