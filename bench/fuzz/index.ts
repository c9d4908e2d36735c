// bench:fuzz: the evaluator under fire for minutes: mutated ONNX files, each from a seed of its own, in one thread as it is and in one whose
// typed arrays throw beyond their ends.
//
//   npm run bench:fuzz [-- --minutes 10 --seed 1]
//
// Ends with 1 and the seed where anything but InputError comes out, an answer changes, memory grows, or one file takes longer than five seconds.
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { makeCorpus } from "../../test/core/onnx/fuzz/corpus.ts";
import { mutate } from "../../test/core/onnx/fuzz/mutate.ts";
import { seeded } from "../../trainer/random.ts";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, seed: { type: "string", default: "1" } },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error("expected --minutes above 0 and --seed, a whole number");
  process.exit(2);
}

const patienceMs = 5000;
/** How far the memory of the process may rise above that of the first minute's end. */
const mostGrowth = 256 * 2 ** 20;

export interface Progress {
  readonly refused: number;
  readonly ran: number;
  readonly slowestMs: number;
}

interface Thread {
  readonly name: string;
  readonly worker: Worker;
  /** The seed at work and when it was begun, in ms since 1970. */
  readonly now: Float64Array;
  progress: Progress;
}

const corpus = await makeCorpus();

function fail(what: string, { name, now }: Thread, error?: unknown): never {
  const file = join(tmpdir(), `fuzz-${now[0]}.onnx`);
  writeFileSync(file, mutate(corpus, seeded(now[0])));
  console.error(`${name}, seed ${now[0]}: ${what}; the file is ${file}`, error ?? "");
  process.exit(1);
}

function startThread(name: string, isGuarded: boolean, firstSeed: number): Thread {
  const now = new Float64Array(new SharedArrayBuffer(16));
  const workerData = { corpus, firstSeed, isGuarded, now };
  const worker = new Worker(new URL("hostile-thread.ts", import.meta.url), { workerData });
  const thread: Thread = { name, worker, now, progress: { refused: 0, ran: 0, slowestMs: 0 } };
  worker.on("message", (progress: Progress) => {
    thread.progress = progress;
  });
  worker.on("error", (error) => fail("something other than InputError", thread, error));
  return thread;
}

// Seeds far apart, so that no file is tried twice.
const first = (seed * 0x9e3779b1) >>> 0;
const threads = [startThread("plain", false, first), startThread("guarded", true, (first + 2 ** 31) >>> 0)];
const start = Date.now();
let settled: number | undefined;
const watch = setInterval(() => {
  for (const thread of threads) {
    if (thread.now[1] > 0 && Date.now() - thread.now[1] > patienceMs)
      fail(`longer than ${patienceMs} ms`, thread);
  }
  const { rss } = process.memoryUsage();
  if (Date.now() - start > 60_000) settled ??= rss;
  if (settled !== undefined && rss - settled > mostGrowth) fail(`memory grew to ${rss} bytes`, threads[0]);
}, 200);
await new Promise((resolve) => setTimeout(resolve, minutes * 60_000));
clearInterval(watch);
for (const { name, worker, progress } of threads) {
  const { refused, ran, slowestMs } = progress;
  console.log(
    `${name}: ${refused + ran} files in ${minutes} min, ${refused} refused, ${ran} priced alike each time; the slowest took ${slowestMs.toFixed(0)} ms`,
  );
  await worker.terminate();
}
console.log(
  `memory at the end ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB; no crash, no hang, no read out of bounds`,
);
