// The same bits from WebAssembly and plain kernels, from one thread and several, from one run and the next.
import { describe, expect, it } from "vitest";
import { findModule } from "../../../../trainer/families/boosting/kernels/module.ts";
import type { FitOptions } from "../../../../trainer/families/boosting/options.ts";
import { seeded } from "../../../../trainer/random.ts";
import { bitsOf, boost, drawSample, type Sample } from "./rows.ts";

const rows = 20_000;
const sample = drawSample(rows, 7);
const random = seeded(3);
const weights = Float32Array.from({ length: rows }, () => random() * 3);
const monotone: Sample = {
  ...sample,
  matrix: {
    ...sample.matrix,
    features: sample.matrix.features.map((feature) =>
      feature.name === "place" ? feature : { ...feature, monotone: 1 as const },
    ),
  },
};
const classes: Sample = {
  ...sample,
  target: sample.target.map((value) => (value < 3 ? 0 : value < 9 ? 1 : 2)),
};
const positive: Sample = { ...sample, target: sample.target.map((value) => Math.max(0, value)) };

const cases: Readonly<Record<string, readonly [Sample, Partial<FitOptions>]>> = {
  "squared error": [sample, {}],
  "sample weights": [sample, { weights }],
  "monotone features": [monotone, { alpha: 0.5 }],
  "drawn rows and columns": [sample, { rowShare: 0.6, columnShare: 0.75, columnShareLevel: 0.7, seed: 5 }],
  "leaf-wise growth": [sample, { growth: "leafWise", maxLeaves: 20, maxDepth: 12 }],
  "a budget of leaves by level": [sample, { maxLeaves: 20 }],
  "deep trees": [sample, { maxDepth: 12, minChildWeight: 0 }],
  "absolute error with weights": [sample, { objective: { name: "absoluteError" }, weights }],
  poisson: [positive, { objective: { name: "poisson" } }],
  softmax: [classes, { objective: { name: "softmax", classes: 3 }, trees: 4 }],
  "validation rows": [sample, { validation: drawSample(500, 8), earlyStopping: 3 }],
};

it("has WebAssembly kernels to compare", () => {
  expect(findModule()).toBeDefined();
});

describe.each(Object.entries(cases))("%s", (_, [data, options]) => {
  const plain = boost(data, { ...options, kernels: "plain" });

  it("from WebAssembly", () => {
    const { ensemble, history } = boost(data, { ...options, kernels: "wasm" });
    expect(bitsOf(ensemble)).toEqual(bitsOf(plain.ensemble));
    expect(history.validation).toEqual(plain.history.validation);
  });

  it.each([2, 3])("from %i threads", (threads) => {
    const { ensemble } = boost(data, { ...options, kernels: "wasm", threads });
    expect(bitsOf(ensemble)).toEqual(bitsOf(plain.ensemble));
  });
});

it("draws other rows with another seed", () => {
  const options = { rowShare: 0.5, trees: 2 };
  const first = bitsOf(boost(sample, { ...options, seed: 1 }).ensemble);
  expect(bitsOf(boost(sample, { ...options, seed: 1 }).ensemble)).toEqual(first);
  expect(bitsOf(boost(sample, { ...options, seed: 2 }).ensemble)).not.toEqual(first);
});

it("leaves its inputs as they are", () => {
  const copy = drawSample(rows, 7);
  boost(sample, { weights, rowShare: 0.5 });
  expect(sample.target).toEqual(copy.target);
  expect(sample.matrix).toEqual(copy.matrix);
});
