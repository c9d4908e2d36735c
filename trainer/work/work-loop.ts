// The trainer's life: claim a job, do it, and ask for the next; patient with a server that is away.

import { setTimeout as wait } from "node:timers/promises";
import type { ClaimedJob } from "#core/api/jobs.ts";
import { ApiFault } from "../../sdk/api-fault.ts";
import type { Server } from "../../sdk/send.ts";
import { claimJob } from "../client/jobs.ts";
import { doJob, type JobEnd } from "./held-job.ts";

export interface WorkOptions {
  readonly worker: string;
  readonly leaseSeconds: number;
  /** How long to wait before asking again where there is nothing to do. */
  readonly pollMs: number;
  /** Stops after the first job, or at once where there is none. */
  readonly once: boolean;
  /** Stops the work, and gives back the job at hand. */
  readonly signal: AbortSignal;
  readonly onJob: (job: ClaimedJob) => void;
  readonly onEnd: (job: ClaimedJob, end: JobEnd) => void;
  readonly onTrouble: (line: string) => void;
}

const longestPauseMs = 60_000;

/** A server that is away or overloaded comes back; one that refuses the token does not. */
const isPassing = (error: unknown) =>
  error instanceof ApiFault && (error.status === 0 || error.status >= 500);

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}

/** Works until the signal aborts, or once. Throws where the server refuses for good, and, if only once, where it is away. */
export async function work(server: Server, options: WorkOptions): Promise<number> {
  const { worker, leaseSeconds, signal, once } = options;
  let done = 0;
  let troubles = 0;
  while (!signal.aborted) {
    try {
      const job = await claimJob(server, { worker, leaseSeconds });
      if (job) {
        options.onJob(job);
        options.onEnd(job, await doJob(server, job, signal));
        done++;
      }
      troubles = 0;
      if (once) return done;
      if (!job) await pause(options.pollMs, signal);
    } catch (error) {
      if (once || !isPassing(error)) throw error;
      options.onTrouble((error as Error).message);
      await pause(Math.min(options.pollMs * 2 ** troubles++, longestPauseMs), signal);
    }
  }
  return done;
}
