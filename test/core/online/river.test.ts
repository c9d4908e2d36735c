// Learners without chance, the drift detector and the metrics against River's own figures (test/fixtures/online/make.py).
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Adwin } from "#core/online/drift/adwin.ts";
import { type LearnerName, learners } from "#core/online/learners.ts";
import { ClassScores, NumberScores } from "#core/online/scores.ts";

interface Fixture {
  readonly rows: number[][];
  readonly numbers: number[];
  readonly labels: number[];
  readonly learners: Record<string, (number | null)[]>;
  readonly adwin: { signal: number[]; found: number[]; width: number; mean: number };
  readonly classes: Record<string, number>;
  readonly regression: Record<string, number>;
}

const fixture = JSON.parse(
  readFileSync(new URL("../../fixtures/online/river.json", import.meta.url), "utf8"),
) as Fixture;
const shape = { isCategory: new Uint8Array(2) };

function follow(name: LearnerName, task: "regression" | "classes"): number[][] {
  const learner = learners[name].create(task, shape, 1);
  return fixture.rows.map((row, at) => {
    const predicted = [...learner.predictOne(Float64Array.from(row))];
    learner.learnOne(
      Float64Array.from(row),
      task === "regression" ? fixture.numbers[at] : fixture.labels[at],
    );
    return predicted;
  });
}

/** Within 1e-9 of the expected number, relatively where it is large. */
function near(actual: number, expected: number, what: string): void {
  expect(Math.abs(actual - expected) / Math.max(1, Math.abs(expected)), what).toBeLessThan(1e-9);
}

describe("River's figures", () => {
  it.each(["mean", "linear", "adagrad"] as const)("%s predicts the same numbers", (name) => {
    follow(name, "regression").forEach(([predicted], at) => {
      near(predicted, fixture.learners[name][at] ?? 0, `row ${at}`);
    });
  });

  it.each([
    ["logistic", "linear"],
    ["passiveAggressive", "passiveAggressive"],
  ] as const)("%s gives the same probabilities", (expected, name) => {
    // Before two classes are known there is no probability of the second.
    const first = fixture.labels.indexOf(1);
    follow(name, "classes").forEach((predicted, at) => {
      if (at > first) near(predicted[1], fixture.learners[expected][at] as number, `row ${at}`);
    });
  });

  it("ADWIN finds the change at the same row, and keeps the same window", () => {
    // River starts an empty window after each change; ours keeps the newer part.
    let adwin = new Adwin(0.002);
    const found = fixture.adwin.signal.flatMap((bit, at) => {
      if (!adwin.add(bit)) return [];
      adwin = new Adwin(0.002);
      return [at];
    });
    expect(found).toEqual(fixture.adwin.found);
    expect(found.length).toBeGreaterThan(0);
    expect(adwin.width).toBe(fixture.adwin.width);
    near(adwin.mean, fixture.adwin.mean, "mean");
  });

  it("metrics of numbers are the same", () => {
    const scores = new NumberScores();
    fixture.numbers.forEach((y, at) => {
      scores.add(y, fixture.learners.linear[at] ?? 0);
    });
    const metrics = scores.read() as unknown as Record<string, number>;
    for (const [name, value] of Object.entries(fixture.regression)) near(metrics[name], value, name);
  });

  it("metrics of classes are the same", () => {
    const scores = new ClassScores();
    fixture.labels.forEach((y, at) => {
      const positive = fixture.learners.logistic[at] as number;
      scores.add(y, [1 - positive, positive]);
    });
    const metrics = scores.read() as unknown as Record<string, number>;
    for (const [name, value] of Object.entries(fixture.classes)) near(metrics[name], value, name);
  });
});

describe("metrics that forget", () => {
  const errors = [5, 1, 1, 1, 1];

  it("count a window's rows alone", () => {
    const scores = new NumberScores({ kind: "window", rows: 3 });
    for (const error of errors) scores.add(0, error);
    expect(scores.read()).toMatchObject({ rows: 3, meanAbsoluteError: 1 });
  });

  it("let earlier rows fade", () => {
    const scores = new NumberScores({ kind: "fading", factor: 0.5 });
    for (const error of errors) scores.add(0, error);
    const weights = errors.map((_, at) => 0.5 ** (errors.length - 1 - at));
    const total = weights.reduce((sum, one) => sum + one, 0);
    const mean = weights.reduce((sum, one, at) => sum + one * errors[at], 0) / total;
    expect(scores.read().meanAbsoluteError).toBeCloseTo(mean, 12);
  });

  it("hold the area under the curve against all pairs", () => {
    const scores = new ClassScores();
    const rows = fixture.labels.map((y, at) => [y, ((at * 37) % 101) / 101 + (y ? 0.3 : 0)] as const);
    for (const [y, p] of rows) scores.add(y, [1 - Math.min(0.999, p), Math.min(0.999, p)]);
    let [right, pairs] = [0, 0];
    for (const [y, p] of rows)
      for (const [other, q] of rows) {
        if (y !== 1 || other !== 0) continue;
        pairs++;
        const [a, b] = [p, q].map((one) => Math.min(0.999, one));
        right += a > b ? 1 : a === b ? 0.5 : 0;
      }
    expect(scores.read().rocAucScore).toBeCloseTo(right / pairs, 2);
  });

  it.each([{ kind: "window", rows: 0 } as const, { kind: "fading", factor: 1 } as const])(
    "refuse %j",
    (memory) => {
      expect(() => new NumberScores(memory)).toThrow(/expected a/);
    },
  );
});
