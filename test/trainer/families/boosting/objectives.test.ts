// Objectives against finite differences of their losses, and against the closed forms of a single leaf.
import { describe, expect, it } from "vitest";
import { fillProbabilities } from "../../../../trainer/families/boosting/objectives/classes.ts";
import { type ObjectiveChoice, objectiveOf } from "../../../../trainer/families/boosting/objectives/index.ts";
import { boost, numberMatrix } from "./rows.ts";

const margins = [-1.3, -0.2, 0.4, 1.7];

/** What a case says of its objective: targets, and whether the loss is its own mean (not a root), with a hessian that is the second derivative. */
interface Case {
  readonly choice: ObjectiveChoice;
  readonly targets: readonly number[];
  readonly hasTrueHessian: boolean;
  /** From the reported loss to the sum that gradients are of. */
  readonly toLoss?: (metric: number) => number;
}

const cases: readonly Case[] = [
  {
    choice: { name: "squaredError" },
    targets: [0.3, -2],
    hasTrueHessian: true,
    toLoss: (metric) => metric ** 2 / 2,
  },
  { choice: { name: "absoluteError" }, targets: [0.3, -2], hasTrueHessian: false },
  { choice: { name: "huber", delta: 0.5 }, targets: [0.3, -2], hasTrueHessian: false },
  { choice: { name: "quantile", share: 0.8 }, targets: [0.3, -2], hasTrueHessian: false },
  { choice: { name: "poisson" }, targets: [0, 3], hasTrueHessian: true },
  { choice: { name: "gamma" }, targets: [0.5, 3], hasTrueHessian: true },
  { choice: { name: "tweedie", power: 1.4 }, targets: [0, 3], hasTrueHessian: true },
  { choice: { name: "logistic" }, targets: [0, 1], hasTrueHessian: true },
];

describe.each(cases)("$choice.name", ({ choice, targets, hasTrueHessian, toLoss = (metric) => metric }) => {
  const objective = objectiveOf(choice);
  const at = (margin: number, target: number) => {
    const arrays = { target: Float32Array.of(target), weights: undefined };
    const out = new Float32Array(2);
    const place = { from: 0, to: 1, output: 0, probabilities: undefined };
    objective.gradients({ ...place, ...arrays, margins: Float32Array.of(margin), out, stride: 2 });
    // Float64 in float32's clothes: differences need more digits than float32 keeps.
    const exact = [Float64Array.of(margin) as unknown as Float32Array];
    return { loss: toLoss(objective.loss({ ...arrays, margins: exact })), gradient: out[0], hessian: out[1] };
  };

  it("has the loss's derivatives", () => {
    const step = 1e-3;
    for (const target of targets) {
      for (const margin of margins) {
        const [low, high] = [at(margin - step, target), at(margin + step, target)];
        expect(at(margin, target).gradient).toBeCloseTo((high.loss - low.loss) / (2 * step), 3);
        if (!hasTrueHessian) continue;
        expect(at(margin, target).hessian).toBeCloseTo((high.gradient - low.gradient) / (2 * step), 2);
      }
    }
  });

  it("starts where no other constant does better", () => {
    const target = Float32Array.from([...targets, ...targets, targets[0], targets[0], targets[1]]);
    const [base] = objective.baseScore(target, undefined);
    const loss = (margin: number) =>
      objective.loss({ target, weights: undefined, margins: [new Float32Array(target.length).fill(margin)] });
    if (choice.name === "huber") return;
    for (const other of [base - 0.1, base + 0.1])
      expect(loss(other)).toBeGreaterThanOrEqual(loss(base) - 1e-6);
  });
});

describe("softmax", () => {
  const objective = objectiveOf({ name: "softmax", classes: 3 });
  const lossAt = (values: readonly number[]) =>
    objective.loss({
      target: Float32Array.of(1),
      weights: undefined,
      margins: values.map((value) => Float64Array.of(value) as unknown as Float32Array),
    });

  it("has the loss's derivative by each margin", () => {
    const values = [0.3, -0.8, 1.9];
    const of = () => values.map((value) => Float32Array.of(value));
    const probabilities = of();
    fillProbabilities(of(), probabilities, 0, 1);
    expect(probabilities.reduce((sum, [value]) => sum + value, 0)).toBeCloseTo(1, 6);
    for (const output of [0, 1, 2]) {
      const out = new Float32Array(2);
      objective.gradients({
        from: 0,
        to: 1,
        output,
        margins: of()[output],
        target: Float32Array.of(1),
        weights: undefined,
        probabilities: probabilities[output],
        out,
        stride: 2,
      });
      const moved = (by: number) => lossAt(values.map((value, k) => (k === output ? value + by : value)));
      expect(out[0]).toBeCloseTo((moved(1e-4) - moved(-1e-4)) / 2e-4, 4);
    }
  });
});

describe("a full step on one split", () => {
  const target = [1, 2, 6, 20, 21, 30];
  const sample = { matrix: numberMatrix([0, 0, 0, 1, 1, 1]), target: Float32Array.from(target) };
  const step = { trees: 1, learningRate: 1, lambda: 0, maxDepth: 1, minChildWeight: 0 };
  const values = (choice: ObjectiveChoice, weights?: readonly number[]) => {
    const { ensemble } = boost(sample, { ...step, objective: choice, weights, maxDeltaStep: 0 });
    return [ensemble.trees[0].left[0], ensemble.trees[0].right[0]].map(
      (leaf) => ensemble.baseScore[0] + ensemble.trees[0].value[leaf],
    );
  };

  it("gives each side its mean, its median, its quantile", () => {
    expect(values({ name: "squaredError" })).toEqual([expect.closeTo(3, 4), expect.closeTo(71 / 3, 4)]);
    expect(values({ name: "absoluteError" })).toEqual([expect.closeTo(2, 4), expect.closeTo(21, 4)]);
    expect(values({ name: "quantile", share: 0.9 })).toEqual([expect.closeTo(6, 4), expect.closeTo(30, 4)]);
  });

  it("weighs rows", () => {
    const weights = [1, 1, 8, 1, 1, 8];
    expect(values({ name: "squaredError" }, weights)).toEqual([
      expect.closeTo(51 / 10, 4),
      expect.closeTo(281 / 10, 4),
    ]);
    expect(values({ name: "absoluteError" }, weights)).toEqual([expect.closeTo(6, 4), expect.closeTo(30, 4)]);
  });

  it("takes Newton's step from the base score where the loss is curved", () => {
    const base = 80 / 6;
    const newton = (side: readonly number[]) =>
      Math.log(base) + (side.reduce((sum, value) => sum + value, 0) - 3 * base) / (3 * base);
    expect(values({ name: "poisson" })).toEqual([
      expect.closeTo(newton([1, 2, 6]), 4),
      expect.closeTo(newton([20, 21, 30]), 4),
    ]);
  });
});
