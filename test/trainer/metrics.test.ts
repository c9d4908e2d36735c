// Metrics by level: one entry a level that occurs.

import { describe, expect, it } from "vitest";
import { asAmounts } from "#core/bundle/metrics-kind.ts";
import { toTable } from "#core/dataset/table.ts";
import { measureSegments } from "../../trainer/metrics.ts";
import { houses } from "./dataset/fixture.ts";

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
        asAmounts(metrics)?.meanAbsoluteError,
      ]),
    ).toEqual([
      ["town", "Ulm", 2, 2],
      ["town", "Köln", 1, 5],
    ]);
  });
});
