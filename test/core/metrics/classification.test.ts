// Metrics of classes against scikit-learn's on the same rows (test/fixtures/classes/make.py), and their edges.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  calibrationErrorOf,
  classMetrics,
  confusionOf,
  reliabilityBins,
} from "#core/metrics/classification.ts";

interface Case {
  readonly classes: number;
  readonly actual: number[];
  readonly probabilities: number[];
  readonly decided: number[];
  readonly expected: Readonly<Record<string, number>>;
  readonly confusion: number[][];
}

const path = join(import.meta.dirname, "../../fixtures/classes/metrics.json");
const cases = JSON.parse(readFileSync(path, "utf8")) as Case[];

describe.each(cases)("$classes classes", ({ expected, confusion, ...given }) => {
  const metrics = classMetrics({ ...given, positive: given.classes === 2 ? 1 : undefined });

  it.each(Object.keys(expected))("have scikit-learn's %s", (name) => {
    expect(metrics[name as keyof typeof metrics]).toBeCloseTo(expected[name], 10);
  });

  it("have scikit-learn's confusion", () => {
    expect(confusionOf(given.classes, given.actual, given.decided)).toEqual(confusion);
  });
});

describe("metrics of classes", () => {
  it("count tied scores half, and are null where all rows are of one class", () => {
    const tied = {
      classes: 2,
      actual: [0, 1],
      probabilities: [0.5, 0.5, 0.5, 0.5],
      decided: [1, 1],
      positive: 1,
    };
    expect(classMetrics(tied).rocAucScore).toBe(0.5);
    expect(classMetrics({ ...tied, actual: [1, 1] }).rocAucScore).toBeNull();
    expect(() => classMetrics({ ...tied, decided: [1] })).toThrow(RangeError);
  });

  it("take a probability of 0 for a small one, so that one row cannot be infinitely wrong", () => {
    const sure = { classes: 2, actual: [0], probabilities: [0, 1], decided: [1], positive: 1 };
    expect(classMetrics(sure).logLoss).toBeCloseTo(-Math.log(1e-15), 9);
  });

  it("see what was said and what came true apart", () => {
    const bins = reliabilityBins([true, false, true, true], [0.2, 0.2, 0.9, 0.9], 2);
    expect(bins).toEqual([
      { rows: 2, meanProbability: 0.2, share: 0.5 },
      { rows: 2, meanProbability: 0.9, share: 1 },
    ]);
    expect(calibrationErrorOf(bins)).toBeCloseTo((0.3 + 0.1) / 2, 12);
  });
});
