import { type Job, TrainRequest } from "#core/api/jobs.ts";
import { InputError } from "#core/api/problem.ts";
import type { Params } from "#core/bundle/manifest.ts";
import { cancelJob, listJobs, queueTraining, readJob } from "../../client/jobs.ts";
import { onlyDataset } from "../../dataset/find-dataset.ts";
import { connect } from "../connection.ts";
import type { ConnectionOptions } from "../connection-options.ts";
import { layJob, layJobs, showCourse } from "../job-report.ts";
import { printResult, tell } from "../output.ts";

interface JobsOptions extends ConnectionOptions {
  readonly dataset?: string;
  readonly state?: string;
  readonly json?: boolean;
}

interface RetrainOptions extends ConnectionOptions {
  readonly dataset?: string;
  readonly family: readonly string[];
  readonly param: Params;
  readonly timeout?: number;
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly [option: string]: unknown;
}

export async function list(options: JobsOptions): Promise<void> {
  const { dataset, state } = options;
  const query = Object.entries({ dataset, state }).filter(([, value]) => value !== undefined);
  const jobs = await listJobs(connect(options).server, Object.fromEntries(query) as Record<string, string>);
  printResult(options.json, { jobs }, () => layJobs(jobs));
}

/** Prints the job as it ended; throws where it did not succeed, for the exit code. */
function printEnd(job: Job, json: boolean | undefined): void {
  printResult(json, job, () => layJob(job));
  if (job.state !== "succeeded") throw new Error(`the job ${job.state}${job.error ? `: ${job.error}` : ""}`);
}

export async function watch(id: string, options: JobsOptions): Promise<void> {
  const { server } = connect(options);
  await showCourse(server, id);
  printEnd(await readJob(server, id), options.json);
}

function requestOf(options: RetrainOptions): TrainRequest {
  const { family, param, timeout, preset, trials, models, seed, source, promote, reason } = options;
  const request = TrainRequest.safeParse({
    ...{ preset, trials, models, seed, source, promote, reason },
    families: family.length > 0 ? family : undefined,
    params: Object.keys(param).length > 0 ? param : undefined,
    timeout: timeout === undefined ? undefined : timeout / 1000,
  });
  if (request.success) return request.data;
  throw new InputError(
    request.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`).join("; "),
  );
}

export async function retrain(options: RetrainOptions): Promise<void> {
  const request = requestOf(options);
  const { server } = connect(options);
  const job = await queueTraining(server, options.dataset ?? onlyDataset(), request);
  if (!options.wait) {
    printResult(options.json, job, () => `${job.id}: ${job.state}; appraise jobs watch ${job.id} follows it`);
    return;
  }
  tell(`${job.id}: waits for a trainer; ending this command does not cancel it`);
  await showCourse(server, job.id);
  printEnd(await readJob(server, job.id), options.json);
}

export async function show(id: string, options: JobsOptions): Promise<void> {
  const job = await readJob(connect(options).server, id);
  printResult(options.json, job, () => layJob(job));
}

export async function cancel(id: string, options: JobsOptions): Promise<void> {
  const job = await cancelJob(connect(options).server, id);
  printResult(options.json, job, () => layJob(job));
}
