import { describe, expect, test } from "vitest";
import { compileTreeExplainer } from "#core/explain/tree-shap.ts";
import { splitKind, type Tree, type TreeEnsemble } from "#core/trees/ensemble.ts";
import { encodeRow, goesLeft, leafOf } from "#core/trees/margin.ts";
import { seeded } from "../../../trainer/random.ts";
import { fixtures, importFixture, marginScale } from "../../trainer/import/fixtures.ts";
import { randomEnsemble, randomRow } from "../trees/random-ensemble.ts";

/** Lundberg's EXPVALUE: the tree's mean over unknown features, given those in `known`. */
function meanGiven(tree: Tree, row: Float32Array, known: ReadonlySet<number>, node = 0): number {
  if (tree.kind[node] === splitKind.leaf) return tree.value[node];
  const [left, right] = [tree.left[node], tree.right[node]];
  if (known.has(tree.feature[node])) {
    return meanGiven(tree, row, known, goesLeft(tree, node, row[tree.feature[node]]) ? left : right);
  }
  const share = (child: number) => tree.cover[child] / tree.cover[node];
  return share(left) * meanGiven(tree, row, known, left) + share(right) * meanGiven(tree, row, known, right);
}

/** Shapley values by their definition, over all subsets of features. */
function shapleyValues(ensemble: TreeEnsemble, row: Float32Array, output: number): number[] {
  const count = ensemble.features.length;
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  const worth = (mask: number) => {
    const known = new Set(ensemble.features.flatMap((_, index) => ((mask >> index) & 1 ? [index] : [])));
    return ensemble.trees
      .filter((tree) => tree.output === output)
      .reduce((sum, tree) => sum + meanGiven(tree, row, known), 0);
  };
  const worths = Array.from({ length: 1 << count }, (_, mask) => worth(mask));
  return ensemble.features.map((_, feature) => {
    let value = 0;
    for (let mask = 0; mask < 1 << count; mask++) {
      if ((mask >> feature) & 1) continue;
      const size = mask.toString(2).replaceAll("0", "").length;
      const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
      value += weight * (worths[mask | (1 << feature)] - worths[mask]);
    }
    return value;
  });
}

function doubleMargin(ensemble: TreeEnsemble, row: Float32Array, output: number): number {
  return ensemble.trees
    .filter((tree) => tree.output === output)
    .reduce((sum, tree) => sum + tree.value[leafOf(tree, row)], ensemble.baseScore[output]);
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe("TreeSHAP", () => {
  test.each([1, 2, 3, 4, 5, 6])("equals the definition over all subsets on random ensemble %i", (seed) => {
    const ensemble = randomEnsemble(seed, {
      trees: 6,
      depth: 2 + seed,
      outputs: seed % 2 ? 1 : 3,
      numbers: 4,
    });
    const explainer = compileTreeExplainer(ensemble);
    const random = seeded(100 + seed);
    for (let i = 0; i < 20; i++) {
      const row = randomRow(random, ensemble.features);
      explainer.explain(row).forEach(({ contributions }, output) => {
        const expected = shapleyValues(ensemble, row, output);
        expected.forEach((value, feature) => {
          expect(contributions[feature]).toBeCloseTo(value, 11);
        });
      });
    }
  });

  test("adds up to the margin within 1e-9, on deep trees and many features too", () => {
    for (const [seed, depth, numbers] of [
      [1, 6, 9],
      [2, 12, 30],
      [3, 9, 3],
    ]) {
      const ensemble = randomEnsemble(seed, { trees: 40, depth, fullness: 0.85, numbers });
      const explainer = compileTreeExplainer(ensemble);
      const random = seeded(seed);
      for (let i = 0; i < 50; i++) {
        const row = randomRow(random, ensemble.features);
        const [{ base, contributions }] = explainer.explain(row);
        expect(Math.abs(base + sum(contributions) - doubleMargin(ensemble, row, 0))).toBeLessThan(1e-9);
      }
    }
  });

  test("a branch that no training row took adds nothing and breaks nothing", () => {
    const ensemble = randomEnsemble(5, { trees: 10, depth: 4 });
    for (const tree of ensemble.trees)
      for (let node = 2; node < tree.cover.length; node += 3) (tree.cover as Float32Array)[node] = 0;
    const explainer = compileTreeExplainer(ensemble);
    const random = seeded(9);
    for (let i = 0; i < 20; i++) {
      const row = randomRow(random, ensemble.features);
      const [{ base, contributions }] = explainer.explain(row);
      expect(base + sum(contributions)).toBeCloseTo(doubleMargin(ensemble, row, 0), 9);
    }
  });

  test("an ensemble without splits explains nothing", () => {
    const ensemble = randomEnsemble(5, { trees: 3, depth: 0 });
    const [{ base, contributions }] = compileTreeExplainer(ensemble).explain(new Float32Array(5));
    expect(sum(contributions)).toBe(0);
    expect(base).toBeCloseTo(doubleMargin(ensemble, new Float32Array(5), 0), 12);
  });
});

describe("contributions of the real libraries", () => {
  const worst: Record<string, string> = {};

  test.each(fixtures)("$name: equal to pred_contribs within 1e-5", (fixture) => {
    const model = importFixture(fixture);
    const { ensemble } = model;
    const scale = marginScale(model);
    const explainer = compileTreeExplainer(ensemble);
    const width = ensemble.features.length + 1;
    fixture.contributions.forEach((expected, index) => {
      const row = encodeRow(ensemble.features, fixture.table, index);
      explainer.explain(row).forEach(({ base, contributions }, output) => {
        const got = [...contributions, base];
        // The libraries compute in float32 or from rounded covers: their error grows with the margin.
        const size = Math.max(1, ...expected.map(Math.abs)) * scale;
        got.forEach((value, at) => {
          const error = Math.abs(value - expected[output * width + at] * scale) / size;
          worst[fixture.name] = Math.max(Number(worst[fixture.name] ?? 0), error).toExponential(1);
          expect(error).toBeLessThan(1e-5);
        });
      });
    });
  });
  test("worst errors", () => {
    console.table(worst);
    expect(Object.keys(worst)).toHaveLength(fixtures.length);
  });
});
