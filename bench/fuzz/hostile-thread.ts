// A thread of bench:fuzz: one file after the other, until it is stopped; says now and then how far it is.
import { parentPort, workerData } from "node:worker_threads";
import { guardTypedArrays } from "../../test/core/onnx/fuzz/guarded-arrays.ts";
import { mutate } from "../../test/core/onnx/fuzz/mutate.ts";
import { runHostile } from "../../test/core/onnx/fuzz/run-hostile.ts";
import { seeded } from "../../trainer/random.ts";

const { corpus, firstSeed, isGuarded, now } = workerData as {
  corpus: Uint8Array[];
  firstSeed: number;
  isGuarded: boolean;
  now: Float64Array;
};
// After the imports: what loads modules has typed arrays of its own.
if (isGuarded) guardTypedArrays();
const counts = { refused: 0, ran: 0, slowestMs: 0 };
for (let seed = firstSeed; ; seed++) {
  const bytes = mutate(corpus, seeded(seed));
  now[0] = seed;
  now[1] = Date.now();
  const start = performance.now();
  counts[runHostile(bytes)]++;
  counts.slowestMs = Math.max(counts.slowestMs, performance.now() - start);
  if (seed % 100 === 0) parentPort?.postMessage(counts);
}
