// The worker's side of a search: a worker entry calls serveTrials with what it evaluates.
import { parentPort, workerData } from "node:worker_threads";
import { type FromWorker, settle, type ToWorker } from "./executor.ts";
import type { Evaluate } from "./trial.ts";

/** Answers every trial that the main thread sends, one at a time. `create` is given the shared data once. */
export function serveTrials<Shared>(create: (shared: Shared) => Evaluate | Promise<Evaluate>): void {
  const port = parentPort;
  if (!port) throw new Error("serveTrials runs in a worker thread only");
  const created = Promise.resolve(workerData as Shared).then(create);
  // A failure to set up is told by the first trial.
  created.catch(() => {});
  let decide: ((prune: boolean) => void) | undefined;
  const send = (message: FromWorker) => port.postMessage(message);
  port.on("message", async (message: ToWorker) => {
    if (message.kind === "verdict") {
      decide?.(message.prune);
      return;
    }
    const evaluate: Evaluate = async (trial, report) => (await created)(trial, report);
    const outcome = await settle(
      evaluate,
      message.trial,
      (value) =>
        new Promise<boolean>((resolve) => {
          decide = resolve;
          send({ kind: "report", value });
        }),
    );
    send({ kind: "outcome", outcome });
  });
}
