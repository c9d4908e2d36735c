// The same trees as XGBoost's: its stored predictions on data that both bin exactly (test/fixtures/boosting/make.py).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Matrix, Monotone } from "../../../../trainer/effects/matrix.ts";
import type { FitOptions } from "../../../../trainer/families/boosting/options.ts";
import { boost, marginsOf } from "./rows.ts";

interface Fixture {
  readonly xgboost: string;
  readonly train: readonly (readonly (number | null)[])[];
  readonly targets: Readonly<Record<string, readonly number[]>>;
  readonly models: readonly {
    readonly name: string;
    readonly target: string;
    readonly settings: Partial<FitOptions> & { readonly monotone?: readonly Monotone[] };
    readonly margins: readonly number[];
  }[];
}

const file = join(import.meta.dirname, "../../../fixtures/boosting/xgboost.json");
const fixture = JSON.parse(readFileSync(file, "utf8")) as Fixture;

function matrixOf(rows: Fixture["train"], monotone: readonly Monotone[] = []): Matrix {
  return {
    rows: rows.length,
    features: rows[0].map((_, index) => ({
      name: `f${index}`,
      type: "number" as const,
      values: Float32Array.from(rows, (row) => row[index] ?? Number.NaN),
      monotone: monotone[index] ?? 0,
    })),
  };
}

describe(`XGBoost ${fixture.xgboost}`, () => {
  it.each(fixture.models)("$name", ({ target, settings: { monotone, ...settings }, margins }) => {
    const sample = {
      matrix: matrixOf(fixture.train, monotone),
      target: Float32Array.from(fixture.targets[target]),
    };
    const { ensemble } = boost(sample, { trees: 20, learningRate: 0.2, maxDepth: 4, ...settings });
    const own = marginsOf(ensemble, sample.matrix).map(([margin]) => margin);
    const spread = Math.max(...margins) - Math.min(...margins);
    const worst = Math.max(...own.map((margin, row) => Math.abs(margin - margins[row])));
    expect(worst / spread).toBeLessThan(1e-5);
  });
});
