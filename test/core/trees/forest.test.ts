import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitKind, type Tree, type TreeEnsemble } from "#core/trees/ensemble.ts";
import { compileForest } from "#core/trees/forest.ts";
import { leafOf } from "#core/trees/margin.ts";
import { seeded } from "../../../trainer/random.ts";
import { randomEnsemble, randomRow } from "./random-ensemble.ts";

/** The plain road: one tree after the other, one float32 addition each, from 0. */
function referenceSums({ trees, baseScore }: TreeEnsemble, row: Float32Array): number[] {
  const sums = new Float32Array(baseScore.length);
  for (const tree of trees) sums[tree.output] += tree.value[leafOf(tree, row)];
  return [...sums];
}

function expectSame(ensemble: TreeEnsemble, rows: readonly Float32Array[]): void {
  const features = ensemble.features.length;
  const outputs = ensemble.baseScore.length;
  const forest = compileForest(ensemble.trees, features, outputs);
  const flat = new Float64Array(rows.length * features);
  rows.forEach((row, index) => {
    flat.set(row, index * features);
  });
  const sums = new Float64Array(rows.length * outputs).fill(Number.NaN);
  forest.add(flat, rows.length, sums);
  expect(Array.from(sums)).toEqual(rows.flatMap((row) => referenceSums(ensemble, row)));
}

function rowsFor(ensemble: TreeEnsemble, count: number, seed: number): Float32Array[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => randomRow(random, ensemble.features));
}

/** A tree that splits number 0 at `cuts` rising thresholds, one below the other. */
function staircase(cuts: number, offset: number): Tree {
  const size = 2 * cuts + 1;
  const isSplit = (node: number) => node % 2 === 0 && node < size - 1;
  return {
    kind: Uint8Array.from({ length: size }, (_, node) => (isSplit(node) ? splitKind.less : splitKind.leaf)),
    feature: new Int32Array(size),
    threshold: Float32Array.from({ length: size }, (_, node) => (isSplit(node) ? node / 2 + offset : 0)),
    left: Int32Array.from({ length: size }, (_, node) => (isSplit(node) ? node + 1 : -1)),
    right: Int32Array.from({ length: size }, (_, node) => (isSplit(node) ? node + 2 : -1)),
    defaultLeft: Uint8Array.from({ length: size }, (_, node) => (node % 4 === 0 ? 1 : 0)),
    value: Float32Array.from({ length: size }, (_, node) => Math.fround(node * 0.37)),
    cover: new Float32Array(size).fill(1),
    gain: new Float32Array(size),
    members: new Map(),
    output: 0,
  };
}

describe("the fast layouts give the bits of the plain road", () => {
  test("on any ensemble and any number of rows", () => {
    const shapes = fc.record({
      seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      trees: fc.integer({ min: 0, max: 24 }),
      depth: fc.integer({ min: 0, max: 11 }),
      outputs: fc.integer({ min: 1, max: 3 }),
      fullness: fc.constantFrom(0.5, 0.8, 1),
      numbers: fc.integer({ min: 0, max: 4 }),
      categories: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
      rows: fc.constantFrom(1, 2, 3, 4, 5, 127, 128, 129, 261),
    });
    fc.assert(
      fc.property(shapes, ({ seed, rows, ...shape }) => {
        const depth = shape.fullness === 1 ? Math.min(shape.depth, 8) : shape.depth;
        const ensemble = randomEnsemble(seed, { ...shape, depth });
        expectSame(ensemble, rowsFor(ensemble, rows, seed ^ 5));
      }),
      { numRuns: 150 },
    );
  });

  test("on models too large for the caches, whose rows go through each tree together", () => {
    const ensemble = randomEnsemble(4, { trees: 400, depth: 8, fullness: 1 });
    for (const rows of [1, 3, 140]) expectSame(ensemble, rowsFor(ensemble, rows, rows));
  });

  test("with more thresholds than one column holds, on each of them and beside", () => {
    const base = randomEnsemble(1, { trees: 3, depth: 3, numbers: 2 });
    const trees = [...base.trees, staircase(200, 0.5), staircase(300, 0), staircase(7, 0.25)];
    const ensemble = { ...base, trees };
    const rows = rowsFor(ensemble, 5, 1);
    for (let i = -1; i < 302; i += 0.25) rows.push(Float32Array.of(i, Number.NaN, 1, -1));
    rows.push(Float32Array.of(Number.NaN, 0, 0, 0));
    expectSame(ensemble, rows);
  });

  test("with more sets than there are columns", () => {
    const ensemble = randomEnsemble(2, {
      trees: 200,
      depth: 5,
      fullness: 1,
      numbers: 1,
      categories: [40, 60, 70],
    });
    expectSame(ensemble, rowsFor(ensemble, 40, 2));
  });

  test("a level beyond those a model knows goes right, as it is in no set", () => {
    const ensemble = randomEnsemble(3, { trees: 30, depth: 4, categories: [4] });
    const at = ensemble.features.length - 1;
    const rows = rowsFor(ensemble, 20, 3);
    for (const [index, row] of rows.entries()) row[at] = [4, 1000, -1, 0.5, 1e9][index % 5];
    expectSame(ensemble, rows);
  });
});
