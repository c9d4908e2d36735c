// When trials are given up.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Trial } from "#core/bundle/manifest.ts";
import { halvingPruner, medianPruner, racingPruner } from "../../../trainer/search/pruning.ts";

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

describe("racingPruner", () => {
  // The best ends at 10; the others' distance to it changes by 1 at the most between the first report and the last.
  const others = [0, 10, 20, 30, 40, 50].map((gap) => trial([11 + gap, 10 + gap + (gap % 20) / 10]));

  it("gives up what is farther behind the best than distances change", () => {
    expect(racingPruner({ deviations: 3 })(trial([40], "running"), others)).toBe(true);
    expect(racingPruner({ deviations: 3 })(trial([11.5], "running"), others)).toBe(false);
    expect(racingPruner({ deviations: 1000 })(trial([40], "running"), others)).toBe(false);
  });

  it("never gives up one that stands ahead of the best", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 1, max: 9, noNaN: true }), fc.double({ min: 1, max: 9, noNaN: true })),
          { minLength: 5 },
        ),
        (ends) => {
          const rivals = ends.map((reports) => trial(reports));
          const best = rivals.reduce((a, b) => (b.reports[1] < a.reports[1] ? b : a));
          expect(racingPruner()(trial([best.reports[0]], "running"), rivals)).toBe(false);
        },
      ),
    );
  });

  it("waits for its startup trials, and lets a trial that has reported everything be", () => {
    expect(racingPruner()(trial([99], "running"), others.slice(0, 4))).toBe(false);
    expect(racingPruner()(trial([99, 99], "running"), others)).toBe(false);
    expect(
      racingPruner()(
        trial([99], "running"),
        others.map((one) => ({ ...one, state: "pruned" as const })),
      ),
    ).toBe(false);
  });

  it("refuses options that make no sense", () => {
    expect(() => racingPruner({ deviations: 0 })).toThrow("deviations: expected more than 0; got 0");
  });
});
