// Leases of trainings: claimed by one trainer at a time, kept alive, reported on, and ended only by whoever holds them.
import type { ClaimedJob, JobProgress } from "#core/api/jobs.ts";
import { Refusal } from "#core/api/refusal.ts";
import type { Env } from "../../env.ts";
import { hexOf } from "../../storage/content.ts";
import { withStorage } from "../../storage/database.ts";
import { type Change, changeJobs, held } from "./changes.ts";
import { endLostJobs, findJobRow, jobAttempts, readJob, requireJob } from "./jobs.ts";

/** Progress and lines that are kept of one job; what comes later only moves the job's own progress. */
const keptEvents = 5000;

export const newLease = () => hexOf(crypto.getRandomValues(new Uint8Array(32)));

// The oldest that waits or was left behind. One statement finds and takes it: of many who ask, one gets it.
const claimable = `id = (select id from jobs
  where finished_at is null and kind in (select value from json_each(?1, '$.kinds')) and cancel_requested_at is null
    and attempt < ?1 ->> 'attempts' and (state = 'queued' or lease_expires_at <= ?1 ->> 'now')
  order by id limit 1)`;

const claim: Change = {
  guard: claimable,
  set: `state = 'running', attempt = attempt + 1, lease = ?1 ->> 'lease', worker = ?1 ->> 'worker', progress = null,
    lease_expires_at = ?1 ->> 'until', work = json_object('leaseMs', ?1 ->> 'leaseMs'), started_at = ?1 ->> 'now'`,
  event: {
    type: "state",
    data: "json_object('state', 'running', 'attempt', attempt + 1, 'worker', ?1 ->> 'worker')",
  },
};

export interface Claimant {
  readonly worker: string;
  readonly kinds: readonly string[];
  readonly leaseSeconds: number;
}

/** Takes the oldest job that is to be had; undefined where there is none. */
export async function claimJob(env: Env, claimant: Claimant): Promise<ClaimedJob | undefined> {
  await endLostJobs(env);
  const { worker, kinds, leaseSeconds } = claimant;
  const [now, lease, leaseMs] = [Date.now(), newLease(), Math.round(leaseSeconds * 1000)];
  const given = { worker, kinds, lease, leaseMs, now, until: now + leaseMs, attempts: jobAttempts };
  const [taken] = await changeJobs(env, claim, given);
  const row = taken && (await findJobRow(env, taken.id));
  return row && { ...readJob(row), lease, leaseSeconds };
}

/** Why a lease is not honoured: 404 for a job that is none, a conflict otherwise. */
async function refuseLease(env: Env, id: string): Promise<never> {
  const { state } = await requireJob(env, id);
  throw new Refusal("conflict", `the lease does not hold this job, or has run out; the job is ${state}`);
}

/** Holds the job for as long again as it was claimed for. Throws a conflict refusal where the lease is lost. */
export async function extendLease(env: Env, id: string, lease: string) {
  const set = "lease_expires_at = (?1 ->> 'now') + (work ->> 'leaseMs')";
  const returning = "cancel_requested_at as cancelled, lease_expires_at as until";
  type Extended = { cancelled: number | null; until: number };
  const given = { id, lease, now: Date.now() };
  const [row] = await changeJobs<Extended>(env, { guard: held, set }, given, returning);
  if (!row) return refuseLease(env, id);
  return { cancelRequested: row.cancelled !== null, leaseExpiresAt: new Date(row.until).toISOString() };
}

/**
 * Who asked for the training that is held under this lease. Throws a refusal: not found where no job has this id, a conflict where
 * the lease is lost or the job is another dataset's.
 */
export async function requireAsker(env: Env, id: string, lease: string, dataset: string): Promise<string> {
  const ofDataset = "kind = 'train' and dataset = ?1 ->> 'dataset'";
  const statement = env.DB.prepare(`select actor from jobs where ${held} and ${ofDataset}`);
  const given = JSON.stringify({ id, lease, dataset, now: Date.now() });
  const row = await withStorage(() => statement.bind(given).first<{ actor: string }>());
  return row?.actor ?? refuseLease(env, id);
}

const insertEvents = `
  with present as materialized (
    select id as job, coalesce((select max(sequence) from job_events where job = jobs.id), 0) as last from jobs where ${held})
  insert into job_events (job, sequence, time, type, data)
  select job, last + 1 + event.key, ?1 ->> 'now', event.value ->> 'type', event.value -> 'data'
  from present, json_each(?1, '$.events') as event where last < ?1 ->> 'keptEvents'`;

/** Adds what a trainer tells of a job to its events. Throws a conflict refusal where the lease is lost. */
export async function reportJob(
  env: Env,
  id: string,
  report: { readonly lease: string; readonly progress?: JobProgress; readonly lines: readonly string[] },
): Promise<void> {
  const { lease, progress, lines } = report;
  const events = [
    ...lines.map((line) => ({ type: "log", data: { line } })),
    ...(progress ? [{ type: "progress", data: progress }] : []),
  ];
  const given = JSON.stringify({ id, lease, events, progress, keptEvents, now: Date.now() });
  const update = `update jobs set progress = coalesce(?1 -> 'progress', progress), updated_at = ?1 ->> 'now' where ${held}`;
  const [{ meta }] = await withStorage(() =>
    env.DB.batch([update, insertEvents].map((sql) => env.DB.prepare(sql).bind(given))),
  );
  if (meta.changes === 0) await refuseLease(env, id);
}

/** Ends the job with what came of it. Telling it twice is harmless; throws a conflict refusal where the lease is lost. */
export async function completeJob(env: Env, id: string, lease: string, result: object) {
  const change = {
    guard: held,
    set: "state = 'succeeded', result = ?1 -> 'result', error = null, finished_at = ?1 ->> 'now'",
    event: { type: "state", data: "json_object('state', 'succeeded', 'attempt', attempt)" },
  };
  const [done] = await changeJobs(env, change, { id, lease, result, now: Date.now() });
  const row = await findJobRow(env, id);
  if (row && (done || (row.state === "succeeded" && row.lease === lease))) return readJob(row);
  return refuseLease(env, id);
}

const afterFailure = `case when cancel_requested_at is not null then 'cancelled'
  when ?1 ->> 'retry' and attempt < ?1 ->> 'attempts' then 'queued' else 'failed' end`;

/** Ends the job, or puts it back where another attempt may help and is left. A job that was to be cancelled is. */
export async function failJob(env: Env, id: string, lease: string, error: string, retry: boolean) {
  const change = {
    guard: held,
    set: `state = ${afterFailure}, error = ?1 ->> 'error', lease_expires_at = ?1 ->> 'now',
      finished_at = iif(${afterFailure} = 'queued', null, ?1 ->> 'now')`,
    event: {
      type: "state",
      data: `json_object('state', ${afterFailure}, 'attempt', attempt, 'error', ?1 ->> 'error')`,
    },
  };
  const given = { id, lease, error, retry, attempts: jobAttempts, now: Date.now() };
  const [done] = await changeJobs(env, change, given);
  return done ? requireJob(env, id) : refuseLease(env, id);
}

const afterRelease = "iif(cancel_requested_at is null, 'queued', 'cancelled')";

/** Gives the job back as if it had not been claimed, for a trainer that is told to stop. */
export async function releaseJob(env: Env, id: string, lease: string) {
  const change = {
    guard: held,
    set: `state = ${afterRelease}, attempt = attempt - 1, lease = null, lease_expires_at = null, worker = null,
      progress = null, finished_at = iif(cancel_requested_at is null, null, ?1 ->> 'now')`,
    event: { type: "state", data: `json_object('state', ${afterRelease}, 'released', worker)` },
  };
  const [done] = await changeJobs(env, change, { id, lease, now: Date.now() });
  return done ? requireJob(env, id) : refuseLease(env, id);
}
