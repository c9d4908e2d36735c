// A study of hyper-parameters: asks the sampler, runs trials in parallel, prunes, records each one, stops at its budget.
import { InputError } from "#core/api/problem.ts";
import type { Params, Trial } from "#core/bundle/manifest.ts";
import { type Random, seeded } from "../random.ts";
import type { TrialExecutor } from "./executor.ts";
import { type Journal, openJournal } from "./journal.ts";
import type { Pruner } from "./pruning.ts";
import { drawPoint, parseSpace, type SpaceInput, toParams, toPoint } from "./space.ts";
import { proposeParams, type TpeOptions, tpeDefaults } from "./tpe.ts";
import { findBest } from "./trial.ts";

export interface StudyBudget {
  /** Trials altogether, those of a resumed journal included. */
  readonly trials?: number;
  /** No trial starts later than this after the (resumed) search began; those that run then are finished. */
  readonly timeoutMs?: number;
}

export interface StudyProgress {
  /** Trials that ended. */
  readonly done: number;
  readonly total: number | undefined;
  readonly best: Trial | undefined;
  /** The trial that ended just now. */
  readonly trial: Trial;
}

export interface StudyOptions {
  readonly space: SpaceInput;
  readonly seed: number;
  readonly executor: TrialExecutor;
  readonly budget: StudyBudget;
  readonly sampler?: "random" | Partial<TpeOptions>;
  readonly pruner?: Pruner;
  /** Tried before anything is proposed: the family's own defaults. Each names every parameter of the space. */
  readonly initial?: readonly Params[];
  /** File that records each trial; the search resumes from it where it exists. */
  readonly journal?: string;
  /** What is evaluated beside the space's parameters, as JSON: keeps a journal from being resumed for something else. */
  readonly subject?: unknown;
  readonly progress?: (progress: StudyProgress) => void;
  readonly signal?: AbortSignal;
}

export interface StudyResult {
  /** Those that ended, by number. */
  readonly trials: readonly Trial[];
  readonly best: Trial | undefined;
  readonly seconds: number;
  /** Why it ended. */
  readonly ended: "trials" | "timeout" | "cancelled";
}

/**
 * The randomness of one trial: a function of seed and number alone, so that a resumed search proposes what the uninterrupted one
 * would have. The mixing is MurmurHash3's finalizer (Appleby, public domain).
 */
function trialRandom(seed: number, number: number): Random {
  let h = (seed ^ Math.imul(number + 1, 0x9e3779b9)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return seeded((h ^ (h >>> 16)) >>> 0);
}

/** So many failures and nothing else: the fault is not in the parameters, and the search ends. */
const hopelessTrials = 10;

function checkBudget({ trials, timeoutMs }: StudyBudget): void {
  if (trials === undefined && timeoutMs === undefined)
    throw new InputError("budget: expected a number of trials, a timeout, or both");
  if (trials !== undefined && !(Number.isInteger(trials) && trials >= 1))
    throw new InputError(`trials: expected an integer of at least 1; got ${trials}`);
  if (timeoutMs !== undefined && !(timeoutMs > 0))
    throw new InputError(`timeout: expected more than 0 ms; got ${timeoutMs}`);
}

/**
 * Minimises. With one trial at a time the same seed gives the same trials; in parallel the proposals also depend on the order in
 * which trials end, and those still running count as mediocre ("constant liar"; Optuna's is off by default). A journal holds that
 * order, so a search killed at any moment proposes on resumption what it would have proposed.
 * A failed trial is recorded and the search goes on, unless the first ten all failed.
 * Throws InputError for a bad space, budget or journal, and Error when every trial failed (the message names the first failure).
 * Closes the executor.
 */
export async function runStudy(options: StudyOptions): Promise<StudyResult> {
  const { executor, budget, pruner, initial = [], signal, seed } = options;
  const started = performance.now();
  let journal: Journal | undefined;
  try {
    checkBudget(budget);
    const space = parseSpace(options.space);
    for (const params of initial) toPoint(space, params);
    const sampler = options.sampler === "random" ? "random" : { ...tpeDefaults, ...options.sampler };
    const identity = { space, seed, sampler, subject: { initial, of: options.subject ?? null } };
    if (options.journal !== undefined) journal = openJournal(options.journal, identity);
    const trials: Trial[] = [...(journal?.trials ?? [])];
    const interrupted = trials.filter(({ state }) => state === "running");
    const running = new Map<number, Promise<void>>();

    const propose = (number: number): Params => {
      if (number < initial.length) return initial[number];
      const random = trialRandom(seed, number);
      return sampler === "random"
        ? toParams(space, drawPoint(space, random))
        : proposeParams(space, trials, random, sampler);
    };

    const replace = (trial: Trial) => {
      const at = trials.findIndex(({ number }) => number === trial.number);
      trials[at < 0 ? trials.length : at] = trial;
      return trial;
    };

    const runTrial = async (trial: Trial): Promise<void> => {
      const began = performance.now();
      const reports: number[] = [];
      const outcome = await executor.run({ number: trial.number, params: trial.params }, (value) => {
        // A trial in this thread cannot be ended from outside: it ends at its next report.
        if (signal?.aborted) return true;
        reports.push(value);
        const standing = replace({ ...trial, reports: [...reports] });
        return (
          pruner?.(
            standing,
            trials.filter(({ number }) => number !== trial.number),
          ) ?? false
        );
      });
      running.delete(trial.number);
      // Cancelled: the trial stays "running" in the journal, to be run again.
      if (signal?.aborted) return;
      const ended = replace({
        ...trial,
        reports,
        seconds: (performance.now() - began) / 1000,
        value: null,
        ...outcome,
      });
      journal?.record(ended);
      options.progress?.({
        done: endedTrials().length,
        total: budget.trials,
        best: findBest(trials),
        trial: ended,
      });
    };

    const next = (): Trial => {
      const cut = interrupted.shift();
      if (cut) return replace({ ...cut, reports: [], seconds: 0 });
      const number = trials.reduce((most, trial) => Math.max(most, trial.number + 1), 0);
      const trial: Trial = {
        number,
        params: propose(number),
        state: "running",
        value: null,
        reports: [],
        seconds: 0,
      };
      journal?.record(trial);
      return replace(trial);
    };

    const endedTrials = () => trials.filter(({ state }) => state !== "running");
    const hopeless = () =>
      endedTrials().length >= hopelessTrials && endedTrials().every(({ state }) => state === "failed");
    const timedOut = () => budget.timeoutMs !== undefined && performance.now() - started >= budget.timeoutMs;
    const spent = () =>
      interrupted.length === 0 && budget.trials !== undefined && trials.length >= budget.trials;
    const aborted = new Promise<void>((resolve) =>
      signal?.addEventListener("abort", () => resolve(), { once: true }),
    );
    while (!signal?.aborted) {
      while (running.size < executor.parallel && !spent() && !timedOut() && !hopeless()) {
        const trial = next();
        running.set(trial.number, runTrial(trial));
      }
      if (running.size === 0) break;
      await Promise.race([...running.values(), aborted]);
    }
    // Only now are the threads ended, so that a cancelled trial's end is not taken for a failure.
    if (signal?.aborted) await executor.close();
    const all = endedTrials().sort((a, b) => a.number - b.number);
    if (all.length > 0 && all.every(({ state }) => state === "failed"))
      throw new Error(`all ${all.length} trials failed; trial ${all[0].number}: ${all[0].error}`);
    return {
      trials: all,
      best: findBest(trials),
      seconds: (performance.now() - started) / 1000,
      ended: signal?.aborted ? "cancelled" : spent() ? "trials" : "timeout",
    };
  } finally {
    journal?.close();
    await executor.close();
  }
}
