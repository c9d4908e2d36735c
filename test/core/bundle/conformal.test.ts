// Conformal intervals: the rank, and what every interval must be whatever is calibrated, predicted and asked for.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Completeness, completenesses, completenessOf } from "#core/bundle/completeness.ts";
import { type Conformal, calibrateWidths, intervalAround } from "#core/bundle/conformal.ts";

const none = new Float64Array(0);

function calibrated(scores: Float64Array, scale: Conformal["scale"] = "none"): Conformal {
  const widths = calibrateWidths({ complete: scores, partial: none, required: none });
  return { scale, normalised: true, residuals: "out-of-fold", ...widths };
}

const score = fc.double({ min: 0, max: 1e6, noNaN: true });
const scoresOf = fc.array(score, { minLength: 1, maxLength: 300 }).map((list) => Float64Array.from(list));
const coverage = fc.double({ min: 0.5, max: 0.99, noNaN: true });

describe("calibrateWidths", () => {
  it("takes the ceil((n + 1) c)-th smallest score, counted in whole numbers", () => {
    fc.assert(
      fc.property(scoresOf, fc.integer({ min: 50, max: 99 }), (scores, percent) => {
        const { widths } = calibrated(scores).groups.complete!;
        // The least k with k / (n + 1) >= percent / 100, without a division.
        const rank = scores.findIndex((_, at) => (at + 1) * 100 >= (scores.length + 1) * percent);
        const sorted = scores.slice().sort();
        expect(widths[percent - 50]).toBe(rank < 0 ? undefined : sorted[rank]);
      }),
    );
  });

  it("knows 109 scores: 99 of 110 are 90 %, though 0.9 * 110 is more than 99 in doubles", () => {
    const scores = Float64Array.from({ length: 109 }, (_, at) => at + 1);
    expect(calibrated(scores).groups.complete?.widths[40]).toBe(99);
  });

  it("holds exchangeable rows at least as often as promised, and hardly more", () => {
    // Of n + 1 exchangeable scores, each is the last as likely as any other: all turns are tried.
    const all = Array.from({ length: 60 }, (_, at) => ((at * 37) % 61) + at / 1000);
    for (const percent of [50, 77, 90, 95]) {
      const held = all.filter((own, turn) => {
        const others = Float64Array.from(all.filter((_, at) => at !== turn));
        return own <= calibrated(others).groups.complete!.widths[percent - 50];
      });
      expect(held.length / all.length).toBeGreaterThanOrEqual(percent / 100);
      expect(held.length / all.length).toBeLessThan(percent / 100 + 1 / all.length);
    }
  });

  it("leaves out completenesses without a row", () => {
    expect(Object.keys(calibrated(Float64Array.of(1)).groups)).toEqual(["complete"]);
  });
});

describe("intervalAround", () => {
  const completeness = fc.constantFrom<Completeness>(...completenesses);
  const anyBounds = fc.record({
    minimum: fc.option(fc.double({ min: 0.01, max: 10, noNaN: true }), { nil: undefined }),
    maximum: fc.option(fc.double({ min: 1e4, max: 1e9, noNaN: true }), { nil: undefined }),
  });
  const difficulty = fc.double({ min: 0, max: 1e12, noNaN: true });

  it("holds the prediction, is finite, grows with coverage and stays within the target's bounds", () => {
    fc.assert(
      fc.property(
        fc.record({ scores: scoresOf, bounds: anyBounds, difficulty, completeness }),
        fc.constantFrom("log" as const, "none" as const),
        fc.double({ min: 10, max: 1e4, noNaN: true }),
        fc.tuple(coverage, coverage),
        ({ scores, bounds, ...certainty }, scale, prediction, asked) => {
          const conformal = calibrated(scores, scale);
          const [narrow, wide] = asked
            .sort((a, b) => a - b)
            .map((share) => intervalAround(conformal, bounds, { prediction, ...certainty }, share));
          for (const { low, high } of [narrow, wide]) {
            expect(low).toBeLessThanOrEqual(prediction);
            expect(high).toBeGreaterThanOrEqual(prediction);
            expect([low, high].every(Number.isFinite)).toBe(true);
            expect(low).toBeGreaterThanOrEqual(bounds.minimum ?? -Infinity);
            expect(high).toBeLessThanOrEqual(bounds.maximum ?? Infinity);
          }
          expect(wide.low).toBeLessThanOrEqual(narrow.low);
          expect(wide.high).toBeGreaterThanOrEqual(narrow.high);
        },
      ),
    );
  });

  it("is finite where the largest numbers are predicted", () => {
    const conformal = calibrated(Float64Array.of(800), "log");
    for (const prediction of [Number.MAX_VALUE, Number.MIN_VALUE, 0, 1]) {
      const estimate = { prediction, difficulty: 1e300, completeness: "complete" as const };
      const { low, high } = intervalAround(conformal, {}, estimate, 0.5);
      expect([low, high].every(Number.isFinite)).toBe(true);
    }
  });

  it("says how much it holds where that is less than was asked for", () => {
    // 9 scores promise at most 9 / 10.
    const conformal = calibrated(Float64Array.from({ length: 9 }, (_, at) => at + 1));
    const estimate = { prediction: 100, difficulty: 1, completeness: "complete" as const };
    expect(intervalAround(conformal, {}, estimate, 0.9)).toEqual({ low: 91, high: 109, coverage: 0.9 });
    expect(intervalAround(conformal, {}, estimate, 0.95)).toEqual({ low: 91, high: 109, coverage: 0.9 });
    expect(intervalAround(conformal, {}, estimate, 0.895)).toMatchObject({ coverage: 0.895 });
  });

  it("takes the widest of the others for rows like none that were calibrated on", () => {
    const widths = calibrateWidths({
      complete: Float64Array.of(1),
      partial: Float64Array.of(5),
      required: none,
    });
    const conformal: Conformal = { ...calibrated(none), ...widths };
    const estimate = { prediction: 0, difficulty: 2, completeness: "required" as const };
    expect(intervalAround(conformal, {}, estimate, 0.5).high).toBe(10);
  });
});

describe("completenessOf", () => {
  it.each([
    [0, 0, "complete"],
    [0, 3, "complete"],
    [1, 3, "partial"],
    [3, 3, "required"],
    [1, 1, "required"],
  ])("calls %i absent of %i optional %s", (absent, optional, expected) => {
    expect(completenessOf(absent, optional)).toBe(expected);
  });
});
