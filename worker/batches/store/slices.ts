// Where a batch stands: slices are taken one after another under a lease, so that one delivered twice is done once.

import { and, eq, isNull, lt } from "drizzle-orm";
import type { Env } from "../../env.ts";
import { type Change, changeJobs, findJobRow, held, type JobRow, newLease } from "../../jobs/index.ts";
import { database } from "../../storage/database.ts";
import { jobs } from "../../storage/schema.ts";

/** What a batch is: made when it is asked for, never changed. */
export interface BatchPlan {
  readonly source: string;
  readonly result: string;
  readonly format: "csv" | "ndjson";
  readonly coverage: number;
  /** The model, pinned. */
  readonly model: string;
  /** The source as it was then. */
  readonly bytes: number;
  readonly etag: string;
}

/** How far a batch is. */
export interface BatchWork {
  readonly uploadId: string;
  /** Parts of the result that are written: their ETags. */
  readonly parts: readonly string[];
  /** Bytes of the result that wait for the rest of a part. */
  readonly restBytes: number;
  /** Where the next slice begins. */
  readonly offset: number;
  readonly rows: number;
  readonly failed: number;
  /** The header of a CSV. */
  readonly header?: readonly string[];
}

const atSlice = "id = ?1 ->> 'id' and kind = 'batch' and finished_at is null and slice = ?1 ->> 'slice'";

/** Takes a slice for a while; undefined where it is not the next one, or somebody has it. */
export async function claimSlice(
  env: Env,
  id: string,
  slice: number,
  leaseMs: number,
): Promise<{ row: JobRow; lease: string } | undefined> {
  const [now, lease] = [Date.now(), newLease()];
  const change: Change = {
    guard: `${atSlice} and (lease is null or lease_expires_at <= ?1 ->> 'now')`,
    set: `state = 'running', lease = ?1 ->> 'lease', lease_expires_at = ?1 ->> 'until', attempt = 1,
      started_at = coalesce(started_at, ?1 ->> 'now')`,
    event: { type: "state", data: "json_object('state', 'running')", guard: "state = 'queued'" },
  };
  const [taken] = await changeJobs(env, change, { id, slice, lease, now, until: now + leaseMs });
  const row = taken && (await findJobRow(env, id));
  return row && { row, lease };
}

/** Lets go of a slice that could not be done. */
export async function releaseSlice(env: Env, id: string, lease: string): Promise<void> {
  const change = { guard: held, set: "lease = null, lease_expires_at = null" };
  await changeJobs(env, change, { id, lease, now: Date.now() });
}

export interface SliceDone {
  readonly lease: string;
  readonly slice: number;
  readonly work: BatchWork;
  readonly bytes: number;
}

/** Notes that a slice is done and lets go of the job; false where the lease was lost meanwhile. */
export async function advanceBatch(env: Env, id: string, done: SliceDone): Promise<boolean> {
  const { work, bytes } = done;
  const note = `${work.rows} rows, ${work.failed} of them faulty`;
  const progress = { label: "pricing", done: work.offset, total: bytes, note };
  const change: Change = {
    guard: `${held} and slice = ?1 ->> 'slice'`,
    set: "slice = slice + 1, work = ?1 -> 'work', progress = ?1 -> 'progress', lease = null, lease_expires_at = null",
    event: { type: "progress", data: "?1 -> 'progress'" },
  };
  return (await changeJobs(env, change, { id, now: Date.now(), ...done, progress })).length > 0;
}

export type BatchEnd =
  | { readonly state: "succeeded"; readonly result: object }
  | { readonly state: "failed"; readonly error: string }
  | { readonly state: "cancelled" };

/** Ends the batch; false where the lease was lost meanwhile. */
export async function endBatch(env: Env, id: string, lease: string, end: BatchEnd): Promise<boolean> {
  const change: Change = {
    guard: held,
    set: `state = ?1 ->> 'state', finished_at = ?1 ->> 'now', error = ?1 ->> 'error', result = ?1 -> 'result',
      progress = iif(?1 ->> 'state' = 'succeeded', json_set(progress, '$.done', progress ->> 'total'), progress)`,
    event: { type: "state", data: "json_object('state', ?1 ->> 'state', 'error', ?1 ->> 'error')" },
  };
  return (await changeJobs(env, change, { id, lease, now: Date.now(), ...end })).length > 0;
}

/** Notes that a message for a slice is on its way. */
export async function noteSent(env: Env, id: string, slice: number): Promise<void> {
  const change = { guard: "id = ?1 ->> 'id'", set: "sent = max(sent, ?1 ->> 'slice')" };
  await changeJobs(env, change, { id, slice, now: Date.now() });
}

/** Batches that have stood still since `before`: their message was lost. */
export async function listStalledBatches(env: Env, before: number, limit: number) {
  return database(env)
    .select({ id: jobs.id, slice: jobs.slice })
    .from(jobs)
    .where(and(isNull(jobs.finishedAt), eq(jobs.kind, "batch"), lt(jobs.updatedAt, before)))
    .limit(limit);
}
