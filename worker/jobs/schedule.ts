// What the clock does: queues the trainings that fresh items call for, and picks up jobs that nobody moves any more.
import { TrainRequest } from "#core/api/jobs.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { listStalledBatches, sendSlice } from "../batches/index.ts";
import { listDatasets } from "../datasets/index.ts";
import type { Env } from "../env.ts";
import { limits, times } from "../http/limits.ts";
import { countFreshItems, hasFailedSince } from "./store/fresh-items.ts";
import { createJob, endLostJobs } from "./store/jobs.ts";

/** In whose name the clock asks. */
const actor = "schedule";

async function retrainWhenFresh(env: Env, { name, retrain }: DatasetSpec, now: number): Promise<void> {
  if (!retrain) return;
  const { freshItems } = retrain;
  if ((await countFreshItems(env, name, freshItems)) < freshItems) return;
  // What cannot be trained now cannot be in an hour: somebody has to look at it.
  if (await hasFailedSince(env, name, now - times.retrainRestMs)) return;
  const params = TrainRequest.parse({});
  await createJob(env, { kind: "train", dataset: name, params, actor, alone: true });
}

async function moveStalledBatches(env: Env, now: number): Promise<void> {
  const stalled = await listStalledBatches(env, now - times.batchPatienceMs, limits.queueBatchMessages);
  for (const { id, slice } of stalled) await sendSlice(env, { job: id, slice: slice ?? 0 });
}

/** Does each of it, whatever becomes of the others; rejects where one failed, so that it shows. */
export async function keepJobsGoing(env: Env, now: number): Promise<void> {
  const specs = (await listDatasets(env)).map(({ spec }) => spec);
  const results = await Promise.allSettled([
    endLostJobs(env),
    moveStalledBatches(env, now),
    ...specs.map((spec) => retrainWhenFresh(env, spec, now)),
  ]);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}
