import { expect, test } from "vitest";
import { explainLinear } from "#core/explain/linear.ts";
import { seeded } from "../../../trainer/random.ts";

test("base and contributions add up to the margin, one-hot columns folded into their feature", () => {
  const random = seeded(4);
  const owners = [0, 1, 1, 1, 2];
  const numbers = () => owners.map(() => random() * 4 - 2);
  const terms = { intercept: 3, weights: numbers(), means: numbers(), owners, features: 3 };
  const columns = numbers();
  const { base, contributions } = explainLinear(terms, columns);
  const margin = columns.reduce((sum, value, at) => sum + value * terms.weights[at], terms.intercept);
  expect(base + contributions.reduce((sum, value) => sum + value, 0)).toBeCloseTo(margin, 12);
  expect(contributions[0]).toBeCloseTo(terms.weights[0] * (columns[0] - terms.means[0]), 14);
  expect(explainLinear(terms, terms.means).contributions).toEqual(new Float64Array(3));
});

test("lengths that differ are refused", () => {
  const terms = { intercept: 0, weights: [1, 2], means: [0, 0], owners: [0, 1], features: 2 };
  expect(() => explainLinear(terms, [1])).toThrow(RangeError);
  expect(() => explainLinear({ ...terms, means: [0] }, [1, 2])).toThrow(/expected 2 columns; got 1/);
});
