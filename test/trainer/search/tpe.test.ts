// The sampler against Optuna's own on the same functions, and the kinds of parameters it must handle.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Params, Trial } from "#core/bundle/manifest.ts";
import { seeded } from "../../../trainer/random.ts";
import { drawPoint, parseSpace, type SpaceInput, toParams } from "../../../trainer/search/space.ts";
import { proposeParams, type TpeOptions, tpeDefaults } from "../../../trainer/search/tpe.ts";
import { hartmann, hartmannSpace, mixed, mixedSpace } from "./functions.ts";

const optuna = JSON.parse(
  readFileSync(new URL("../../fixtures/search/optuna.json", import.meta.url), "utf8"),
);

function complete(number: number, params: Params, value: number): Trial {
  return { number, params, state: "complete", value, reports: [], seconds: 0 };
}

function searchOnce(
  input: SpaceInput,
  objective: (params: Params) => number,
  count: number,
  seed: number,
  options: TpeOptions | "random",
): Trial[] {
  const space = parseSpace(input);
  const random = seeded(seed);
  const trials: Trial[] = [];
  for (let i = 0; i < count; i++) {
    const params =
      options === "random"
        ? toParams(space, drawPoint(space, random))
        : proposeParams(space, trials, random, options);
    trials.push(complete(i, params, objective(params)));
  }
  return trials;
}

function hartmannMedianBest(seeds: number, options: TpeOptions | "random"): number {
  const bests = Array.from({ length: seeds }, (_, seed) =>
    Math.min(...searchOnce(hartmannSpace, hartmann, 100, seed, options).map(({ value }) => value!)),
  ).sort((a, b) => a - b);
  return (bests[Math.ceil(seeds / 2) - 1] + bests[Math.floor(seeds / 2)]) / 2;
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("TPE on Hartmann-6, 100 trials", () => {
  // Half the distance between the quartiles over the root of 40 is some .02: the margin is four of these.
  it("finds what Optuna's multivariate sampler finds", () => {
    const median = hartmannMedianBest(40, tpeDefaults);
    expect(median).toBeLessThan(optuna.multivariate.hartmannMedianBest + 0.08);
  });

  it("finds what Optuna's univariate sampler finds", () => {
    const median = hartmannMedianBest(16, { ...tpeDefaults, multivariate: false });
    expect(median).toBeLessThan(optuna.univariate.hartmannMedianBest + 0.13);
  });

  it("is far better than random search", () => {
    const median = hartmannMedianBest(40, "random");
    expect(median).toBeGreaterThan(-2.3);
    expect(median).toBeLessThan(-1.8);
  });
});

describe.each(["multivariate", "univariate"] as const)("%s TPE over every kind of parameter", (kind) => {
  const options = { ...tpeDefaults, multivariate: kind === "multivariate" };
  const runs = Array.from({ length: 24 }, (_, seed) => searchOnce(mixedSpace, mixed, 80, seed, options));

  it("stays in range", () => {
    for (const { params } of runs.flat()) {
      expect(params.rate).toBeGreaterThanOrEqual(1e-4);
      expect(params.rate).toBeLessThanOrEqual(1);
      expect([params.depth, params.width].every(Number.isInteger)).toBe(true);
      expect(params.depth).toBeGreaterThanOrEqual(1);
      expect(params.depth).toBeLessThanOrEqual(12);
      expect(params.width).toBeGreaterThanOrEqual(1);
      expect(params.width).toBeLessThanOrEqual(1024);
      expect(["a", "b", "c", null]).toContain(params.kind);
      expect(params.fixed).toBe(7);
    }
  });

  it("closes in as Optuna's sampler does", () => {
    const last = runs.map((trials) => trials.slice(-30));
    const value = mean(last.flat().map((trial) => trial.value!));
    const right = mean(last.map((trials) => trials.filter(({ params }) => params.kind === "c").length));
    expect(Math.abs(value / optuna[kind].mixedMeanOfLast30 - 1)).toBeLessThan(0.15);
    expect(Math.abs(right - optuna[kind].mixedRightKindOfLast30)).toBeLessThan(3);
  });
});

describe("proposeParams", () => {
  it("proposes the same for the same seed and history", () => {
    const trials = searchOnce(mixedSpace, mixed, 20, 1, "random");
    const space = parseSpace(mixedSpace);
    expect(proposeParams(space, trials, seeded(5))).toEqual(
      proposeParams(space, [...trials].reverse(), seeded(5)),
    );
    expect(proposeParams(space, trials, seeded(5))).not.toEqual(proposeParams(space, trials, seeded(6)));
  });

  it("learns from pruned trials, those that came further first", () => {
    const line = parseSpace({ x: { type: "float", low: 0, high: 1 } });
    const trials = Array.from({ length: 40 }, (_, i): Trial => {
      const x = (i + 0.5) / 40;
      // Every report is the same: only how far a trial came tells good from bad.
      const reports = Array.from({ length: x > 0.8 ? 5 : 1 }, () => 1);
      return { ...complete(i, { x }, 0), state: "pruned", value: null, reports };
    });
    const proposed = Array.from({ length: 30 }, (_, i) => proposeParams(line, trials, seeded(i)).x as number);
    expect(proposed.filter((x) => x > 0.75).length).toBeGreaterThan(20);
  });

  it("keeps away from what still runs", () => {
    const line = parseSpace({ x: { type: "float", low: 0, high: 1 } });
    const ended = Array.from({ length: 40 }, (_, i) => {
      // Two equally good places.
      const x = (i + 0.5) / 40;
      return complete(i, { x }, Math.min(Math.abs(x - 0.2), Math.abs(x - 0.8)));
    });
    const running = Array.from({ length: 8 }, (_, i) => ({
      ...complete(40 + i, { x: 0.19 + 0.003 * i }, 0),
      state: "running" as const,
      value: null,
    }));
    const nearRunning = (trials: Trial[]) =>
      Array.from({ length: 60 }, (_, i) => proposeParams(line, trials, seeded(i)).x as number).filter(
        (x) => Math.abs(x - 0.2) < 0.1,
      ).length;
    expect(nearRunning([...ended, ...running])).toBeLessThan(0.7 * nearRunning(ended));
  });
});
