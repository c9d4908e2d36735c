// Splits against brute force over every threshold, direction and set of levels.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitKind } from "#core/trees/ensemble.ts";
import { fitEnsemble } from "../../../../trainer/families/boosting/fit.ts";
import { boost, marginsOf, numberMatrix, settingsWith } from "./rows.ts";

const stump = settingsWith({ trees: 1, maxDepth: 1, learningRate: 1, minChildWeight: 1 });

/** Loss reduction of sending the rows of `left` one way: XGBoost's formula for squared error, L2 and L1 penalties. */
function gainOf(
  gradients: readonly number[],
  left: readonly boolean[],
  lambda: number,
  alpha: number,
): number {
  const score = (part: readonly number[]) => {
    const sum = part.reduce((total, value) => total + value, 0);
    const shrunk = Math.sign(sum) * Math.max(0, Math.abs(sum) - alpha);
    return shrunk ** 2 / (part.length + lambda);
  };
  const side = (isLeft: boolean) => gradients.filter((_, k) => left[k] === isLeft);
  if (side(true).length === 0 || side(false).length === 0) return 0;
  return score(side(true)) + score(side(false)) - score(gradients);
}

function gradientsOf(target: readonly number[], base: number): number[] {
  return target.map((value) => base - value);
}

const targets = fc
  .array(fc.integer({ min: -20, max: 20 }), { minLength: 4, maxLength: 25 })
  .filter((all) => new Set(all).size > 1);

describe("numbers", () => {
  it("finds the threshold and the direction of missing values that gain most", () => {
    fc.assert(
      fc.property(
        targets,
        fc.infiniteStream(fc.option(fc.integer({ min: 0, max: 6 }), { freq: 4 })),
        fc.constantFrom(0, 1, 3),
        fc.constantFrom(0, 2),
        (target, stream, lambda, alpha) => {
          const cells = target.map(() => stream.next().value ?? Number.NaN) as number[];
          fc.pre(cells.some((value) => !Number.isNaN(value)));
          const { ensemble } = fitEnsemble(numberMatrix(cells), target, { ...stump, lambda, alpha });
          const gradients = gradientsOf(target, ensemble.baseScore[0]);
          let best = 0;
          for (let cut = 0; cut <= 7; cut++) {
            for (const missingLeft of [true, false]) {
              const left = cells.map((value) => (Number.isNaN(value) ? missingLeft : value < cut));
              best = Math.max(best, gainOf(gradients, left, lambda, alpha));
            }
          }
          expect(ensemble.trees[0].gain[0]).toBeCloseTo(best, 2);
          const margins = marginsOf(ensemble, numberMatrix(cells)).map(([margin]) => margin);
          expect(
            gainOf(
              gradients,
              margins.map((margin) => margin === margins[0]),
              lambda,
              alpha,
            ),
          ).toBeCloseTo(best, 2);
        },
      ),
      { seed: 5 },
    );
  });

  it("cuts between neighbouring values, in their middle", () => {
    const { ensemble } = fitEnsemble(numberMatrix([1, 2, 4, 8]), [0, 0, 1, 1], stump);
    expect(ensemble.trees[0].threshold[0]).toBe(3);
    expect(ensemble.trees[0].kind[0]).toBe(splitKind.less);
  });

  it("sends missing values where all known ones do not go, if that is what tells them apart", () => {
    const cells = [1, 2, 3, 4, Number.NaN, Number.NaN];
    const { ensemble } = fitEnsemble(numberMatrix(cells), [1, 1, 1, 1, 9, 9], { ...stump, lambda: 0 });
    const margins = marginsOf(ensemble, numberMatrix([...cells, 1e30, -1e30])).map(([margin]) => margin);
    expect(margins).toEqual([1, 1, 1, 1, 9, 9, 1, 1].map((value) => expect.closeTo(value, 4)));
  });

  it("sends unknown values with the larger part where training missed none", () => {
    const { ensemble } = fitEnsemble(numberMatrix([1, 2, 3, 4, 5]), [9, 1, 1, 1, 1], { ...stump, lambda: 0 });
    expect(ensemble.trees[0].defaultLeft[0]).toBe(0);
    expect(marginsOf(ensemble, numberMatrix([Number.NaN]))[0][0]).toBeCloseTo(1, 4);
  });
});

describe("sets of levels", () => {
  const levels = ["u", "v", "w", "x", "y", "never"];

  it("finds the set that gains most among all of them", () => {
    fc.assert(
      fc.property(targets, fc.infiniteStream(fc.integer({ min: -1, max: 4 })), (target, stream) => {
        const codes = Int32Array.from(target, () => stream.next().value as number);
        fc.pre(codes.some((code) => code >= 0));
        const matrix = {
          rows: target.length,
          features: [{ name: "c", type: "category" as const, levels, values: codes, ordered: false }],
        };
        const { ensemble } = fitEnsemble(matrix, target, { ...stump, lambda: 0 });
        const gradients = gradientsOf(target, ensemble.baseScore[0]);
        let best = 0;
        for (let set = 0; set < 64; set++) {
          const left = Array.from(codes, (code) => ((set >> (code + 1)) & 1) === 1);
          best = Math.max(best, gainOf(gradients, left, 0, 0));
        }
        expect(ensemble.trees[0].gain[0]).toBeCloseTo(best, 2);
      }),
      { seed: 6 },
    );
  });

  it("sends a level that training never saw where missing values go", () => {
    const codes = Int32Array.from([0, 0, 1, 1, -1, -1]);
    const feature = { name: "c", type: "category" as const, levels, ordered: false };
    const { ensemble } = fitEnsemble(
      { rows: 6, features: [{ ...feature, values: codes }] },
      [0, 0, 8, 8, 8, 8],
      { ...stump, lambda: 0 },
    );
    const asked = { rows: 3, features: [{ ...feature, values: Int32Array.from([5, -1, 0]) }] };
    const [never, missing, known] = marginsOf(ensemble, asked).map(([margin]) => margin);
    expect(never).toBe(missing);
    expect(missing).toBeCloseTo(8, 4);
    expect(known).toBeCloseTo(0, 4);
  });

  it("pools the rarest of more levels than there are bins", () => {
    const many = Array.from({ length: 300 }, (_, k) => `level ${k}`);
    const codes = Int32Array.from({ length: 3000 }, (_, k) => (k < 2700 ? k % 250 : 250 + (k % 50)));
    const target = Array.from(codes, (code) => (code % 2) * 10);
    const matrix = {
      rows: codes.length,
      features: [{ name: "c", type: "category" as const, levels: many, values: codes, ordered: false }],
    };
    const { ensemble } = fitEnsemble(matrix, target, { ...stump, lambda: 0 });
    const members = new Set(ensemble.trees[0].members.get(0));
    const evens = [...many.keys()].filter((level) => level < 250 && level % 2 === 0);
    const odds = [...many.keys()].filter((level) => level < 250 && level % 2 === 1);
    const [inside, outside] = members.has(0) ? [evens, odds] : [odds, evens];
    expect(inside.every((level) => members.has(level))).toBe(true);
    expect(outside.some((level) => members.has(level))).toBe(false);
    // The pooled levels stay together.
    const pooled = [...many.keys()].filter((level) => level >= 260).map((level) => members.has(level));
    expect(new Set(pooled).size).toBe(1);
  });
});

describe("limits", () => {
  const cells = Array.from({ length: 100 }, (_, k) => k);
  const target = cells.map((value) => value ** 2);

  it("stops at the depth, the leaves, the gain and the weight that it is told", () => {
    const leaves = (changes: Parameters<typeof boost>[1]) => {
      const { ensemble } = boost(
        { matrix: numberMatrix(cells), target: Float32Array.from(target) },
        { trees: 1, ...changes },
      );
      const [{ left, cover }] = ensemble.trees;
      const ends = [...left.keys()].filter((node) => left[node] === 0);
      return { count: ends.length, least: Math.min(...ends.map((node) => cover[node])) };
    };
    expect(leaves({ maxDepth: 3, lambda: 0 }).count).toBe(8);
    expect(leaves({ maxDepth: 10, maxLeaves: 5 }).count).toBe(5);
    expect(leaves({ maxDepth: 10, maxLeaves: 5, growth: "leafWise" }).count).toBe(5);
    expect(leaves({ maxDepth: 10, minChildWeight: 20 }).least).toBeGreaterThanOrEqual(20);
    expect(leaves({ maxDepth: 10, gamma: 1e12 }).count).toBe(1);
  });
});
