// The linear family on the 53,940 real diamonds: accuracy, prices without optional fields, coefficients; and what it refuses.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { agreement } from "#core/bundle/manifest.ts";
import { checkRow, type Row } from "#core/dataset/row.ts";
import { checkSpec, parseSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, takeRows, toTable } from "#core/dataset/table.ts";
import { regressionMetrics } from "#core/metrics/regression.ts";
import type { FittedModel } from "../../../trainer/families/family.ts";
import { linear } from "../../../trainer/families/linear/linear.ts";
import { exportModel } from "../../../trainer/onnx/export.ts";
import { judge } from "../../../trainer/onnx/judge.ts";
import { seeded, shuffle } from "../../../trainer/random.ts";
import { drawWorkshops, workshops, workshopTable } from "../../synthetic-dataset.ts";

const spec = parseSpec(readFileSync("data/diamonds/dataset.json", "utf8"), "dataset.json");
const csv = createRequire(import.meta.url).resolve("@observablehq/sample-datasets/diamonds.csv");

/** Distinct rows within the spec's ranges, with their prices. */
function readDiamonds(): { row: Row; price: number }[] {
  const [header, ...lines] = readFileSync(csv, "utf8").trim().split("\n");
  const names = header.split(",");
  return [...new Set(lines)].flatMap((line) => {
    const cells = line
      .split(",")
      .map((cell, index) => [names[index], Number.isNaN(Number(cell)) ? cell : Number(cell)]);
    const { price, ...row } = Object.fromEntries(cells) as Record<string, number | string>;
    try {
      return [{ row: checkRow(spec, row), price: Number(price) }];
    } catch (error) {
      if (error instanceof InputError) return [];
      throw error;
    }
  });
}

const [spline] = linear.candidates(spec);
let train: LabelledTable;
let test: LabelledTable;
let model: FittedModel;

beforeAll(async () => {
  const diamonds = shuffle(readDiamonds(), seeded(42));
  const table = {
    ...toTable(
      spec,
      diamonds.map(({ row }) => row),
    ),
    target: Float64Array.from(diamonds, ({ price }) => price),
  };
  const indices = diamonds.map((_, index) => index);
  const border = Math.round(diamonds.length * spec.split.testShare);
  test = takeRows(table, indices.slice(0, border));
  train = takeRows(table, indices.slice(border));
  model = await linear.fit(spline.params, train, { spec, random: seeded(1) });
});

const priceOf = (row: Record<string, number | string | undefined>) =>
  model.predict(toTable(spec, [row as Row]))[0];

describe("diamonds", () => {
  it("are priced far better than by the reference regression (R2 .9523, MAE 404)", () => {
    expect(train.rows + test.rows).toBeGreaterThan(53_000);
    const metrics = regressionMetrics(test.target, model.predict(test));
    expect(metrics.r2Score).toBeGreaterThan(0.975);
    expect(metrics.meanAbsoluteError).toBeLessThan(330);
  });

  it("are priced as well from required fields alone, and sensibly from any of the optional ones", () => {
    const optional = spec.features.filter(({ required }) => !required).map(({ name }) => name);
    const blank = new Float32Array(test.rows).fill(Number.NaN);
    const errorWithout = (names: string[]) => {
      const hidden = Object.fromEntries(names.map((name) => [name, blank]));
      const prices = model.predict({ ...test, columns: { ...test.columns, ...hidden } });
      return regressionMetrics(test.target, prices).meanAbsoluteError;
    };
    expect(errorWithout(optional)).toBeLessThan(330);
    for (const name of optional) expect(errorWithout([name])).toBeLessThan(404);
    for (const name of optional)
      expect(errorWithout(optional.filter((other) => other !== name))).toBeLessThan(404);
  });

  it("cost more when heavier, for the best and the worst grades, beyond the training range too", () => {
    for (const grades of [
      { cut: "Ideal", color: "D", clarity: "IF" },
      { cut: "Fair", color: "J", clarity: "I1" },
      { cut: "Premium", color: "G", clarity: "VS1" },
    ]) {
      const prices = [0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 8, 15].map((carat) =>
        priceOf({ carat, ...grades }),
      );
      expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    }
  });

  it("are hardly moved by a typing error in a measurement", () => {
    const stone = { carat: 1, cut: "Ideal", color: "G", clarity: "VS1" };
    const sane = priceOf(stone);
    for (const wrong of [{ y: 25 }, { z: 0.01 }, { x: 25, y: 25, z: 25 }, { depth: 95, table: 95 }]) {
      expect(Math.abs(Math.log(priceOf({ ...stone, ...wrong }) / sane))).toBeLessThan(0.35);
    }
  });

  it("get the same price from the exported graph to twelve digits", async () => {
    const options = {
      spec,
      family: "linear",
      specHash: "0",
      dataSha256: "0",
      params: spline.params,
      seed: 1,
    };
    const { bytes, id } = await exportModel(model, options);
    const verdict = await judge(bytes, spec, test, model);
    expect(verdict.evaluator.difference).toBeLessThan(1e-12);
    expect(verdict.native.difference).toBeLessThan(1e-12);
    expect(verdict.rows).toBe(test.rows);
    expect(verdict.evaluator.difference).toBeLessThan(agreement);
    expect(id).toMatch(/^linear-[0-9a-f]{12}$/);
    expect(bytes.length).toBeLessThan(20_000);
  });

  it("come with coefficients, standard errors and t", () => {
    const report = model.report() as {
      coefficients: { name: string; coefficient: number; standardError: number; t: number }[];
      dropped: { name: string; reason: string }[];
    };
    const elasticity = report.coefficients.find(({ name }) => name === "log carat");
    expect(elasticity?.coefficient).toBeGreaterThan(0.5);
    expect(report.coefficients.length).toBeGreaterThan(100);
    for (const { coefficient, standardError, t } of report.coefficients) {
      expect(standardError).toBeGreaterThan(0);
      expect(t).toBeCloseTo(coefficient / standardError, 9);
    }
    for (const { reason } of report.dropped)
      expect(["too few rows", "follows from other columns"]).toContain(reason);
  });
});

describe("refusals", () => {
  const rows = workshopTable(drawWorkshops(200));
  const [{ params }] = linear.candidates(workshops);
  const fitOn = (table: LabelledTable, own = params, ofSpec = workshops) =>
    linear.fit(own, table, { spec: ofSpec, random: seeded(1) });

  it("names a column that is missing in every row", () => {
    const height = new Float32Array(rows.rows).fill(Number.NaN);
    expect(() => fitOn({ ...rows, columns: { ...rows.columns, height } })).toThrow(
      "/height: expected a value in at least one",
    );
    const heating = new Int32Array(rows.rows).fill(-1);
    expect(() => fitOn({ ...rows, columns: { ...rows.columns, heating } })).toThrow(
      "/heating: expected a value",
    );
  });

  it("wants more rows than columns, and a target that varies", () => {
    expect(() => fitOn(takeRows(rows, [0, 1, 2, 3]))).toThrow("at least 10 training rows; got 4");
    const few = takeRows(
      rows,
      Array.from({ length: 12 }, (_, index) => index),
    );
    expect(() => fitOn(few)).toThrow(/more training rows than the \d+ columns/);
    expect(() => fitOn({ ...rows, target: rows.target.slice().fill(9) })).toThrow(
      "/rent: expected more than one value",
    );
  });

  it("refuses a price of zero where logarithms are fitted, and a logarithm that the spec rules out", () => {
    expect(() => fitOn({ ...rows, target: rows.target.slice().fill(0, 0, 1) })).toThrow(
      "expected a finite number above 0; got 0 (training row 1)",
    );
    const plain = checkSpec({ ...workshops, target: { name: "rent", unit: "EUR", transform: "none" } });
    expect(() => fitOn(rows, params, plain)).toThrow('/target: expected "none"');
    expect(linear.candidates(plain).every((candidate) => candidate.params.target === "none")).toBe(true);
  });

  it("fits collinear features without blowing up", async () => {
    const gates = Float32Array.from(rows.columns.area, (area) => Math.fround(area * 2));
    const twin = await fitOn({ ...rows, columns: { ...rows.columns, gates } });
    const prices = twin.predict({ ...rows, columns: { ...rows.columns, gates } });
    expect(regressionMetrics(rows.target, prices).r2Score).toBeGreaterThan(0.9);
    const known = (await fitOn(rows)).predict(rows);
    expect(prices.every((price, index) => Math.abs(Math.log(price / known[index])) < 0.5)).toBe(true);
  });
});

describe("datasets of one kind of feature", () => {
  const kinds: [string, (feature: (typeof workshops.features)[number]) => boolean][] = [
    ["categories only", ({ type }) => type === "category"],
    ["required numbers only", ({ type, required }) => type === "number" && required],
    ["optional numbers only", ({ type, required }) => type === "number" && !required],
    ["one optional category", ({ name }) => name === "heating"],
  ];
  const rows = workshopTable(drawWorkshops(400));

  it.each(kinds)("%s: every candidate fits and exports", async (_, keep) => {
    const spec = { ...workshops, features: workshops.features.filter(keep), similar: undefined };
    for (const { params } of linear.candidates(spec)) {
      const model = await linear.fit(params, rows, { spec, random: seeded(1) });
      const options = { spec, family: "linear", specHash: "0", dataSha256: "0", params, seed: 1 };
      const { bytes } = await exportModel(model, options);
      const verdict = await judge(bytes, spec, rows, model);
      expect(verdict.evaluator.difference).toBeLessThan(1e-12);
      expect(verdict.native.difference).toBeLessThan(1e-12);
    }
  });
});
