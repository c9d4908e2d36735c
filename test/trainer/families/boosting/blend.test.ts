// Boosters blended with main effects: few rows, categories of many levels, and how both are exported and explained.
import { describe, expect, it } from "vitest";
import { agreement, type Params } from "#core/bundle/manifest.ts";
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, takeRows, toTable } from "#core/dataset/table.ts";
import { meanAbsoluteError } from "#core/metrics/regression.ts";
import { contributionsOf } from "../../../../trainer/contributions.ts";
import { findShares } from "../../../../trainer/families/boosting/blend-shares.ts";
import { boosting } from "../../../../trainer/families/boosting/index.ts";
import { exportModel } from "../../../../trainer/onnx/export.ts";
import { judge } from "../../../../trainer/onnx/judge.ts";
import { seeded } from "../../../../trainer/random.ts";

const models = 400;
const idleLevels = 1000;

function specOf(withIdle: boolean): DatasetSpec {
  const levels = (count: number) => Array.from({ length: count }, (_, level) => `l${level}`);
  return checkSpec({
    name: "vans",
    title: "Vans",
    version: 1,
    task: "regression",
    source: { format: "csv", path: "vans.csv" },
    target: { name: "price", unit: "EUR", transform: "log", minimum: 1 },
    features: [
      { name: "model", type: "category", levels: levels(models), required: true },
      { name: "age", type: "number", required: true },
      ...(withIdle ? [{ name: "plate", type: "category", levels: levels(idleLevels), required: true }] : []),
    ],
    split: { testShare: 0.2, seed: 1 },
  });
}

const spec = specOf(true);

/** Models of their own price, long-tailed; a plate that says nothing; noise of 8 %. */
function drawVans(rows: number, seed: number): LabelledTable {
  const effect = Array.from({ length: models }, (_, level) => seeded(1000 + level)() * 2 - 1);
  const random = seeded(seed);
  const drawn = Array.from({ length: rows }, () => {
    const model = Math.floor(models * random() ** 2);
    const [age, plate] = [random() * 15, Math.floor(random() * idleLevels)];
    const noise = (random() + random() + random() - 1.5) * 0.16;
    const price = Math.exp(9 + effect[model] - 0.08 * age + noise);
    return { row: { model: `l${model}`, age, plate: `l${plate}` }, price };
  });
  const table = toTable(
    spec,
    drawn.map(({ row }) => row),
  );
  return { ...table, target: Float64Array.from(drawn, ({ price }) => price) };
}

const [train, test] = [drawVans(3000, 1), drawVans(800, 2)];

async function fitVans(own: DatasetSpec, params: Params = {}) {
  const [candidate] = boosting.candidates(own, train.rows);
  const settings = boosting.params.parse({ ...candidate.params, trees: 150, ...params });
  return boosting.fit(settings, train, { spec: own, random: seeded(1) });
}

const shareOff = (predicted: Float64Array) =>
  meanAbsoluteError(
    new Float64Array(test.rows).fill(1),
    predicted.map((price, row) => price / test.target[row]),
  );

describe("a category of many levels", () => {
  it("is learnt level by level, to little more than the noise", async () => {
    // Noise alone is off by 6.4 %.
    expect(shareOff((await fitVans(specOf(false))).predict(test))).toBeLessThan(0.085);
  });

  it("gains nothing where its levels say nothing", async () => {
    const [without, beside] = [await fitVans(specOf(false)), await fitVans(spec)];
    const ratio = shareOff(beside.predict(test)) / shareOff(without.predict(test));
    expect(ratio).toBeGreaterThan(0.98);
    expect(ratio).toBeLessThan(1.02);
  });

  it("is looked up in the graph, unknown and missing levels included", async () => {
    const model = await fitVans(spec);
    const params = boosting.params.parse({});
    const options = { spec, family: "boosting", specHash: "0", dataSha256: "0", params, seed: 1 };
    const { bytes } = await exportModel(model, options);
    const unknown = takeRows(test, [0, 1, 2, 3]);
    for (const table of [
      test,
      { ...unknown, columns: { ...unknown.columns, model: new Int32Array(4).fill(-1) } },
    ]) {
      const verdict = await judge(bytes, spec, table, model);
      expect(verdict.evaluator.difference).toBeLessThan(agreement);
      expect(verdict.native.difference).toBeLessThan(agreement);
    }
  });

  it("is explained as the one feature that it is, with steps that add up to the price", async () => {
    const model = await fitVans(spec);
    const { features, values } = contributionsOf(spec, model.explanation!(), test);
    expect(features).toEqual(["model", "age", "plate"]);
    const bases = model.predict(test).map((price, row) => {
      const sum = features.reduce((total, _, at) => total + values[row * 3 + at], 0);
      return Math.log(price) - sum;
    });
    for (const base of bases) expect(base).toBeCloseTo(bases[0], 4);
  });

  it("keeps a number a level where no folds are asked for", async () => {
    expect(shareOff((await fitVans(specOf(false), { folds: 0 })).predict(test))).toBeLessThan(0.09);
  });
});

describe("the shares of a blend", () => {
  it("go to the opinion that is right, and to two that miss on opposite sides", () => {
    const target = Float64Array.from({ length: 50 }, (_, row) => row);
    const off = (by: number) => target.map((value) => value + by);
    expect(findShares([off(3), off(0)], target, undefined)).toEqual([0, 1]);
    expect(findShares([off(1), off(-1)], target, undefined)).toEqual([0.5, 0.5]);
  });
});
