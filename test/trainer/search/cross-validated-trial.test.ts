// Cross-validation of a family with known answers: the mean of the other folds.
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Family } from "../../../trainer/families/family.ts";
import { crossValidatedTrial } from "../../../trainer/search/cross-validated-trial.ts";
import { shareTable } from "../../../trainer/search/shared-table.ts";

const spec: DatasetSpec = {
  name: "things",
  title: "Things",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "things.csv" },
  target: { name: "price", unit: "USD", transform: "none" },
  features: [{ name: "size", type: "number", required: true, exclusiveMinimum: false }],
  clean: [],
  split: { testShare: 0.2, seed: 1 },
};

/** Predicts the mean target of its training rows, times `factor`. */
const mean: Family<{ factor: number }> = {
  name: "mean",
  title: "Mean",
  tasks: ["regression"],
  params: z.strictObject({ factor: z.number().min(0).default(1) }),
  candidates: () => [],
  fit({ factor }, train) {
    const average = (factor * train.target.reduce((sum, value) => sum + value, 0)) / train.rows;
    return {
      predict: ({ rows }) => new Float64Array(rows).fill(average),
      addTo: () => "prediction",
      report: () => ({}),
    };
  },
};

const train = {
  rows: 5,
  columns: { size: Float32Array.of(1, 2, 3, 4, 5) },
  target: Float64Array.of(10, 20, 30, 40, 50),
};
const folds = { count: 2, assigned: Uint8Array.of(0, 1, 0, 1, 1) };
const subject = { spec, train, folds, seed: 1 };
const high = (20 + 40 + 50) / 3;
const low = (10 + 30) / 2;
const first = (high - 10 + (high - 30)) / 2;
const all = (2 * first + 0 + 20 + 30) / 5;

describe("crossValidatedTrial", () => {
  it("is the error of each row by the model that did not see it, reported fold by fold", async () => {
    const reports: number[] = [];
    const value = await crossValidatedTrial(mean as Family, subject)(
      { number: 0, params: {} },
      async (standing) => {
        reports.push(standing);
      },
    );
    expect(low).toBe(20);
    expect(reports[0]).toBeCloseTo(first, 12);
    expect(value).toBeCloseTo(all, 12);
    expect(reports).toEqual([reports[0], value]);
  });

  it("stops when the report gives the trial up", async () => {
    const fitted: number[] = [];
    const family: typeof mean = {
      ...mean,
      fit(...given) {
        fitted.push(1);
        return mean.fit(...given);
      },
    };
    const report = async () => {
      throw new Error("given up");
    };
    const evaluate = crossValidatedTrial(family as Family, subject);
    await expect(evaluate({ number: 0, params: {} }, report)).rejects.toThrow("given up");
    expect(fitted).toHaveLength(1);
  });

  it("names bad parameters, takes fixed ones, and fails on prices that are not finite", async () => {
    const run = async (params: Record<string, number>, fixed = {}) =>
      crossValidatedTrial(mean as Family, { ...subject, fixed })({ number: 0, params }, async () => {});
    await expect(run({ factor: -1 })).rejects.toThrow("/factor");
    await expect(run({ depth: 1 })).rejects.toThrow("depth");
    await expect(run({}, { factor: 2 })).resolves.toBeGreaterThan(all);
    await expect(run({ factor: 1e308 })).rejects.toThrow("not finite");
  });
});

describe("shareTable", () => {
  it("holds the same values in shared memory", () => {
    const weights = Float64Array.of(1, 2, 3, 4, 5);
    const shared = shareTable({ ...train, weights });
    expect(shared).toEqual({ ...train, weights });
    expect(shared.columns.size.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(shared.target.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(shared.weights!.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});
