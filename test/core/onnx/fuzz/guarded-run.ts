// A thread whose typed arrays throw beyond their ends: the corpus and mutations of it, one seed each.
import { parentPort, workerData } from "node:worker_threads";
import { seeded } from "../../../../trainer/random.ts";
import { guardTypedArrays, OutOfBounds } from "./guarded-arrays.ts";
import { mutate } from "./mutate.ts";
import { runHostile } from "./run-hostile.ts";

const { corpus, firstSeed, count } = workerData as { corpus: Uint8Array[]; firstSeed: number; count: number };
guardTypedArrays();
const counts = { refused: 0, ran: 0, guards: false };
try {
  counts.guards = new Float64Array(2)[2] !== undefined;
} catch (error) {
  counts.guards = error instanceof OutOfBounds;
}
for (const bytes of corpus) counts[runHostile(bytes)]++;
for (let seed = firstSeed; seed < firstSeed + count; seed++) {
  try {
    counts[runHostile(mutate(corpus, seeded(seed)))]++;
  } catch (error) {
    throw new Error(`seed ${seed}`, { cause: error });
  }
}
parentPort?.postMessage(counts);
