// The side of `appraise train` that a trainer at work hears: progress, and the question whether the models may still be published.

import type { JobProgress } from "#core/api/jobs.ts";
import { InputError } from "#core/api/problem.ts";
import type { Progress } from "../progress.ts";

/** Set for a training that `appraise work` started. */
export const trainingMark = "APPRAISE_TRAINING";

/** "<job id>:<lease>" of the job that the training is done for. In the environment, where no list of processes shows it. */
export const jobLeaseName = "APPRAISE_JOB_LEASE";

export type TrainingMessage = { readonly progress: JobProgress } | { readonly asks: "publish" };
export interface TrainingReply {
  readonly may: boolean;
}

const tellEveryMs = 500;

export interface ParentProcess {
  readonly progress: Progress;
  readonly jobLease: string | undefined;
  /** Throws where the job is no longer this trainer's. */
  readonly askToPublish: () => Promise<void>;
}

function progressTo(tell: (message: TrainingMessage) => void): Progress {
  let toldMs = Number.NEGATIVE_INFINITY;
  return {
    task(label, total) {
      const told = (done: number, note?: string) =>
        tell({ progress: { label, done, total, ...(note ? { note } : {}) } });
      told(0);
      return {
        update(done, note) {
          const now = Date.now();
          if (now - toldMs < tellEveryMs) return;
          toldMs = now;
          told(done, note);
        },
        end: () => told(total),
      };
    },
  };
}

/** The trainer that started this process; undefined where a person did. */
export function findParentProcess(): ParentProcess | undefined {
  const { channel } = process;
  if (!process.env[trainingMark] || !process.send || !channel) return undefined;
  const tell = (message: TrainingMessage) => void process.send?.(message);
  // Whoever started it is gone: its lease will be somebody else's, and nothing must come of this.
  process.once("disconnect", () => process.exit(1));
  channel.unref();
  return {
    progress: progressTo(tell),
    jobLease: process.env[jobLeaseName],
    async askToPublish() {
      channel.ref();
      const reply = new Promise<TrainingReply>((resume) => process.once("message", resume));
      tell({ asks: "publish" });
      const { may } = await reply;
      channel.unref();
      if (!may) throw new InputError("the job is no longer this trainer's: nothing is published");
    },
  };
}
