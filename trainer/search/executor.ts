// Where trials run: in this thread, or one a worker thread.
import { Worker } from "node:worker_threads";
import { type Evaluate, TrialPruned, type TrialRequest } from "./trial.ts";

export type Outcome =
  | { readonly state: "complete"; readonly value: number }
  | { readonly state: "pruned" }
  | { readonly state: "failed"; readonly error: string };

export interface TrialExecutor {
  /** How many trials may run at once. */
  readonly parallel: number;
  /** Runs one trial; `report` answers whether to give it up. Never rejects: what goes wrong is a failed outcome. */
  run(trial: TrialRequest, report: (value: number) => boolean): Promise<Outcome>;
  /** Ends what runs and frees the threads. */
  close(): Promise<void>;
}

/** What main thread and worker say to each other. */
export type ToWorker =
  | { readonly kind: "run"; readonly trial: TrialRequest }
  | { readonly kind: "verdict"; readonly prune: boolean };
export type FromWorker =
  | { readonly kind: "report"; readonly value: number }
  | { readonly kind: "outcome"; readonly outcome: Outcome };

/** A failure's message at the length that a manifest keeps. */
function toReason(message: string): string {
  return message.slice(0, 500);
}

/** Evaluates and sorts the ways it can end. */
export async function settle(
  evaluate: Evaluate,
  trial: TrialRequest,
  prune: (value: number) => boolean | Promise<boolean>,
): Promise<Outcome> {
  try {
    const value = await evaluate(trial, async (standing) => {
      if (!Number.isFinite(standing)) throw new RangeError(`reported ${standing}`);
      if (await prune(standing)) throw new TrialPruned();
    });
    if (!Number.isFinite(value)) throw new RangeError(`the trial's value is ${value}`);
    return { state: "complete", value };
  } catch (error) {
    if (error instanceof TrialPruned) return { state: "pruned" };
    return { state: "failed", error: toReason(error instanceof Error ? error.message : String(error)) };
  }
}

/** Runs one trial at a time in this thread. */
export function inlineExecutor(evaluate: Evaluate): TrialExecutor {
  return { parallel: 1, run: (trial, report) => settle(evaluate, trial, report), close: async () => {} };
}

export interface WorkerOptions {
  /** Module that calls serveTrials with the same `shared` type. */
  readonly entry: URL;
  /** Handed to every worker once; typed arrays over SharedArrayBuffer are shared, the rest is copied. */
  readonly shared: unknown;
  readonly threads: number;
}

/** One trial a worker thread. A worker that dies fails its trial and is replaced. */
export function workerExecutor({ entry, shared, threads }: WorkerOptions): TrialExecutor {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  let closed = false;

  function start(): Worker {
    const worker = new Worker(entry, { workerData: shared });
    all.add(worker);
    // One that dies while idle must neither end the process nor be given a trial.
    worker.on("error", () => {});
    worker.once("exit", () => {
      all.delete(worker);
      const at = idle.indexOf(worker);
      if (at >= 0) idle.splice(at, 1);
    });
    return worker;
  }

  function run(trial: TrialRequest, report: (value: number) => boolean): Promise<Outcome> {
    const worker = idle.pop() ?? start();
    const send = (message: ToWorker) => worker.postMessage(message);
    return new Promise((resolve) => {
      const finish = (outcome: Outcome, alive: boolean) => {
        worker.off("message", listen).off("error", fail).off("exit", exit);
        if (alive && !closed) idle.push(worker);
        resolve(outcome);
      };
      const listen = (message: FromWorker) => {
        if (message.kind === "report") send({ kind: "verdict", prune: report(message.value) });
        else if (message.kind === "outcome") finish(message.outcome, true);
      };
      const fail = (error: unknown) =>
        finish(
          { state: "failed", error: toReason(`worker: ${(error as Error)?.message ?? String(error)}`) },
          false,
        );
      const exit = (code: number) =>
        finish({ state: "failed", error: `worker ended with code ${code}` }, false);
      worker.on("message", listen).on("error", fail).on("exit", exit);
      send({ kind: "run", trial });
    });
  }

  async function close(): Promise<void> {
    closed = true;
    await Promise.all([...all].map((worker) => worker.terminate()));
  }

  return { parallel: threads, run, close };
}
