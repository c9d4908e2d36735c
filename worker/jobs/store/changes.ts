// How a job changes: one guarded statement and the event that tells of it, in one transaction, so that of two who try one succeeds.
import type { Env } from "../../env.ts";
import { withStorage } from "../../storage/database.ts";

/** Every statement takes one parameter: JSON whose fields the SQL names as ?1 ->> 'field'. */
export interface Given {
  readonly now: number;
  readonly [field: string]: unknown;
}

/** The job whose lease is named and has not run out. */
export const held =
  "id = ?1 ->> 'id' and lease = ?1 ->> 'lease' and state = 'running' and lease_expires_at > ?1 ->> 'now'";

export interface Change {
  /** Which jobs, as SQL. */
  readonly guard: string;
  /** What becomes of them, as SQL. */
  readonly set: string;
  /** The event's type and data, as SQL; its guard is the change's and what it says itself. */
  readonly event?: { readonly type: string; readonly data: string; readonly guard?: string };
}

const nextSequence = "1 + coalesce((select max(sequence) from job_events where job = jobs.id), 0)";

/** Makes the change where its guard holds; the changed rows' columns that `returning` names. */
export async function changeJobs<T = { id: string }>(
  env: Env,
  { guard, set, event }: Change,
  given: Given,
  returning = "id",
): Promise<T[]> {
  const parameter = JSON.stringify(given);
  const update = env.DB.prepare(
    `update jobs set ${set}, updated_at = ?1 ->> 'now' where ${guard} returning ${returning}`,
  ).bind(parameter);
  // The event first, under the same guard: after the change the guard would no longer hold.
  const note =
    event &&
    env.DB.prepare(
      `insert into job_events (job, sequence, time, type, data)
       select id, ${nextSequence}, ?1 ->> 'now', '${event.type}', ${event.data}
       from jobs where ${guard} and ${event.guard ?? "true"}`,
    ).bind(parameter);
  const results = await withStorage(() => env.DB.batch<T>(note ? [note, update] : [update]));
  return results[results.length - 1].results;
}
