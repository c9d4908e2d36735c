// Metrics as manifests carry them: null for what is undefined, and one entry a level that occurs.
import { describe, expect, it } from "vitest";
import { toTable } from "#core/dataset/table.ts";
import { measure, measureSegments } from "../../trainer/metrics.ts";
import { houses } from "./dataset/fixture.ts";

describe("measure", () => {
  it("computes what was computed by hand", () => {
    const metrics = measure([10, 20, 40], [11, 18, 40]);
    expect(metrics).toEqual({
      rows: 3,
      meanAbsoluteError: 1,
      rootMeanSquaredError: Math.sqrt(5 / 3),
      meanAbsolutePercentageError: expect.closeTo(0.2 / 3, 12),
      r2Score: expect.closeTo(1 - 5 / (1400 / 3), 12),
    });
  });

  it("gives null where a score is undefined", () => {
    expect(measure([5, 5], [4, 6]).r2Score).toBeNull();
    expect(measure([0, 0], [4, 6]).meanAbsolutePercentageError).toBeNull();
  });
});

describe("measureSegments", () => {
  it("counts each row under its level, and no level without rows", () => {
    const rows = [
      { area: 1, town: "Ulm" },
      { area: 2, town: "Köln" },
      { area: 3, town: "Ulm" },
    ];
    const table = { ...toTable(houses, rows), target: Float64Array.of(10, 20, 30) };
    const segments = measureSegments(houses, table, Float64Array.of(11, 25, 33));
    expect(
      segments.map(({ feature, level, metrics }) => [
        feature,
        level,
        metrics.rows,
        metrics.meanAbsoluteError,
      ]),
    ).toEqual([
      ["town", "Ulm", 2, 2],
      ["town", "Köln", 1, 5],
    ]);
  });
});
