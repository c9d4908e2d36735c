// What a challenger's prices come to beside the champion's: against the definitions, row by row.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { furthestApart, relativeShift, summariseDifferences } from "#core/metrics/price-differences.ts";

const price = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const pairs = fc.array(fc.record({ champion: price, challenger: price }), { minLength: 1, maxLength: 60 });

describe("the summary", () => {
  it("has the mean of the differences, and quantiles in order between the extremes", () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const { difference, relative } = summariseDifferences(rows)!;
        const differences = rows.map(({ champion, challenger }) => challenger - champion);
        const mean = differences.reduce((sum, one) => sum + one, 0) / rows.length;
        expect(difference.mean).toBeCloseTo(mean, 6);
        const { p05, p25, p50, p75, p95 } = difference.quantiles;
        const ordered = [Math.min(...differences), p05, p25, p50, p75, p95, Math.max(...differences)];
        for (let i = 1; i < ordered.length; i++)
          expect(ordered[i]).toBeGreaterThanOrEqual(ordered[i - 1] - 1e-6);
        expect(difference.meanAbsolute).toBeGreaterThanOrEqual(Math.abs(difference.mean) - 1e-6);
        expect(relative === null).toBe(rows.every(({ champion }) => champion === 0));
      }),
    );
  });

  it("of no rows is none, and of a free thing has no share", () => {
    expect(summariseDifferences([])).toBeUndefined();
    expect(summariseDifferences([{ champion: 0, challenger: 5 }])).toMatchObject({
      difference: { mean: 5 },
      relative: null,
    });
    expect(relativeShift({ champion: -10, challenger: -5 })).toBe(0.5);
  });
});

describe("the rows furthest apart", () => {
  it("are as many as asked for, by falling share, and never equal prices", () => {
    fc.assert(
      fc.property(pairs, fc.nat(20), (rows, count) => {
        const worst = furthestApart(rows, count);
        const apart = rows.filter(({ champion, challenger }) => champion !== challenger);
        expect(worst.length).toBe(Math.min(count, apart.length));
        const shares = worst.map((pair) => Math.abs(relativeShift(pair) ?? Number.POSITIVE_INFINITY));
        expect(shares).toEqual([...shares].sort((a, b) => b - a));
        for (const pair of worst) expect(pair.champion).not.toBe(pair.challenger);
      }),
    );
  });
});
