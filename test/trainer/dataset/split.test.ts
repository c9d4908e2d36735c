// Properties of the split and of the folds, on rows made at random with many equal ones among them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Row } from "#core/dataset/row.ts";
import { assignFolds, splitRows } from "../../../trainer/dataset/split.ts";
import { seeded, shuffle } from "../../../trainer/random.ts";
import { houses } from "./fixture.ts";

const row: fc.Arbitrary<Row> = fc.record(
  {
    area: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.double({ min: 1, max: 500, noNaN: true })),
    town: fc.constantFrom("Ulm", "Bonn, old", "Köln"),
    age: fc.integer({ min: 0, max: 2 }),
  },
  { requiredKeys: ["area", "town"] },
);
const rows = fc.array(row, { minLength: 1, maxLength: 300 });
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

/** What a model sees of a row: numbers as float32. */
function seen({ area, town, age }: Row): string {
  return JSON.stringify([Math.fround(area as number), town, age ?? null]);
}

function largestGroup(all: readonly Row[]): number {
  const sizes = new Map<string, number>();
  for (const each of all) sizes.set(seen(each), (sizes.get(seen(each)) ?? 0) + 1);
  return Math.max(...sizes.values());
}

describe("splitRows", () => {
  it("puts every row on exactly one side, equal rows on the same", () => {
    fc.assert(
      fc.property(rows, seed, share, (all, seed, testShare) => {
        const { train, test } = splitRows(houses, all, { testShare, seed });
        expect([...train, ...test].sort((a, b) => a - b)).toEqual(all.map((_, index) => index));
        const held = new Set(Array.from(test, (index) => seen(all[index])));
        expect(Array.from(train).filter((index) => held.has(seen(all[index])))).toEqual([]);
      }),
    );
  });

  it("holds out the share that was asked for, to within a group", () => {
    fc.assert(
      fc.property(rows, seed, share, (all, seed, testShare) => {
        const { test } = splitRows(houses, all, { testShare, seed });
        const wanted = Math.round(all.length * testShare);
        expect(test.length).toBeGreaterThanOrEqual(wanted);
        expect(test.length).toBeLessThan(wanted + largestGroup(all));
      }),
    );
  });

  it("does not depend on the order of the rows", () => {
    fc.assert(
      fc.property(rows, seed, (all, seed) => {
        const other = shuffle([...all], seeded(seed + 1));
        const side = (list: readonly Row[]) =>
          Array.from(splitRows(houses, list, { testShare: 0.3, seed }).test, (index) =>
            seen(list[index]),
          ).sort();
        expect(side(other)).toEqual(side(all));
      }),
    );
  });

  it("depends on the seed, and looks random: the parts have about the same mean", () => {
    const all = Array.from({ length: 2000 }, (_, index) => ({ area: (index + 1) / 4, town: "Ulm" }));
    const held = (seed: number) => splitRows(houses, all, { testShare: 0.2, seed }).test;
    const [first, again, second] = [held(1), held(1), held(2)];
    expect(first).toEqual(again);
    const common = Array.from(first).filter((index) => second.includes(index)).length;
    // Two independent fifths of 2,000 share 80 rows, with a deviation of 7.2.
    expect(common).toBeGreaterThan(40);
    expect(common).toBeLessThan(120);
    const mean = first.reduce((sum, index) => sum + all[index].area, 0) / first.length;
    expect(Math.abs(mean - 250.125)).toBeLessThan(30);
  });
});

describe("assignFolds", () => {
  it("keeps equal rows together in folds of about the same size, whatever the order", () => {
    fc.assert(
      fc.property(rows, seed, (all, seed) => {
        const folds = assignFolds(houses, all, { folds: 5, seed });
        const byKey = new Map<string, number>();
        const sizes = [0, 0, 0, 0, 0];
        all.forEach((each, index) => {
          sizes[folds[index]]++;
          expect(byKey.get(seen(each)) ?? folds[index]).toBe(folds[index]);
          byKey.set(seen(each), folds[index]);
        });
        for (const size of sizes) {
          expect(Math.abs(size - all.length / 5)).toBeLessThanOrEqual(largestGroup(all));
        }
        const reversed = assignFolds(houses, [...all].reverse(), { folds: 5, seed });
        expect([...reversed].reverse()).toEqual([...folds]);
      }),
    );
  });
});
