// Jobs in D1: asked for, found, listed, cancelled, and ended where nobody will go on with them.
import { and, desc, eq, lt } from "drizzle-orm";
import type { Job, JobKind, JobState } from "#core/api/jobs.ts";
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { canonicalJson } from "#core/dataset/spec.ts";
import type { Env } from "../../env.ts";
import { newRequestId } from "../../requests/index.ts";
import { type Page, pageOf, parseCursor, TextKey } from "../../storage/cursor.ts";
import { database, withStorage } from "../../storage/database.ts";
import { jobs } from "../../storage/schema.ts";
import { changeJobs } from "./changes.ts";

/** How often a training is claimed before it counts as failed. */
export const jobAttempts = 3;
/** Jobs that wait or run at the same time. */
const openJobs = 200;

export type JobRow = typeof jobs.$inferSelect;

const instant = (time: number | null) => (time === null ? null : new Date(time).toISOString());

/** A job as it is shown: everything but the lease. */
export function readJob(row: JobRow): Job {
  const { id, kind, dataset, state, attempt, worker, error, actor } = row;
  return {
    ...{ id, kind, dataset, state, attempt, worker, error, actor },
    params: JSON.parse(row.params),
    attempts: kind === "train" ? jobAttempts : 1,
    cancelRequested: row.cancelRequestedAt !== null,
    progress: row.progress === null ? null : JSON.parse(row.progress),
    result: row.result === null ? null : JSON.parse(row.result),
    createdAt: new Date(row.createdAt).toISOString(),
    startedAt: instant(row.startedAt),
    updatedAt: new Date(row.updatedAt).toISOString(),
    finishedAt: instant(row.finishedAt),
  };
}

export async function findJobRow(env: Env, id: string): Promise<JobRow | undefined> {
  const [row] = await withStorage(() => database(env).select().from(jobs).where(eq(jobs.id, id)));
  return row;
}

/** The job; throws a refusal where there is none. */
export async function requireJob(env: Env, id: string): Promise<Job> {
  const row = await findJobRow(env, id);
  if (!row) throw new Refusal("not-found", "no job has this id");
  return readJob(row);
}

export interface NewJob {
  readonly kind: JobKind;
  readonly dataset: string;
  readonly params: object;
  readonly actor: string;
  readonly idempotencyKey?: string;
  /** The params by which a request that is sent again is known; all where it is left out. */
  readonly known?: readonly string[];
  /** Whether no other job of this kind and dataset may be open. */
  readonly alone?: boolean;
}

const insertJob = `
  insert into jobs (id, kind, dataset, params, state, attempt, actor, idempotency_key, slice, sent, created_at, updated_at)
  select ?1 ->> 'id', ?1 ->> 'kind', ?1 ->> 'dataset', ?1 ->> 'params', 'queued', 0, ?1 ->> 'actor', ?1 ->> 'idempotencyKey',
    iif(?1 ->> 'kind' = 'batch', 0, null), iif(?1 ->> 'kind' = 'batch', 0, null), ?1 ->> 'now', ?1 ->> 'now'
  where (select count(*) from jobs where finished_at is null) < ?1 ->> 'openJobs'
    and not (coalesce(?1 ->> 'alone', 0) and exists (select 1 from jobs
      where finished_at is null and kind = ?1 ->> 'kind' and dataset = ?1 ->> 'dataset'))
  on conflict do nothing`;

const insertFirstEvent = `
  insert into job_events (job, sequence, time, type, data)
  select id, 1, created_at, 'state', json_object('state', state) from jobs where id = ?1 ->> 'id'`;

async function findAsked(env: Env, { actor, idempotencyKey }: NewJob): Promise<JobRow | undefined> {
  if (idempotencyKey === undefined) return undefined;
  const [row] = await withStorage(() =>
    database(env)
      .select()
      .from(jobs)
      .where(and(eq(jobs.actor, actor), eq(jobs.idempotencyKey, idempotencyKey))),
  );
  return row;
}

/** The job that was made under the same key; throws where that was another one. */
function repeated(before: JobRow, asked: NewJob): Job {
  const job = readJob(before);
  const same = ({ kind, dataset, params }: Pick<NewJob, "kind" | "dataset" | "params">) => {
    const entries = Object.entries(params).filter(([name]) => asked.known?.includes(name) ?? true);
    return canonicalJson({ kind, dataset, params: Object.fromEntries(entries) });
  };
  if (same(job) === same(asked)) return job;
  const detail = `this key was sent with another request, that made the job ${job.id}`;
  throw new InputError([{ pointer: "/idempotency-key", detail }]);
}

/** Puts a job into the queue; undefined where it may not stand beside one that is there. The same idempotency key gives the same job. */
export async function createJob(env: Env, asked: NewJob): Promise<Job | undefined> {
  const before = await findAsked(env, asked);
  if (before) return repeated(before, asked);
  const now = Date.now();
  const id = newRequestId(now);
  const params = JSON.stringify(asked.params);
  const given = JSON.stringify({ ...asked, params, id, now, openJobs });
  const [{ meta }] = await withStorage(() =>
    env.DB.batch([insertJob, insertFirstEvent].map((sql) => env.DB.prepare(sql).bind(given))),
  );
  if (meta.changes > 0) return requireJob(env, id);
  const meanwhile = await findAsked(env, asked);
  if (meanwhile) return repeated(meanwhile, asked);
  if (asked.alone) return undefined;
  throw new Refusal("conflict", `${openJobs} jobs wait or run already: cancel some, or wait for them`);
}

export interface JobFilter {
  readonly dataset?: string;
  readonly kind?: JobKind;
  readonly state?: JobState;
}

/** Jobs, newest first. */
export async function listJobs(
  env: Env,
  { dataset, kind, state }: JobFilter,
  options: { cursor?: string; limit: number },
): Promise<Page<Job>> {
  const before = options.cursor === undefined ? undefined : parseCursor(TextKey, options.cursor)[0];
  const rows = await withStorage(() =>
    database(env)
      .select()
      .from(jobs)
      .where(
        and(
          dataset === undefined ? undefined : eq(jobs.dataset, dataset),
          kind === undefined ? undefined : eq(jobs.kind, kind),
          state === undefined ? undefined : eq(jobs.state, state),
          before === undefined ? undefined : lt(jobs.id, before),
        ),
      )
      .orderBy(desc(jobs.id))
      .limit(options.limit + 1),
  );
  return pageOf(rows, options.limit, (row) => [row.id], readJob);
}

// What nobody works on ends at once; whoever works on a job hears of it, and ends it.
const idle = "(state = 'queued' or (kind = 'train' and lease_expires_at <= ?1 ->> 'now'))";

/** Cancels a job, or asks whoever works on it to stop. Throws a conflict refusal where it has ended otherwise. */
export async function cancelJob(env: Env, id: string): Promise<Job> {
  const change = {
    guard: "id = ?1 ->> 'id' and finished_at is null and cancel_requested_at is null",
    set: `cancel_requested_at = ?1 ->> 'now', state = iif(${idle}, 'cancelled', state),
      finished_at = iif(${idle}, ?1 ->> 'now', null)`,
    event: {
      type: "state",
      data: `json_object('state', iif(${idle}, 'cancelled', state), 'cancelRequested', json('true'))`,
    },
  };
  await changeJobs(env, change, { id, now: Date.now() });
  const job = await requireJob(env, id);
  if (job.state === "succeeded" || job.state === "failed")
    throw new Refusal("conflict", `the job has ended already: it ${job.state}`);
  return job;
}

const lost = "iif(cancel_requested_at is null, 'failed', 'cancelled')";

/** Ends the trainings whose lease ran out and that may not be claimed again. */
export async function endLostJobs(env: Env): Promise<void> {
  const change = {
    guard: `kind = 'train' and finished_at is null and state = 'running' and lease_expires_at <= ?1 ->> 'now'
      and (attempt >= ?1 ->> 'attempts' or cancel_requested_at is not null)`,
    set: `state = ${lost}, finished_at = ?1 ->> 'now',
      error = 'the trainer ' || worker || ' fell silent in attempt ' || attempt || ' of ' || (?1 ->> 'attempts')`,
    event: { type: "state", data: `json_object('state', ${lost}, 'attempt', attempt)` },
  };
  await changeJobs(env, change, { attempts: jobAttempts, now: Date.now() });
}
