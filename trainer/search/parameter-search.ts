// A family's parameters searched within a budget: what is fixed and where to start follow from its candidates.
import type { Trial as StudyTrial } from "#core/bundle/manifest.ts";
import { canonicalJson } from "#core/dataset/spec.ts";
import { sha256Hex } from "../dataset/snapshot.ts";
import type { Family } from "../families/family.ts";
import type { PreparedData } from "../prepare.ts";
import type { Progress } from "../progress.ts";
import { crossValidate, type Folds, type Trial } from "./cross-validation.ts";
import { studyFamily } from "./family-study.ts";
import { parseParams } from "./params.ts";
import { parseSpace } from "./space.ts";
import { findStart } from "./start.ts";

/** One of `trials` and `timeoutMs` at least. */
export interface SearchPlan {
  readonly trials?: number;
  readonly timeoutMs?: number;
  /** Trials at once. */
  readonly threads: number;
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
  const candidates = family.candidates(data.spec).map(({ params }) => params);
  const { fixed, initial } = findStart(space, candidates);
  const journal = plan.journalOf?.(family.name, await identify(data, family, { space, fixed, initial }));
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const total = plan.trials ?? (plan.timeoutMs ?? 0) / 1000;
  const task = progress.task(`${family.name}: searching`, total);
  try {
    const study = await studyFamily(data, family.name, folds, {
      space,
      fixed,
      initial,
      threads: plan.threads,
      budget: { trials: plan.trials, timeoutMs: plan.timeoutMs },
      journal,
      progress: ({ done, best }) => {
        const note = best && `best MAE ${best.value?.toPrecision(5)} in trial ${best.number}`;
        task.update(Math.min(total, plan.trials === undefined ? elapsed() : done), note);
      },
    });
    const seconds = study.trials.reduce((sum, trial) => sum + trial.seconds, 0);
    const { best, trials } = study;
    // The first trials are the candidates, which are scored already.
    if (!best || best.number < initial.length) return { trials, best: undefined, seconds };
    const params = parseParams(family, { ...fixed, ...best.params });
    const candidate = { name: `best of ${trials.length} trials`, params };
    // Once more, for the predictions that intervals are made of: a trial leaves only its error.
    const scored = await crossValidate(data.spec, family, candidate, data.train, folds, {
      seed: data.seed,
      progress: () => {},
    });
    return { trials, best: scored, seconds };
  } finally {
    task.end();
  }
}
