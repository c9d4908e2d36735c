// A trial of a search: the parameters that were tried and how they did. Plain data, so that it can be a line of a journal.

import * as z from "zod";
import type { Params } from "#core/bundle/manifest.ts";

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const Trial = z.object({
  number: z.int().min(0),
  params: z.record(z.string(), Value),
  /** `running` in a journal means that the search was killed while this trial ran: it is run again on resumption. */
  state: z.enum(["running", "complete", "pruned", "failed"]),
  /** The error that is minimised; null unless the trial is complete. */
  value: z.number().nullable(),
  /** What the trial reported on its way, in order: its standing after each fold. */
  reports: z.array(z.number()),
  seconds: z.number().min(0),
  /** Why a failed trial failed. */
  error: z.string().optional(),
});
export type Trial = z.infer<typeof Trial>;

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
