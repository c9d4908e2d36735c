// Training threads kept for the next fit: starting one takes longer than fitting a small model.
import { availableParallelism } from "node:os";
import { isMainThread, Worker } from "node:worker_threads";
import type { Assignment } from "./assignment.ts";

const workers: Worker[] = [];

/** Rows that a further thread must find to earn its keep. */
const rowsPerThread = 20_000;
const mostThreads = 8;

/** How many threads a fit on `rows` rows should take: one inside a worker, where other trials use the others. */
export function usableThreads(rows: number): number {
  if (!isMainThread) return 1;
  return Math.max(1, Math.min(mostThreads, availableParallelism(), Math.floor(rows / rowsPerThread)));
}

function start(): Worker {
  const worker = new Worker(new URL("./worker.ts", import.meta.url));
  // A waiting thread must not keep the process alive.
  worker.unref();
  // A thread that cannot start, or dies, is not missed: the others take its tasks.
  worker.on("error", () => {});
  worker.on("exit", () => {
    const place = workers.indexOf(worker);
    if (place >= 0) workers.splice(place, 1);
  });
  return worker;
}

/**
 * Sends the assignment to `count` threads. They join when they are up and done with the fit before, which the same caller has dismissed
 * (see Team): fits of one caller never overlap.
 */
export function enlist(count: number, assignment: Omit<Assignment, "thread">): void {
  while (workers.length < count) workers.push(start());
  workers.slice(0, count).forEach((worker, index) => {
    worker.postMessage({ ...assignment, thread: index + 1 });
  });
}
