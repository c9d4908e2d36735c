// One claimed job from its start to its end: the lease kept alive beside the training, the training stopped when it is lost.

import { resolve } from "node:path";
import type { ClaimedJob, JobProgress } from "#core/api/jobs.ts";
import { ApiFault } from "../../sdk/api-fault.ts";
import type { Server } from "../../sdk/send.ts";
import { HeldLease } from "../client/jobs.ts";
import { attemptsFolder, openAttempt, removeAttempts } from "./attempt-folder.ts";
import { argumentsFor } from "./train-arguments.ts";
import { startTraining, type TrainingOutcome } from "./training-process.ts";

/** "lost": the lease ran out, somebody else has the job or will. "released": given back. */
export type JobEnd = "succeeded" | "failed" | "cancelled" | "lost" | "released";

/** After which ends nobody tries the job again: what its attempts left on disk can go. */
const isOver: Readonly<Record<JobEnd, boolean>> = {
  succeeded: true,
  failed: true,
  cancelled: true,
  lost: false,
  released: false,
};

/** How often progress and lines are sent, and how many lines at once. */
const reportEveryMs = 1000;
const linesAtOnce = 100;
const longestLine = 2000;
const longestError = 2000;

const isLost = (error: unknown) =>
  error instanceof ApiFault && (error.status === 409 || error.status === 404);

/** What the lease says while a training goes on. */
class Watch {
  readonly lease: HeldLease;
  readonly #stop = new AbortController();
  #expiresMs: number;
  #isBeating = false;
  #progress: JobProgress | undefined;
  #lines: string[] = [];
  /** Why the training was stopped. */
  why: "cancelled" | "lost" | "released" | undefined;

  constructor(server: Server, job: ClaimedJob) {
    this.lease = new HeldLease(server, job);
    this.#expiresMs = Date.now() + job.leaseSeconds * 1000;
  }

  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  stop(why: NonNullable<Watch["why"]>): void {
    this.why ??= why;
    this.#stop.abort();
  }

  /** Extends the lease; whether the job is still to be done here. */
  async beat(leaseMs: number): Promise<boolean> {
    const asked = Date.now();
    try {
      const { cancelRequested } = await this.lease.extend();
      // Counted from when it was asked: the server's clock is not ours.
      this.#expiresMs = asked + leaseMs;
      if (cancelRequested) this.stop("cancelled");
    } catch (error) {
      if (isLost(error)) this.stop("lost");
    }
    return !this.stopped.aborted && Date.now() < this.#expiresMs;
  }

  /** Called often: beats when nobody does, and gives up when the lease has run out unheard. */
  tick(leaseMs: number): void {
    if (Date.now() >= this.#expiresMs) this.stop("lost");
    if (this.#isBeating || this.stopped.aborted) return;
    this.#isBeating = true;
    this.beat(leaseMs).finally(() => {
      this.#isBeating = false;
    });
  }

  note(progress: JobProgress | undefined, line?: string): void {
    this.#progress = progress ?? this.#progress;
    if (line?.trim()) this.#lines.push(line.slice(0, longestLine));
  }

  /** Sends what was noted. A report that fails is not sent again: events are for looking at. */
  async report(): Promise<void> {
    const lines = this.#lines.splice(0, linesAtOnce);
    const progress = this.#progress;
    this.#progress = undefined;
    if (lines.length === 0 && !progress) return;
    await this.lease.report(progress, lines).catch((error) => {
      if (isLost(error)) this.stop("lost");
    });
  }
}

async function train(server: Server, job: ClaimedJob, watch: Watch): Promise<TrainingOutcome | undefined> {
  try {
    const folder = openAttempt(resolve(attemptsFolder), job.id, job.attempt);
    const argv = await argumentsFor(server, job, folder);
    const training = startTraining(argv, folder, server, {
      onProgress: (progress) => watch.note(progress),
      onLine: (line) => watch.note(undefined, line),
      mayPublish: () => watch.beat(job.leaseSeconds * 1000),
    });
    const stopped = new Promise<undefined>((resume) => {
      if (watch.stopped.aborted) resume(undefined);
      watch.stopped.addEventListener("abort", () => resume(undefined));
    });
    const outcome = await Promise.race([training.outcome, stopped]);
    if (!outcome) await training.stop();
    return outcome;
  } catch (error) {
    return { state: "failed", error: (error as Error).message, retry: !(error instanceof TypeError) };
  }
}

async function end(watch: Watch, outcome: TrainingOutcome | undefined): Promise<JobEnd> {
  if (watch.why === "lost") return "lost";
  if (outcome?.state === "succeeded") {
    await watch.lease.complete(outcome.result);
    return "succeeded";
  }
  if (watch.why === "released") {
    await watch.lease.release();
    return "released";
  }
  if (outcome) {
    const { state } = await watch.lease.fail(
      outcome.error.slice(0, longestError) || "no reason given",
      outcome.retry,
    );
    return state === "queued" ? "released" : state === "cancelled" ? "cancelled" : "failed";
  }
  await watch.lease.fail("cancelled in the middle", false);
  return "cancelled";
}

/** Does the job; gives it back when `signal` aborts. Resolves with what became of it; rejects where the server cannot be told. */
export async function doJob(server: Server, job: ClaimedJob, signal: AbortSignal): Promise<JobEnd> {
  const watch = new Watch(server, job);
  const release = () => watch.stop("released");
  signal.addEventListener("abort", release);
  if (signal.aborted) release();
  const leaseMs = job.leaseSeconds * 1000;
  const beats = setInterval(() => watch.tick(leaseMs), leaseMs / 3);
  const reports = setInterval(() => void watch.report(), Math.min(reportEveryMs, leaseMs / 3));
  try {
    const outcome = await train(server, job, watch);
    clearInterval(reports);
    await watch.report();
    const became = await end(watch, outcome);
    if (isOver[became]) removeAttempts(resolve(attemptsFolder), job.id);
    return became;
  } catch (error) {
    if (isLost(error)) return "lost";
    throw error;
  } finally {
    clearInterval(beats);
    clearInterval(reports);
    signal.removeEventListener("abort", release);
  }
}
