// appraise jobs and retrain: what the server has to do, and asking it for a training.
import { type Command, Option } from "commander";
import type { Params } from "#core/bundle/manifest.ts";
import { promotionModes } from "../../publish/promotion-mode.ts";
import { addConnectionOptions } from "../connection-options.ts";
import { parseCount, parseDuration, parseSeed, parseTrials } from "../numbers.ts";
import { collectParam } from "../search-options.ts";

const actions = () => import("../actions/jobs.ts");

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
  withJson(command).action(async (options) => (await actions()).retrain(options));
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
  ).action(async (options) => (await actions()).list(options));
  withJson(jobs.command("show").description("everything about one job").argument("<job>", "its id")).action(
    async (id, options) => (await actions()).show(id, options),
  );
  withJson(
    jobs.command("cancel").description("cancel a job, in the middle of it too").argument("<job>", "its id"),
  ).action(async (id, options) => (await actions()).cancel(id, options));
  withJson(jobs.command("watch").description("follow a job to its end").argument("<job>", "its id")).action(
    async (id, options) => (await actions()).watch(id, options),
  );
}
