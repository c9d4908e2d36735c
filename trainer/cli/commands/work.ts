// appraise work: a trainer that does the server's jobs, one after another.
import { hostname } from "node:os";
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { parseDuration } from "../numbers.ts";

const actions = () => import("../actions/work.ts");

export function addWorkCommand(program: Command): void {
  addConnectionOptions(
    program
      .command("work")
      .description(
        "do the server's trainings, one after another, until told to stop: the job at hand is then given back",
      )
      .option(
        "--name <name>",
        "how jobs name this trainer",
        `${hostname()
          .replace(/[^\w.:@-]/g, "-")
          .slice(0, 80)}:${process.pid}`,
      )
      .option(
        "--lease <time>",
        "after how long without a sign of life the job may be another trainer's, 1s to 10m",
        parseDuration,
        60_000,
      )
      .option("--poll <time>", "how long to wait where there is nothing to do", parseDuration, 5_000)
      .option("--once", "stop after one job, or where there is none"),
  )
    .option("--json", "print one line of JSON for each job that ends")
    .action(async (options) => (await actions()).runWork(options));
}
