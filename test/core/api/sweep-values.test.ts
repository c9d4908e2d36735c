// A sweep over a range gives values that rows may carry: whole numbers, ISO dates, each once.
import { describe, expect, it } from "vitest";
import { planSweep } from "#core/api/sweep.ts";
import { houses, houseTraining } from "../../browser/houses-spec.ts";

const limits = { points: 500, defaultSteps: 25 };
const ranges = { area: { minimum: 12, maximum: 20 }, built: { minimum: 0, maximum: 365 } };
const row = { ...houseTraining.typical };
const valuesOf = (axis: { feature: string; steps?: number }) =>
  planSweep(houses, { row, vary: [axis] }, ranges, limits).axes[0].values;

describe("planSweep over a range", () => {
  it("of whole numbers takes each once", () => {
    expect(valuesOf({ feature: "area" })).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });

  it("of dates takes days", () => {
    expect(valuesOf({ feature: "built", steps: 3 })).toEqual(["1970-01-01", "1970-07-03", "1971-01-01"]);
  });
});
