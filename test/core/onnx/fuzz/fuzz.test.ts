// The evaluator under fire, for some seconds; `npm run bench:fuzz -- --minutes 10` goes on for longer.
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { decodeModel } from "#core/onnx/decode.ts";
import { loadModel } from "#core/onnx/model.ts";
import { seeded } from "../../../../trainer/random.ts";
import { makeCorpus } from "./corpus.ts";
import { mutate } from "./mutate.ts";
import { runHostile } from "./run-hostile.ts";

let corpus: Uint8Array[];

beforeAll(async () => {
  corpus = await makeCorpus();
});

/** A field of bytes whose length says `length`, whatever follows. */
function forged(field: number, length: number): Uint8Array {
  const bytes = [field * 8 + 2];
  let rest = length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Uint8Array.from([...bytes, rest, 1, 2, 3]);
}

describe("the evaluator", () => {
  it("runs the whole corpus", () => {
    for (const bytes of corpus) expect(runHostile(bytes)).toBe("ran");
  });

  it("refuses or runs mutated files, alike each time, and never takes long", () => {
    const counts = { refused: 0, ran: 0 };
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const bytes = mutate(corpus, seeded(seed));
        const start = performance.now();
        counts[runHostile(bytes)]++;
        expect(performance.now() - start).toBeLessThan(5000);
      }),
      { numRuns: 1500 },
    );
    // Mutations that all die at the first check, or all change nothing, would show nothing.
    expect(counts.refused).toBeGreaterThan(300);
    expect(counts.ran).toBeGreaterThan(100);
  });

  it("reads no typed array beyond its ends", async () => {
    const thread = new Worker(new URL("guarded-run.ts", import.meta.url), {
      workerData: { corpus, firstSeed: 1, count: 150 },
    });
    const counts = await new Promise<{ refused: number; ran: number; guards: boolean }>((resolve, reject) => {
      thread.once("message", resolve);
      thread.once("error", reject);
    });
    expect(counts.guards).toBe(true);
    expect(counts.refused + counts.ran).toBe(150 + corpus.length);
    expect(counts.ran).toBeGreaterThanOrEqual(corpus.length);
  }, 120_000);

  it("refuses forged lengths at once, in bounded memory", () => {
    for (const length of [2 ** 20, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 45, 2 ** 53]) {
      for (const field of [1, 2, 7, 8, 14, 15]) {
        const before = process.memoryUsage();
        const start = performance.now();
        expect(() => decodeModel(forged(field, length))).toThrow(InputError);
        expect(performance.now() - start).toBeLessThan(100);
        expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(2 ** 20);
      }
    }
  });

  it("refuses a shape, a depth or a count that only claims to be large", () => {
    // [claim, where]: each replaces the same number of bytes in a sound file by a field that says more than there is.
    const [linear] = corpus;
    const before = process.memoryUsage().arrayBuffers;
    for (let at = 0; at < linear.length; at += 11) {
      const bytes = linear.slice();
      bytes.set([0xff, 0xff, 0xff, 0xff, 0x0f].slice(0, Math.min(5, linear.length - at)), at);
      try {
        loadModel(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 26);
  });
});
