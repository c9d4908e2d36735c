// Threads that share out the folds of a cross-validation. A fold's predictions do not depend on where it was fitted.
import { Worker } from "node:worker_threads";
import { InputError } from "#core/api/problem.ts";
import type { LabelledTable } from "#core/dataset/table.ts";
import type { FoldPredictions, FoldSubject } from "./fold.ts";
import type { FoldMessage, FoldRequest } from "./fold-worker.ts";
import { shareColumn, shareTable } from "./shared-table.ts";

function share({ spec, train, folds, seed }: FoldSubject): FoldSubject {
  const { count, assigned, copies } = folds;
  const shared = { count, assigned: shareColumn(assigned) };
  if (!copies) return { spec, train: shareTable(train), folds: shared, seed };
  // The rows that the copies were made of are not needed to predict them, only how many there are.
  const { rows, sources, table } = copies;
  const columns = shareTable({ ...table, target: new Float64Array(0) } as LabelledTable).columns;
  const slim = { rows: rows.map(() => ({})), sources, table: { rows: table.rows, columns } };
  return { spec, train: shareTable(train), folds: { ...shared, copies: slim }, seed };
}

/** Starts threads as folds come, up to `threads`. Must be closed. */
export class FoldPool {
  readonly #subject: FoldSubject;
  readonly #threads: number;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  readonly #waiting: (() => void)[] = [];
  #shared: FoldSubject | undefined;
  #isClosed = false;

  constructor(subject: FoldSubject, threads: number) {
    this.#subject = subject;
    this.#threads = threads;
  }

  /** Whether a thread has been started, so that a further fold costs no start. */
  get isWarm(): boolean {
    return this.#all.size > 0;
  }

  /** Rejects with InputError where the family refuses the rows, and with Error where the thread dies or the pool is closed. */
  async predict(request: FoldRequest, progress: (share: number) => void): Promise<FoldPredictions> {
    const worker = await this.#take();
    try {
      return await new Promise((resolve, reject) => {
        const settle = (end: () => void) => {
          worker.off("message", listen).off("error", fail).off("exit", exit);
          end();
        };
        const listen = (message: FoldMessage) => {
          if (message.kind === "progress") progress(message.share);
          else if (message.kind === "done") settle(() => resolve(message.predictions));
          else {
            const { error, isInput } = message;
            settle(() => reject(isInput ? new InputError(error) : new Error(error)));
          }
        };
        const fail = (error: Error) => settle(() => reject(error));
        const exit = (code: number) => settle(() => reject(new Error(`a thread ended with code ${code}`)));
        worker.on("message", listen).on("error", fail).on("exit", exit);
        worker.postMessage(request);
      });
    } finally {
      if (this.#all.has(worker)) this.#idle.push(worker);
      this.#waiting.shift()?.();
    }
  }

  async #take(): Promise<Worker> {
    while (this.#idle.length === 0 && this.#all.size >= this.#threads) {
      await new Promise<void>((resume) => this.#waiting.push(resume));
    }
    // What still waits when the pool closes must not start a thread that nobody ends.
    if (this.#isClosed) throw new Error("the fold pool is closed");
    const idle = this.#idle.pop();
    if (idle) return idle;
    this.#shared ??= share(this.#subject);
    const worker = new Worker(new URL("./fold-worker.ts", import.meta.url), { workerData: this.#shared });
    this.#all.add(worker);
    // One that dies while idle must not end the process.
    worker.on("error", () => {});
    worker.once("exit", () => this.#all.delete(worker));
    return worker;
  }

  /** Ends the threads; folds that run or wait are rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
    for (const resume of this.#waiting.splice(0)) resume();
  }
}
