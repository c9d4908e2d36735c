// appraise work: a trainer that does the server's jobs, one after another.
import { hostname } from "node:os";
import type { Command } from "commander";
import { Claim } from "#core/api/jobs.ts";
import { InputError } from "#core/api/problem.ts";
import { work } from "../../work/work-loop.ts";
import { addConnectionOptions, type ConnectionOptions, connect } from "../connection.ts";
import { parseDuration } from "../numbers.ts";
import { tell } from "../output.ts";

interface WorkCommandOptions extends ConnectionOptions {
  readonly name: string;
  readonly lease: number;
  readonly poll: number;
  readonly once?: boolean;
  readonly json?: boolean;
}

/** Aborts when the process is told to stop, or whoever started it is gone. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const abort = () => stop.abort();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, abort);
  if (process.channel) {
    process.once("disconnect", abort);
    process.channel.unref();
  }
  return stop.signal;
}

function checkClaim(worker: string, leaseSeconds: number): void {
  const claim = Claim.safeParse({ worker, leaseSeconds });
  if (claim.success) return;
  const [{ path, message }] = claim.error.issues;
  throw new InputError(`--${path[0] === "worker" ? "name" : "lease"}: ${message}`);
}

async function runWork(options: WorkCommandOptions): Promise<void> {
  const { server } = connect(options);
  const leaseSeconds = options.lease / 1000;
  checkClaim(options.name, leaseSeconds);
  const print = (document: object) => options.json && process.stdout.write(`${JSON.stringify(document)}\n`);
  const done = await work(server, {
    ...{ worker: options.name, leaseSeconds, pollMs: options.poll, once: options.once ?? false },
    signal: stopSignal(),
    onJob: (job) => tell(`${job.id}: training ${job.dataset}, attempt ${job.attempt} of ${job.attempts}`),
    onEnd: (job, state) => {
      tell(`${job.id}: ${state}`);
      print({ job: job.id, dataset: job.dataset, attempt: job.attempt, state });
    },
    onTrouble: (line) => tell(`${line}; trying again`),
  });
  if (options.once && done === 0) tell("nothing to do");
}

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
    .action(runWork);
}
