// appraise jobs and retrain: what the server has to do, and asking it for a training.
import { type Command, Option } from "commander";
import { type Job, TrainRequest } from "#core/api/jobs.ts";
import { InputError } from "#core/api/problem.ts";
import type { Params } from "#core/bundle/manifest.ts";
import { cancelJob, listJobs, queueTraining, readJob } from "../../client/jobs.ts";
import { onlyDataset } from "../../dataset/find-dataset.ts";
import { promotionModes } from "../../publish/promotion.ts";
import { addConnectionOptions, type ConnectionOptions, connect } from "../connection.ts";
import { layJob, layJobs, showCourse } from "../job-report.ts";
import { parseCount, parseDuration, parseSeed, parseTrials } from "../numbers.ts";
import { printResult, tell } from "../output.ts";
import { collectParam } from "../search-options.ts";

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

async function list(options: JobsOptions): Promise<void> {
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

async function watch(id: string, options: JobsOptions): Promise<void> {
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

async function retrain(options: RetrainOptions): Promise<void> {
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

const withJson = (command: Command) =>
  addConnectionOptions(command).option("--json", "print one JSON document on standard output");

function addRetrainCommand(program: Command): void {
  const add = (name: string, before: readonly string[]) => [...before, name];
  const command = program
    .command("retrain")
    .description(
      "have a trainer of the server train on its current items, publish, and promote what is surely better",
    )
    .option("--dataset <name>", "name of the dataset; may be left out where data/ holds only one")
    .option(
      "--family <name>",
      "model family, may be repeated; all when left out",
      add,
      [] as readonly string[],
    )
    .option("--preset <name>", "settings of the one --family")
    .option(
      "--param <name=value>",
      "fix a parameter of the one --family; may be repeated",
      collectParam,
      {} as Params,
    )
    .option("--trials <n>", "search parameters: so many trials a family", parseTrials)
    .option("--timeout <time>", "search parameters: start no trial later, as 90s, 10m, 2h", parseDuration)
    .option("--models <n>", "how many candidates of each family become models", parseCount)
    .option("--seed <n>", "seed of split, search and fit; the spec's when left out", parseSeed)
    .addOption(
      new Option(
        "--source <source>",
        "rows: the server's items, or the file that the trainer's own data/<name> names",
      )
        .choices(["items", "file"])
        .default("items"),
    )
    .addOption(
      new Option("--promote <mode>", "as in train; always needs --reason")
        .choices(promotionModes)
        .default("auto"),
    )
    .option("--reason <text>", "why, for the ledger of promotions")
    .option("--wait", "follow it to its end; exit code 1 where it fails");
  withJson(command).action(retrain);
}

export function addJobsCommands(program: Command): void {
  addRetrainCommand(program);
  const jobs = program.command("jobs").description("look at the trainings and batches of a server");
  withJson(
    jobs
      .command("list")
      .description("the newest jobs")
      .option("--dataset <name>", "only of this dataset")
      .option("--state <state>", "only queued, running, succeeded, failed or cancelled ones"),
  ).action(list);
  withJson(jobs.command("show").description("everything about one job").argument("<job>", "its id")).action(
    async (id: string, options: JobsOptions) => {
      const job = await readJob(connect(options).server, id);
      printResult(options.json, job, () => layJob(job));
    },
  );
  withJson(
    jobs.command("cancel").description("cancel a job, in the middle of it too").argument("<job>", "its id"),
  ).action(async (id: string, options: JobsOptions) => {
    const job = await cancelJob(connect(options).server, id);
    printResult(options.json, job, () => layJob(job));
  });
  withJson(jobs.command("watch").description("follow a job to its end").argument("<job>", "its id")).action(
    watch,
  );
}
