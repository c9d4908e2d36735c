// The answer for one row: wider where nothing like it was seen, and no number that is none.
import { describe, expect, it } from "vitest";
import { describePrice, outputsByRow, type PriceManifest } from "#core/bundle/price.ts";
import { workshops } from "../../synthetic-dataset.ts";

const manifest: PriceManifest = {
  conformal: {
    scale: "none",
    normalised: true,
    residuals: "out-of-fold",
    coverages: [0.5, 0.9],
    groups: {
      complete: { rows: 50, widths: [1, 10] },
      partial: { rows: 50, widths: [2, 20] },
      required: { rows: 50, widths: [3, 30] },
    },
  },
  ranges: { area: { minimum: 20, maximum: 120 }, gates: { minimum: 2, maximum: 2 } },
  relations: [{ feature: "height", by: "area", scale: "none", intercept: 3, slope: 0, low: -0.5, high: 0.5 }],
};
const required = { area: 50, condition: "fair", district: "hill" };
const full = { ...required, heating: "gas", height: 3, altitude: 1, gates: 2 };

function halfWidth(row: Record<string, string | number>, difficulty: number | undefined = 1): number {
  const price = describePrice(workshops, manifest, row, { prediction: 500, difficulty }, 0.9)!;
  return (price.interval.high - price.interval.low) / 2;
}

describe("describePrice", () => {
  it("takes the width of what is given, times the difficulty", () => {
    expect(halfWidth(full)).toBe(10);
    expect(halfWidth({ ...full, gates: undefined } as never)).toBe(20);
    expect(halfWidth(required)).toBe(30);
    expect(halfWidth(required, 2.5)).toBe(75);
    expect(halfWidth(required, undefined)).toBe(30);
  });

  it("widens by as much again for each length of the training range that a number lies beyond, up to four times", () => {
    expect(halfWidth({ ...full, area: 170 })).toBe(15);
    expect(halfWidth({ ...full, area: 120 })).toBe(10);
    expect(halfWidth({ ...full, area: 1e9 })).toBe(40);
    // A feature that never varied: any other value is as far as can be.
    expect(halfWidth({ ...full, gates: 3 })).toBe(40);
  });

  it("widens where two numbers contradict each other, and warns of it", () => {
    expect(halfWidth({ ...full, height: 4.5 })).toBe(20);
    expect(halfWidth({ ...full, height: 3.6 })).toBe(10);
    const row = { ...full, height: 4.5 };
    const price = describePrice(workshops, manifest, row, { prediction: 500, difficulty: 1 }, 0.9);
    expect(price?.warnings.map(({ pointer }) => pointer)).toEqual(["/height"]);
  });

  it("stays above the least that the target may be", () => {
    const price = describePrice(workshops, manifest, full, { prediction: 6, difficulty: 1 }, 0.9);
    expect(price?.interval.low).toBe(5);
  });

  it("warns where fewer rows were calibrated on than the coverage takes", () => {
    const price = describePrice(workshops, manifest, full, { prediction: 500, difficulty: 1 }, 0.95)!;
    expect(price.interval.coverage).toBe(0.9);
    expect(price.warnings).toEqual([
      {
        pointer: "",
        detail: "the model was calibrated on too few rows for an interval of 0.95: it holds 0.9",
      },
    ]);
  });

  it.each([
    { prediction: Number.NaN, difficulty: 1 },
    { prediction: Number.POSITIVE_INFINITY, difficulty: 1 },
    { prediction: 500, difficulty: Number.NaN },
    { prediction: 500, difficulty: -1 },
  ])("has no answer for %o", (outputs) => {
    expect(describePrice(workshops, manifest, full, outputs, 0.9)).toBeUndefined();
  });

  it("reads what a run gave, with and without a difficulty", () => {
    const prediction = Float64Array.of(1, 2);
    expect(outputsByRow({ prediction, "prediction.difficulty": [3, 4] }, 2)).toEqual([
      { prediction: 1, difficulty: 3 },
      { prediction: 2, difficulty: 4 },
    ]);
    expect(outputsByRow({ prediction }, 1)).toEqual([{ prediction: 1, difficulty: undefined }]);
  });
});
