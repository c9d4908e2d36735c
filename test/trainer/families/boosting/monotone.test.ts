// Monotone constraints hold on the float32 margins of the finished ensemble, for any data.
import fc from "fast-check";
import { expect, it } from "vitest";
import { nextFloat, previousFloat } from "#core/trees/float32.ts";
import { rowMargins } from "#core/trees/margin.ts";
import type { Matrix, Monotone } from "../../../../trainer/effects/matrix.ts";
import { fitEnsemble } from "../../../../trainer/families/boosting/fit.ts";
import { seeded } from "../../../../trainer/random.ts";
import { settingsWith } from "./rows.ts";

const cell = fc.integer({ min: 0, max: 12 }).map((value) => value / 3);
const row = fc.tuple(cell, cell, cell, fc.integer({ min: -1, max: 3 }), fc.integer({ min: -50, max: 50 }));
const rows = fc
  .array(row, { minLength: 8, maxLength: 60 })
  .filter((all) => new Set(all.map((one) => one[4])).size > 1);

function matrixOf(all: readonly (readonly number[])[], direction: Monotone): Matrix {
  const column = (index: number) => Float32Array.from(all, (one) => one[index]);
  return {
    rows: all.length,
    features: [
      { name: "a", type: "number", values: column(0), monotone: direction },
      { name: "b", type: "number", values: column(1).map((value) => (value > 3.5 ? Number.NaN : value)) },
      { name: "c", type: "number", values: column(2), monotone: -direction as Monotone },
      {
        name: "grade",
        type: "category",
        levels: ["p", "q", "r", "s"],
        values: Int32Array.from(column(3)),
        ordered: true,
        monotone: direction,
      },
    ],
  };
}

it.each(["squaredError", "absoluteError", "poisson"] as const)("%s", (name) => {
  fc.assert(
    fc.property(rows, fc.constantFrom<Monotone>(-1, 1), fc.boolean(), (all, direction, leafWise) => {
      const matrix = matrixOf(all, direction);
      const target = all.map((one) => (name === "poisson" ? one[4] + 50 : one[4]));
      const { ensemble } = fitEnsemble(
        matrix,
        target,
        settingsWith({
          objective: { name },
          trees: 15,
          learningRate: 0.3,
          minChildWeight: 0,
          lambda: 0.1,
          ...(leafWise ? { growth: "leafWise", maxLeaves: 12, maxDepth: 10 } : {}),
        }),
      );
      // Every threshold with its neighbours, and the values between them.
      const steps = ensemble.trees.flatMap((tree) => Array.from(tree.threshold));
      const values = [...new Set([...steps.flatMap((at) => [previousFloat(at), at, nextFloat(at)]), 0, 1, 4])]
        .filter(Number.isFinite)
        .sort((x, y) => x - y);
      for (const [feature, sign] of [
        [0, direction],
        [2, -direction],
        [3, direction],
      ]) {
        const range = feature === 3 ? [0, 1, 2, 3] : values;
        for (const base of all.slice(0, 5)) {
          const point = Float32Array.from(base.slice(0, 4));
          const margins = range.map((value) => {
            point[feature] = value;
            return sign * rowMargins(ensemble, point)[0];
          });
          for (let k = 1; k < margins.length; k++) expect(margins[k]).toBeGreaterThanOrEqual(margins[k - 1]);
        }
      }
    }),
    { numRuns: 40, seed: 11 },
  );
});

it("would not hold by itself", () => {
  const values = Float32Array.from({ length: 64 }, (_, k) => k);
  const target = Array.from(values, (value) => Math.sin(value / 5));
  const free = fitEnsemble(
    { rows: 64, features: [{ name: "a", type: "number", values }] },
    target,
    settingsWith({}),
  );
  const margins = Array.from(values, (value) => rowMargins(free.ensemble, Float32Array.of(value))[0]);
  expect(margins.some((margin, k) => k > 0 && margin < margins[k - 1])).toBe(true);
});

it.each([{ name: "absoluteError" }, { name: "quantile", share: 0.8 }] as const)(
  "$name finds the same model whatever the target's unit",
  (objective) => {
    const random = seeded(5);
    const all = Array.from({ length: 400 }, () => [random(), random(), random(), Math.floor(random() * 4)]);
    const matrix = matrixOf(all, 1);
    const target = all.map(([a, b, c, grade]) => 8 * a + 3 * b * b - 4 * c + grade + random());
    const marginsOf = (unit: number) => {
      const settings = settingsWith({ objective, trees: 30, maxDepth: 4 });
      const values = target.map((value) => value * unit);
      const { ensemble } = fitEnsemble(matrix, values, settings);
      return all.map((one) => rowMargins(ensemble, Float32Array.from(one))[0] / unit);
    };
    // A power of two scales every float32 exactly.
    expect(marginsOf(2 ** -10)).toEqual(marginsOf(1));
  },
);
