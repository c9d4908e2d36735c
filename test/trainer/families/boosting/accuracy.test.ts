// What boosted trees gain accuracy by: derived columns, averages of boosters, and the preset that has both.
import { describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { agreement, type Params } from "#core/bundle/manifest.ts";
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, takeRows, toTable } from "#core/dataset/table.ts";
import { meanAbsoluteError } from "#core/metrics/regression.ts";
import { contributionsOf } from "../../../../trainer/contributions.ts";
import { chooseDerived, shareAmongSources } from "../../../../trainer/families/boosting/derived-columns.ts";
import { fitEnsemble } from "../../../../trainer/families/boosting/fit.ts";
import { boosting } from "../../../../trainer/families/boosting/index.ts";
import { averageEnsembles } from "../../../../trainer/families/boosting/members.ts";
import { defaultSettings } from "../../../../trainer/families/boosting/options.ts";
import { predictTable } from "../../../../trainer/families/boosting/predict-table.ts";
import type { Family } from "../../../../trainer/families/family.ts";
import { exportModel } from "../../../../trainer/onnx/export.ts";
import { judge } from "../../../../trainer/onnx/judge.ts";
import { seeded } from "../../../../trainer/random.ts";
import { choosePreset } from "../../../../trainer/search/params.ts";
import { drawWorkshops, workshops, workshopTable } from "../../../synthetic-dataset.ts";

/** Plots whose price hangs on the ratio of two sides: no split on either side sees it. */
const plots: DatasetSpec = checkSpec({
  name: "plots",
  title: "Plots",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "plots.csv" },
  target: { name: "price", unit: "EUR", transform: "log", minimum: 1 },
  features: [
    {
      name: "length",
      type: "number",
      minimum: 0,
      exclusiveMinimum: true,
      required: true,
      monotone: "increasing",
    },
    { name: "width", type: "number", minimum: 0, exclusiveMinimum: true, required: true },
    { name: "slope", type: "number" },
  ],
  derived: [
    { name: "shape", multiply: ["width"], divide: ["length"] },
    { name: "terrace", multiply: ["width", "slope"] },
  ],
  split: { testShare: 0.2, seed: 1 },
});

function drawPlots(count: number, seed: number): LabelledTable {
  const random = seeded(seed);
  const rows = Array.from({ length: count }, () => {
    const [length, width, slope] = [10 + 90 * random(), 10 + 90 * random(), random()];
    return { row: { length, width, slope }, noise: 0.05 * (random() - 0.5) };
  });
  const target = Float64Array.from(rows, ({ row, noise }) =>
    Math.exp(6 + Math.sin(4 * Math.log(row.width / row.length)) + noise),
  );
  return {
    ...toTable(
      plots,
      rows.map(({ row }) => row),
    ),
    target,
  };
}

const [train, test] = [drawPlots(1500, 1), drawPlots(500, 2)];
const fitPlots = (params: Params, spec = plots, table: LabelledTable = train) =>
  boosting.fit(boosting.params.parse({ trees: 60, monotone: false, partialRows: 0, ...params }), table, {
    spec,
    random: seeded(1),
  });
const errorOf = async (params: Params) =>
  meanAbsoluteError(test.target, (await fitPlots(params)).predict(test));

describe("derived columns", () => {
  it("halve the error where the price hangs on a ratio", async () => {
    expect(await errorOf({})).toBeLessThan(0.5 * (await errorOf({ derived: false })));
  });

  it("are left out where they are made of a feature held to its direction, and where no row has one", () => {
    const names = (table: LabelledTable, held: boolean) =>
      chooseDerived(plots, table, held).map(({ name }) => name);
    expect(names(train, false)).toEqual(["shape", "terrace"]);
    expect(names(train, true)).toEqual(["terrace"]);
    const flat = {
      ...train,
      columns: { ...train.columns, slope: new Float32Array(train.rows).fill(Number.NaN) },
    };
    expect(names(flat, false)).toEqual(["shape"]);
  });

  it("let a price move only in its feature's direction where that is held", async () => {
    const model = await fitPlots({ monotone: true });
    const steps = Array.from({ length: 200 }, (_, step) => ({
      length: 10 + step * 0.45,
      width: 40,
      slope: 0.5,
    }));
    const rising = model.predict(toTable(plots, steps));
    expect(rising.every((price, step) => step === 0 || price >= rising[step - 1])).toBe(true);
    const free = (await fitPlots({})).predict(toTable(plots, steps));
    expect(free.some((price, step) => step > 0 && price < free[step - 1])).toBe(true);
  });

  it("hand what they explain to their features, so that contributions still add up", async () => {
    const model = await fitPlots({});
    const found = contributionsOf(plots, model.explanation!(), test);
    expect(found.features).toEqual(["length", "width", "slope"]);
    const bases = [...model.predict(test)].map(
      (price, row) =>
        Math.log(price) - found.values.slice(row * 3, row * 3 + 3).reduce((sum, one) => sum + one),
    );
    expect(Math.max(...bases) - Math.min(...bases)).toBeLessThan(1e-4);
    const importance = model.report().importance as Record<string, number>;
    expect(Object.keys(importance)).toEqual(["length", "width", "slope"]);
    expect(Object.values(importance).reduce((sum, one) => sum + one)).toBeCloseTo(1, 6);
  });

  it("share gains equally", () => {
    expect(
      shareAmongSources({ length: 0.1, width: 0.2, slope: 0, shape: 0.5, terrace: 0.2 }, plots.derived!),
    ).toEqual({
      length: expect.closeTo(0.35),
      width: expect.closeTo(0.55),
      slope: expect.closeTo(0.1),
    });
  });
});

describe("members", () => {
  const matrix = {
    rows: train.rows,
    features: plots.features.map(({ name }) => ({
      name,
      type: "number" as const,
      values: train.columns[name] as Float32Array,
    })),
  };
  const target = train.target.map(Math.log);
  const ensembles = [1, 2, 3].map(
    (seed) => fitEnsemble(matrix, target, { ...defaultSettings, trees: 20, rowShare: 0.6, seed }).ensemble,
  );

  it("are averaged into the mean of their margins", () => {
    const margins = ensembles.map((ensemble) => predictTable(ensemble, test));
    const average = predictTable(averageEnsembles(ensembles), test);
    average.forEach((margin, row) => {
      const mean = margins.reduce((sum, one) => sum + one[row], 0) / margins.length;
      expect(margin).toBeCloseTo(mean, 5);
    });
    expect(margins[0]).not.toEqual(margins[1]);
    expect(averageEnsembles([ensembles[0]])).toBe(ensembles[0]);
  });

  it("err less together than alone, of one objective or of two", async () => {
    const rough = { rowShare: 0.3, learningRate: 0.3 };
    const alone = await errorOf(rough);
    expect(await errorOf({ ...rough, members: 4 })).toBeLessThan(0.9 * alone);
    expect(await errorOf({ ...rough, members: 4, alternate: "absoluteError" })).toBeLessThan(0.97 * alone);
  });

  it("tell their progress as one", async () => {
    const told: number[] = [];
    await boosting.fit(boosting.params.parse({ trees: 5, members: 3 }), train, {
      spec: plots,
      random: seeded(1),
      progress: (done, total) => told.push(done / total),
    });
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  it("each report where they stopped", async () => {
    const { earlyStopping } = (await fitPlots({ trees: 200, members: 2, earlyStopping: 5 })).report();
    expect(earlyStopping).toHaveLength(2);
    for (const { rounds, loss } of earlyStopping as { rounds: number; loss: number[] }[])
      expect(loss.length).toBeGreaterThanOrEqual(rounds);
  });

  it("are refused where they make no sense", () => {
    const faults = (params: Params) =>
      boosting.params.safeParse(params).error?.issues.map(({ path }) => path[0]);
    expect(faults({ alternate: "huber" })).toEqual(["members"]);
    expect(faults({ alternate: "huber", members: 2, objective: "poisson" })).toEqual(["alternate"]);
    expect(faults({ members: 17 })).toEqual(["members"]);
    expect(faults({ alternate: "huber", members: 2 })).toBeUndefined();
  });
});

const workshopRows = workshopTable(drawWorkshops(800));
const half = (odd: number) =>
  takeRows(
    workshopRows,
    Array.from({ length: 400 }, (_, index) => 2 * index + odd),
  );

describe("the presets", () => {
  const family = choosePreset(boosting as Family, "best");
  const [{ params }] = family.candidates(workshops);

  it("is the family's only candidate, with complete parameters", () => {
    expect(family.candidates(workshops)).toHaveLength(1);
    expect(boosting.params.parse(params)).toEqual(params);
    expect(params).toMatchObject({ monotone: false, derived: true });
  });

  it("exports what it predicts, missing values included", async () => {
    const model = await boosting.fit(boosting.params.parse({ ...params, trees: 80 }), half(0), {
      spec: workshops,
      random: seeded(3),
    });
    const options = { family: "boosting", specHash: "0", dataSha256: "0", params, seed: 3 };
    const { bytes } = await exportModel(model, { spec: workshops, ...options });
    const verdict = await judge(bytes, workshops, half(1), model);
    expect(verdict.evaluator.difference).toBeLessThan(agreement);
    expect(verdict.native.difference).toBe(verdict.evaluator.difference);
    expect(half(1).columns.height.some(Number.isNaN)).toBe(true);
  });

  it("is named where another is asked for, and where a family has none", () => {
    expect(() => choosePreset(boosting as Family, "worst")).toThrow(InputError);
    expect(() => choosePreset(boosting as Family, "worst")).toThrow(
      'expected one of averaged, best; got "worst"',
    );
    expect(() => choosePreset(boosting as Family, "toString")).toThrow(InputError);
    expect(() => choosePreset({ ...family, presets: undefined }, "best")).toThrow("boosting has none");
  });
});
