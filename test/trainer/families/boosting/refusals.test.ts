// What a booster cannot be fitted on is refused by name.
import { expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import type { FitOptions } from "../../../../trainer/families/boosting/options.ts";
import { boost, numberMatrix, type Sample } from "./rows.ts";

const numbers = (values: readonly number[], target: readonly number[]): Sample => ({
  matrix: numberMatrix(values),
  target: Float32Array.from(target),
});
const fine = numbers([1, 2, 3], [1, 2, 3]);

const cases: Readonly<Record<string, readonly [Sample, Partial<FitOptions>, string]>> = {
  "no rows": [numbers([], []), {}, "boosting: expected training rows; got none"],
  "no features": [
    { ...fine, matrix: { rows: 3, features: [] } },
    {},
    "boosting: expected at least one feature; got none",
  ],
  "a constant target": [numbers([1, 2, 3], [4, 4, 4]), {}, "/target: expected values that differ; all are 4"],
  "one class": [
    numbers([1, 2, 3], [1, 1, 1]),
    { objective: { name: "logistic" } },
    "/target: expected rows of two or more classes; all are of class 1",
  ],
  "an unknown class": [
    numbers([1, 2, 3], [0, 1, 3]),
    { objective: { name: "softmax", classes: 3 } },
    "/target: expected a class from 0 to 2; got 3 (training row 3)",
  ],
  "a target that is not a number": [
    numbers([1, 2, 3], [1, Number.NaN, 3]),
    {},
    "/target: expected a finite number; got NaN (training row 2)",
  ],
  "a negative count": [
    numbers([1, 2, 3], [1, -2, 3]),
    { objective: { name: "poisson" } },
    "/target: expected 0 or more; got -2 (training row 2)",
  ],
  "an amount of 0": [
    numbers([1, 2, 3], [1, 0, 3]),
    { objective: { name: "gamma" } },
    "/target: expected a number above 0; got 0 (training row 2)",
  ],
  "a column that is missing in every row": [
    numbers([Number.NaN, Number.NaN], [1, 2]),
    {},
    "/x: every training row misses it; leave it out",
  ],
  "a category that is missing in every row": [
    {
      matrix: {
        rows: 2,
        features: [
          { name: "c", type: "category", levels: ["a"], values: Int32Array.of(-1, -1), ordered: false },
        ],
      },
      target: Float32Array.of(1, 2),
    },
    {},
    "/c: every training row misses it; leave it out",
  ],
  "an infinite cell": [
    numbers([1, Number.POSITIVE_INFINITY, 3], [1, 2, 3]),
    {},
    "/x: expected finite numbers, or NaN where missing; got Infinity",
  ],
  "a column of another length": [
    { ...fine, matrix: { ...fine.matrix, rows: 4 }, target: Float32Array.of(1, 2, 3, 4) },
    {},
    "/x: expected 4 values; got 3",
  ],
  "a negative weight": [
    fine,
    { weights: [1, -1, 1] },
    "/weights: expected a finite number of 0 or more; got -1 (training row 2)",
  ],
  "no weight at all": [
    fine,
    { weights: [0, 0, 0] },
    "/weights: expected a weight above 0 in some training row",
  ],
  "validation rows with other columns": [
    fine,
    {
      validation: {
        matrix: { rows: 1, features: [{ name: "y", type: "number", values: Float32Array.of(1) }] },
        target: [1],
      },
    },
    "boosting: expected validation columns x (number); got y (number)",
  ],
};

it.each(Object.entries(cases))("%s", (_, [sample, options, message]) => {
  expect(() => boost(sample, options)).toThrow(InputError);
  expect(() => boost(sample, options)).toThrow(message);
});

it("allocates no histograms for leaves that three rows cannot have", () => {
  const options = { maxLeaves: 65_536, maxDepth: 16, growth: "leafWise", minChildWeight: 0 } as const;
  expect(boost(fine, options).ensemble.trees).toHaveLength(10);
});

it("more histograms than memory should hold, with rows for them", () => {
  const values = Float32Array.from({ length: 70_000 }, (_, k) => k);
  const features = Array.from({ length: 40 }, (_, k) => ({ name: `f${k}`, type: "number" as const, values }));
  const sample = { matrix: { rows: values.length, features }, target: values };
  expect(() => boost(sample, { maxLeaves: 65_536, maxDepth: 16 })).toThrow(
    /^\/maxLeaves: expected trees whose histograms fit 1024 MB/,
  );
});

it("a fit that runs off to infinity", () => {
  // The base score is the mean; from there to the first target is more than float32 holds.
  const sample = numbers([1, 2, 3, 4], [3.4e38, -3.4e38, -3.4e38, -3.4e38]);
  expect(() => boost(sample)).toThrow(/^\/learningRate: the fit ran off to infinity/);
});
