// The gate: promotes what is surely better, and nothing else.
import { describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type Duel, GateReport, judgeChallenger } from "#core/metrics/gate.ts";
import { bootstrapMean } from "#core/metrics/paired-bootstrap.ts";
import { seeded } from "../../../trainer/random.ts";

const spec: DatasetSpec = {
  name: "things",
  title: "Things",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "things.csv" },
  target: { name: "price", unit: "USD", transform: "none" },
  features: [
    { name: "grade", type: "category", levels: ["low", "high", "never"], required: true, ordered: false },
    { name: "size", type: "number", required: true, exclusiveMinimum: false },
  ],
  clean: [],
  split: { testShare: 0.2, seed: 1 },
};

/** Standard normal numbers (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function duel(rows: number, seed: number, championNoise: number, challengerNoise: number): Duel {
  const random = seeded(seed);
  const actual = Float64Array.from({ length: rows }, () => 1000 * Math.exp(normal(random)));
  const noisy = (noise: number) => actual.map((price) => price * (1 + noise * normal(random)));
  const grade = Int32Array.from({ length: rows }, (_, i) => (i % 10 === 9 ? -1 : i % 2));
  return {
    spec,
    table: { rows, columns: { grade, size: new Float32Array(rows) } },
    actual,
    champion: noisy(championNoise),
    challenger: noisy(challengerNoise),
  };
}

describe("judgeChallenger", () => {
  it("promotes a challenger that is surely better", () => {
    const report = judgeChallenger(duel(2000, 1, 0.1, 0.08), { random: seeded(1) });
    expect(report.promote).toBe(true);
    expect(report.difference).toBeLessThan(0);
    expect(report.interval.low).toBeLessThan(report.difference);
    expect(report.interval.high).toBeGreaterThan(report.difference);
    expect(report.difference).toBeCloseTo(
      report.meanAbsoluteError!.challenger - report.meanAbsoluteError!.champion,
      8,
    );
    expect(GateReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it("keeps a report small enough to send: of many levels those with the most rows", () => {
    const levels = Array.from({ length: 700 }, (_, at) => `level ${at}`);
    const [grade, size] = spec.features;
    const many: DatasetSpec = { ...spec, features: [{ ...grade, levels } as typeof grade, size] };
    const base = duel(2000, 1, 0.1, 0.08);
    // Every third level has rows five times as often as the others.
    const busy = Int32Array.from({ length: 2000 }, (_, i) => (i < 1300 ? 3 * (i % 234) : i - 1300));
    const table = { rows: 2000, columns: { ...base.table.columns, grade: busy } };
    const { segments } = judgeChallenger({ ...base, spec: many, table }, { random: seeded(1) });
    expect(segments).toHaveLength(300);
    const busiest = segments.filter(({ rows }) => rows > 1).map(({ level }) => level);
    expect(busiest).toEqual(levels.filter((_, at) => at % 3 === 0));
    expect(JSON.stringify(segments).length).toBeLessThan(64_000);
  });

  it("does not promote what is worse, nor what may be luck", () => {
    expect(judgeChallenger(duel(2000, 1, 0.08, 0.1), { random: seeded(1) }).promote).toBe(false);
    const close = judgeChallenger(duel(60, 3, 0.1, 0.098), { random: seeded(1) });
    expect(close.promote).toBe(false);
    expect(close.interval.low).toBeLessThan(0);
    expect(close.interval.high).toBeGreaterThan(0);
  });

  it("does not promote an equal", () => {
    const equal = duel(500, 1, 0.1, 0.1);
    const report = judgeChallenger({ ...equal, challenger: equal.champion }, { random: seeded(1) });
    expect(report).toMatchObject({ promote: false, difference: 0, interval: { low: 0, high: 0 } });
  });

  it("gives both errors for each level that occurs", () => {
    const one = duel(1000, 1, 0.1, 0.05);
    const { segments } = judgeChallenger(one, { random: seeded(1) });
    expect(segments.map(({ feature, level, rows }) => [feature, level, rows])).toEqual([
      ["grade", "low", 500],
      ["grade", "high", 400],
    ]);
    const low = Array.from(one.actual).flatMap((price, i) =>
      i % 2 === 0 ? [Math.abs(price - one.champion[i])] : [],
    );
    expect(segments[0].champion).toBeCloseTo(low.reduce((sum, error) => sum + error, 0) / 500, 8);
    expect(segments[0].challenger).toBeLessThan(segments[0].champion);
  });

  it("gives the same verdict for the same seed", () => {
    const one = duel(300, 4, 0.1, 0.095);
    const judge = (seed: number) => judgeChallenger(one, { random: seeded(seed) });
    expect(judge(7)).toEqual(judge(7));
    expect(judge(8).interval).not.toEqual(judge(7).interval);
  });

  it("names what is missing", () => {
    const one = duel(10, 1, 0.1, 0.1);
    const judge = (changes: Partial<Duel>) => () =>
      judgeChallenger({ ...one, ...changes }, { random: seeded(1) });
    expect(judge({ challenger: [1] })).toThrow("challenger: expected one prediction");
    expect(judge({ champion: new Float64Array(10).fill(Number.NaN) })).toThrow(
      "champion: expected finite predictions; row 0",
    );
    expect(judge({ champion: new Float64Array(10).fill(Number.NaN) })).toThrow(InputError);
  });
});

describe("bootstrapMean", () => {
  it("covers the true mean about as often as it says", () => {
    const random = seeded(11);
    let covered = 0;
    for (let study = 0; study < 300; study++) {
      // Skewed, as errors are: an exponential variable with mean one.
      const sample = Float64Array.from({ length: 100 }, () => -Math.log(1 - random()));
      const { low, high } = bootstrapMean(sample, { random, resamples: 400 });
      if (low <= 1 && 1 <= high) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.89);
    expect(covered / 300).toBeLessThan(0.98);
  });

  it("is as wide as theory says", () => {
    const random = seeded(5);
    const sample = Float64Array.from({ length: 4000 }, () => normal(random));
    const { low, high } = bootstrapMean(sample, { random });
    expect((high - low) / ((2 * 1.96) / Math.sqrt(4000))).toBeGreaterThan(0.9);
    expect((high - low) / ((2 * 1.96) / Math.sqrt(4000))).toBeLessThan(1.1);
  });

  it("refuses what has no interval", () => {
    const random = seeded(1);
    expect(() => bootstrapMean(new Float64Array(), { random })).toThrow("at least one row");
    expect(() => bootstrapMean(Float64Array.of(Number.NaN), { random })).toThrow("finite");
    expect(() => bootstrapMean(Float64Array.of(1), { random, confidence: 1 })).toThrow("confidence");
    expect(() => bootstrapMean(Float64Array.of(1), { random, resamples: 1 })).toThrow("resamples");
  });
});
