// What every model family must do, on a dataset that no family was written for. A new family runs all of it by being registered.
import { describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { parseExplanation } from "#core/bundle/explanation.ts";
import { agreement, type Params, relativeDifference } from "#core/bundle/manifest.ts";
import { type LabelledTable, type Table, takeRows, toTable } from "#core/dataset/table.ts";
import { r2Score } from "#core/metrics/regression.ts";
import { contributionsOf } from "../../trainer/contributions.ts";
import type { Family, FittedModel } from "../../trainer/families/family.ts";
import { exportModel } from "../../trainer/onnx/export.ts";
import { judge } from "../../trainer/onnx/judge.ts";
import { seeded } from "../../trainer/random.ts";
import { parseSpace } from "../../trainer/search/space.ts";
import { findStart } from "../../trainer/search/start.ts";
import { drawWorkshops, workshops, workshopTable } from "../synthetic-dataset.ts";

const rows = drawWorkshops(900);
const all = workshopTable(rows);
const train = takeRows(
  all,
  rows.flatMap((_, index) => (index < 600 ? [index] : [])),
);
const test = takeRows(
  all,
  rows.flatMap((_, index) => (index < 600 ? [] : [index])),
);
const optional = workshops.features.filter(({ required }) => !required).map(({ name }) => name);

/** The same table with its columns in the opposite order. */
function reversed<T extends Table>(table: T): T {
  return { ...table, columns: Object.fromEntries(Object.entries(table.columns).reverse()) };
}

function without(table: Table, names: readonly string[]): Table {
  const columns = Object.entries(table.columns).map(([name, column]) => {
    if (!names.includes(name)) return [name, column];
    return [name, column.slice().fill(column instanceof Float32Array ? Number.NaN : -1)];
  });
  return { ...table, columns: Object.fromEntries(columns) };
}

function farthest(actual: Float64Array, expected: Float64Array): number {
  return actual.reduce((most, value, index) => Math.max(most, relativeDifference(value, expected[index])), 0);
}

export interface FamilyExpectations {
  /** Relative difference that a weight of 2 may make to the row given twice. */
  readonly weightTolerance?: number;
  /** Settings without which a row given twice is two draws of chance, for the comparison with a weight of 2. */
  readonly unrandom?: Params;
  /** Held-out R2 that the first candidate must reach on the made-up dataset, whose law every family should find. */
  readonly leastR2: number;
}

/** Declares the suite for one family. */
export function familyContract(key: string, family: Family, expectations: FamilyExpectations): void {
  // Those for so few rows, and those for any number.
  const candidates = [
    ...new Map(
      [...family.candidates(workshops, train.rows), ...family.candidates(workshops)].map((candidate) => [
        candidate.name,
        candidate,
      ]),
    ).values(),
  ];
  const fitOn = (
    params: Params,
    table: LabelledTable = train,
    seed = 1,
  ): FittedModel | Promise<FittedModel> =>
    family.fit(params, table, { spec: workshops, random: seeded(seed) });
  const bytesOf = async (params: Params, table: LabelledTable = train) => {
    const options = { spec: workshops, family: family.name, specHash: "0", dataSha256: "0", params, seed: 1 };
    return (await exportModel(await fitOn(params, table), options)).bytes;
  };

  it("is registered under its own name, with candidates of different names", () => {
    expect(family.name).toBe(key);
    expect(family.title).not.toBe("");
    expect(candidates.length).toBeGreaterThan(0);
    expect(new Set(candidates.map(({ name }) => name)).size).toBe(candidates.length);
  });

  it("finds the law of the data with its first candidate", async () => {
    const model = await fitOn(candidates[0].params);
    expect(r2Score(test.target, model.predict(test))).toBeGreaterThanOrEqual(expectations.leastR2);
  });

  it("accepts both ends of every range that a search may try, and starts at its own default", () => {
    const space = parseSpace(family.space ?? { none: { type: "int", low: 0, high: 0 } });
    const { fixed, initial } = findStart(
      space,
      candidates.map(({ params }) => params),
    );
    if (!family.space) return expect(initial).toEqual([]);
    expect(initial.length).toBeGreaterThan(0);
    for (const [name, range] of Object.entries(space)) {
      const ends = range.type === "category" ? range.choices : [range.low, range.high];
      for (const end of ends) {
        const { error } = family.params.safeParse({ ...fixed, ...initial[0], [name]: end });
        expect(error, `${name} = ${end}`).toBeUndefined();
      }
    }
  });

  describe.each(candidates)("$name", ({ params }) => {
    it("has complete parameters, and names one that is wrong", () => {
      expect(family.params.parse(params)).toEqual(params);
      const unknown = family.params.safeParse({ ...params, unheardOf: 1 });
      expect(unknown.success).toBe(false);
      expect(JSON.stringify(unknown.error?.issues)).toContain("unheardOf");
      for (const name of Object.keys(params)) {
        const wrong = family.params.safeParse({ ...params, [name]: ["no such value"] });
        expect(wrong.error?.issues.map(({ path }) => path)).toContainEqual([name]);
      }
    });

    it("gives the same bytes for the same seed and rows, and leaves its inputs as they were", async () => {
      const table = structuredClone(train);
      const first = await bytesOf(params, table);
      expect(await bytesOf(params, table)).toEqual(first);
      expect(table).toEqual(train);
    });

    it("does not care in which order columns come", async () => {
      expect(await bytesOf(params, reversed(train))).toEqual(await bytesOf(params));
      const model = await fitOn(params);
      expect(model.predict(reversed(test))).toEqual(model.predict(test));
    });

    it("exports what it predicts, missing values and extremes included", async () => {
      const model = await fitOn(params);
      const bytes = await bytesOf(params);
      const extremes = toTable(workshops, [
        { area: 1e-30, condition: "poor", district: "mill" },
        {
          area: 1e6,
          condition: "good",
          district: "hill",
          heating: "wood",
          height: 0,
          altitude: -400,
          gates: 9,
        },
        { area: 100, condition: "fair", district: "harbour", height: 1e6, altitude: 1e6 },
      ]);
      const hard = [without(test, optional), without(test, Object.keys(test.columns)), extremes];
      for (const table of [test, ...hard, ...optional.map((name) => without(test, [name]))]) {
        const verdict = await judge(bytes, workshops, table, model);
        expect(verdict.evaluator.difference).toBeLessThan(agreement);
        expect(verdict.native.difference).toBeLessThan(agreement);
        expect(verdict.prices.every((price) => Number.isFinite(price) && price >= 5)).toBe(true);
      }
    });

    it("prices a row alone as it does among others", async () => {
      const model = await fitOn(params);
      const together = model.predict(test);
      const alone = Float64Array.from(
        { length: 20 },
        (_, index) => model.predict(takeRows(test, [index]))[0],
      );
      expect(alone).toEqual(together.slice(0, 20));
      expect(model.predict(takeRows(test, []))).toHaveLength(0);
    });

    it("takes a weight as that many equal rows", async () => {
      const weights = Float64Array.from({ length: train.rows }, (_, index) => (index % 3) + 1);
      const repeated = takeRows(
        train,
        Array.from(weights, (weight, index) => new Array<number>(weight).fill(index)).flat(),
      );
      const settled = { ...params, ...expectations.unrandom };
      const byWeight = (await fitOn(settled, { ...train, weights })).predict(test);
      const byRepetition = (await fitOn(settled, repeated)).predict(test);
      expect(farthest(byWeight, byRepetition)).toBeLessThan(expectations.weightTolerance ?? 1e-7);
    });

    it("reports in plain JSON", async () => {
      const report = (await fitOn(params)).report();
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    });

    it("explains prices by what adds up to them, in plain JSON, or says nothing", async () => {
      const model = await fitOn(params);
      const explanation = model.explanation?.();
      if (explanation === undefined) return expect(model.explanation).toBeUndefined();
      expect(parseExplanation(JSON.parse(JSON.stringify(explanation)))).toEqual(explanation);
      const { features, values } = contributionsOf(workshops, explanation, test);
      const link = explanation.kind === "trees" ? explanation.ensemble.link : explanation.link;
      const bases = model.predict(test).map((price, row) => {
        const sum = features.reduce((total, _, at) => total + values[row * features.length + at], 0);
        return (link === "exp" ? Math.log(price) : price) - sum;
      });
      // Without its contributions every price is that of the average training row.
      expect(farthest(bases, bases.slice().fill(bases[0]))).toBeLessThan(1e-5);
    });

    it("refuses rows it cannot be fitted on", async () => {
      const broken = { ...train, target: train.target.slice().fill(Number.NaN, 3, 4) };
      for (const table of [
        takeRows(train, []),
        broken,
        { ...train, target: train.target.slice().fill(Number.POSITIVE_INFINITY, 0, 1) },
      ]) {
        await expect(async () => fitOn(params, table)).rejects.toThrow(InputError);
      }
      await expect(async () => fitOn(params, broken)).rejects.toThrow(/rent.*NaN.*row 4/);
    });

    it("refuses a constant target or prices everything at it", async () => {
      const constant = { ...train, target: train.target.slice().fill(250) };
      try {
        const prices = (await fitOn(params, constant)).predict(test);
        expect(farthest(prices, prices.slice().fill(250))).toBeLessThan(1e-6);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    });
  });
}
