// What a regression measures: null for what is undefined, errors as distances, nothing below the spec's minimum.

import { describe, expect, it } from "vitest";
import { asAmounts } from "#core/bundle/metrics-kind.ts";
import { taskOf, taskOfMetrics } from "#core/tasks/index.ts";
import { workshops } from "../../synthetic-dataset.ts";

const task = taskOf(workshops);

describe("a regression", () => {
  it("computes what was computed by hand", () => {
    const metrics = task.measure(workshops, [10, 20, 40], [11, 18, 40]);
    expect(metrics).toEqual({
      rows: 3,
      meanAbsoluteError: 1,
      rootMeanSquaredError: Math.sqrt(5 / 3),
      meanAbsolutePercentageError: expect.closeTo(0.2 / 3, 12),
      r2Score: expect.closeTo(1 - 5 / (1400 / 3), 12),
    });
  });

  it("gives null where a score is undefined", () => {
    expect(asAmounts(task.measure(workshops, [5, 5], [4, 6]))?.r2Score).toBeNull();
    expect(asAmounts(task.measure(workshops, [0, 0], [4, 6]))?.meanAbsolutePercentageError).toBeNull();
  });

  it("settles below no minimum, and is off by the distance to the actual value", () => {
    const settled = task.settle(workshops, Float64Array.of(-3, 80));
    expect([...settled]).toEqual([workshops.target.minimum, 80]);
    expect([...task.residuals(workshops, [10, 10], [7, 12])]).toEqual([-3, 2]);
    expect([...task.errors(workshops, [10, 10], [7, 12])]).toEqual([3, 2]);
  });

  it("is known by its metrics", () => {
    const metrics = task.measure(workshops, [10], [11]);
    expect(taskOfMetrics(metrics)).toBe(task);
    expect(task.mainMetric.of(metrics)).toBe(1);
  });
});
