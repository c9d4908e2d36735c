import { Claim } from "#core/api/jobs.ts";
import { InputError } from "#core/api/problem.ts";
import { work } from "../../work/work-loop.ts";
import { connect } from "../connection.ts";
import type { ConnectionOptions } from "../connection-options.ts";
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

export async function runWork(options: WorkCommandOptions): Promise<void> {
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
