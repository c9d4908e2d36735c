import { afterAll, describe, expect, test } from "vitest";
import { relativeDifference } from "#core/bundle/manifest.ts";
import { loadModel } from "#core/onnx/model.ts";
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { applyLink, encodeRow, rowMargins } from "#core/trees/margin.ts";
import { seeded } from "../../../trainer/random.ts";
import { fixtures, importFixture } from "../../trainer/import/fixtures.ts";
import { randomEnsemble, randomRow } from "./random-ensemble.ts";
import { buildGraph, feedsOfRows, runInOnnxruntime } from "./run-graph.ts";

const report: Record<string, object> = {};
afterAll(() => console.table(report));

/** Largest relative difference to the reference predictor of our evaluator and of onnxruntime, over every output. */
async function compare(name: string, ensemble: TreeEnsemble, rows: readonly Float32Array[]) {
  const feeds = feedsOfRows(ensemble.features, rows);
  const expected = rows.map((row) => applyLink(ensemble.link, rowMargins(ensemble, row)));
  let evaluator = 0;
  let onnxruntime = 0;
  let sameBits = 0;
  for (let output = 0; output < ensemble.baseScore.length; output++) {
    const bytes = buildGraph(ensemble, output);
    const own = loadModel(bytes).predict(feeds, rows.length);
    const theirs = await runInOnnxruntime(bytes, feeds, rows.length);
    rows.forEach((_, row) => {
      evaluator = Math.max(evaluator, relativeDifference(own[row], expected[row][output]));
      onnxruntime = Math.max(onnxruntime, relativeDifference(theirs[row], own[row]));
      if (theirs[row] === own[row]) sameBits++;
    });
  }
  report[name] = {
    rows: rows.length,
    "evaluator off by": evaluator.toExponential(1),
    "onnxruntime off by": onnxruntime.toExponential(1),
    "same bits": `${sameBits} of ${rows.length * ensemble.baseScore.length}`,
  };
  expect(evaluator).toBeLessThanOrEqual(1e-14);
  expect(onnxruntime).toBeLessThanOrEqual(1e-4);
}

describe("imported models through ONNX", () => {
  test.each(fixtures)("$name: evaluator and onnxruntime give the same answer", async (fixture) => {
    const { ensemble } = importFixture(fixture);
    const rows = fixture.rows.map((_, row) => encodeRow(ensemble.features, fixture.table, row));
    const random = seeded(11);
    // NaN, unseen levels, both infinities, and every threshold with its float32 neighbours (the fixture's own rows).
    const fuzzed = Array.from({ length: 40 }, () => {
      const row = randomRow(random, ensemble.features);
      // A row as encodeRow gives it holds no zero where zero is missing.
      return row.map((value, at) =>
        value === 0 && ensemble.features[at].zeroIsMissing ? Number.NaN : value,
      );
    });
    await compare(fixture.name, ensemble, [...rows, ...fuzzed]);
  });
});

describe("random ensembles through ONNX", () => {
  test.each([
    { seed: 1, trees: 1, depth: 0 },
    { seed: 2, trees: 0, depth: 0 },
    { seed: 3, trees: 1, depth: 1 },
    { seed: 4, trees: 30, depth: 4 },
    { seed: 5, trees: 30, depth: 6, outputs: 3 },
    { seed: 6, trees: 2, depth: 3, outputs: 4 },
    { seed: 7, trees: 40, depth: 5, numbers: 0, categories: [2] },
    { seed: 8, trees: 40, depth: 5, numbers: 1, categories: [40, 70] },
    { seed: 9, trees: 300, depth: 6, fullness: 1 },
  ])("$trees trees of depth $depth (seed $seed)", async ({ seed, ...shape }) => {
    const ensemble = randomEnsemble(seed, shape);
    const random = seeded(seed);
    const rows = Array.from({ length: 300 }, () => randomRow(random, ensemble.features));
    await compare(`random ${seed}`, ensemble, rows);
  });

  test.each(["exp", "square", "sigmoid"] as const)("link %s", async (link) => {
    const ensemble: TreeEnsemble = { ...randomEnsemble(12, { trees: 30, depth: 4 }), link };
    const random = seeded(5);
    await compare(
      link,
      ensemble,
      Array.from({ length: 200 }, () => randomRow(random, ensemble.features)),
    );
  });
});
