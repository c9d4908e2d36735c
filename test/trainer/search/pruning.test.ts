// When trials are given up.
import { describe, expect, it } from "vitest";
import type { Trial } from "#core/bundle/manifest.ts";
import { halvingPruner, medianPruner } from "../../../trainer/search/pruning.ts";

function trial(reports: number[], state: Trial["state"] = "complete"): Trial {
  return {
    number: 0,
    params: {},
    state,
    value: state === "complete" ? reports.at(-1)! : null,
    reports,
    seconds: 0,
  };
}

describe("medianPruner", () => {
  const others = [1, 2, 3, 4, 5].map((value) => trial([value + 1, value]));

  it("gives up what is worse than the median at the same point", () => {
    expect(medianPruner()(trial([4.1], "running"), others)).toBe(true);
    expect(medianPruner()(trial([4], "running"), others)).toBe(false);
    expect(medianPruner()(trial([9, 3.1], "running"), others)).toBe(true);
    expect(medianPruner()(trial([9, 2.9], "running"), others)).toBe(false);
  });

  it("waits for its startup trials and warm-up reports", () => {
    expect(medianPruner()(trial([99], "running"), others.slice(1))).toBe(false);
    expect(medianPruner({ startupTrials: 4 })(trial([99], "running"), others.slice(1))).toBe(true);
    expect(medianPruner({ warmupReports: 1 })(trial([99], "running"), others)).toBe(false);
    expect(medianPruner({ warmupReports: 1 })(trial([99, 99], "running"), others)).toBe(true);
  });

  it("does not count pruned trials, nor points that no other reached", () => {
    expect(medianPruner()(trial([99], "running"), [...others.slice(1), trial([1], "pruned")])).toBe(false);
    expect(medianPruner()(trial([99, 99, 99], "running"), others)).toBe(false);
  });

  it("refuses options that make no sense", () => {
    expect(() => medianPruner({ startupTrials: 0 })).toThrow(
      "startupTrials: expected an integer of at least 1",
    );
  });
});

describe("halvingPruner", () => {
  const others = [1, 2, 3, 4, 5].map((value) => trial([value, value, value], "pruned"));

  it("lets the best third through at each rung", () => {
    expect(halvingPruner()(trial([2], "running"), others)).toBe(false);
    expect(halvingPruner()(trial([2.1], "running"), others)).toBe(true);
    expect(halvingPruner()(trial([9, 9, 2.1], "running"), others)).toBe(true);
  });

  it("asks only at the rungs", () => {
    expect(halvingPruner()(trial([9, 9], "running"), others)).toBe(false);
    expect(halvingPruner({ firstRung: 2, reduction: 2 })(trial([9], "running"), others)).toBe(false);
    expect(halvingPruner({ firstRung: 2, reduction: 2 })(trial([9, 9], "running"), others)).toBe(true);
    expect(halvingPruner()(trial([9], "running"), [])).toBe(false);
  });

  it("refuses options that make no sense", () => {
    expect(() => halvingPruner({ reduction: 1 })).toThrow(
      "reduction: expected an integer of at least 2; got 1",
    );
  });
});
