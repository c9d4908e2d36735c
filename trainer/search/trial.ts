// How a trial is evaluated: what it is given, how it reports on its way, and how it is given up.

import type { Params, Trial } from "#core/bundle/manifest.ts";

/** What whoever evaluates a trial is given. */
export interface TrialRequest {
  readonly number: number;
  readonly params: Params;
}

/** Tells how a trial stands so far; rejects with TrialPruned when it is not worth going on. */
export type Report = (value: number) => Promise<void>;

/** Evaluates one trial: resolves to the error to be minimised. What it throws is recorded as the trial's failure. */
export type Evaluate = (trial: TrialRequest, report: Report) => number | Promise<number>;

/** Thrown through an evaluation that is given up. Not a failure. */
export class TrialPruned extends Error {
  override readonly name = "TrialPruned";

  constructor() {
    super("given up: other trials did better at this point");
  }
}

/** The trial with the lowest value, the earlier one of equals; undefined while none is complete. */
export function findBest(trials: readonly Trial[]): Trial | undefined {
  let best: Trial | undefined;
  for (const trial of trials) {
    if (trial.state !== "complete" || trial.value === null) continue;
    if (best === undefined || trial.value < best.value!) best = trial;
  }
  return best;
}
