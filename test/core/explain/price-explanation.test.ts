// Prices taken apart: steps that end at exactly the price, for every kind of model and any row, and files that are refused.
import fc from "fast-check";
import { beforeAll, describe, expect, it, test } from "vitest";
import { PriceExplanation } from "#core/api/explanation.ts";
import { InputError } from "#core/api/problem.ts";
import { explanationFormat } from "#core/bundle/explanation.ts";
import type { Row } from "#core/dataset/row.ts";
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { toTable } from "#core/dataset/table.ts";
import { compileContributor } from "#core/explain/contributions.ts";
import { compileExplainer, type PriceExplainer } from "#core/explain/price-explanation.ts";
import { exponential } from "#core/onnx/exponential.ts";
import { applyLink, encodeRow, leafOf, rowMargins } from "#core/trees/margin.ts";
import { ensembleToJson } from "#core/trees/serialise.ts";
import { workshops } from "../../synthetic-dataset.ts";
import { fixtures, spec as foreignSpec, importFixture, marginScale } from "../../trainer/import/fixtures.ts";
import { type Explained, fitExplained } from "./fitted.ts";

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

/** Any row that the spec allows, far beyond the training range too. */
function anyRow({ features }: DatasetSpec): fc.Arbitrary<Row> {
  const fields = features.map((feature) => {
    const value =
      feature.type === "category"
        ? (fc.constantFrom(...feature.levels) as fc.Arbitrary<string | number>)
        : fc.double({
            min: feature.minimum ?? -1e6,
            max: feature.maximum ?? 1e6,
            minExcluded: feature.exclusiveMinimum,
            noNaN: true,
          });
    return [feature.name, feature.required ? value : fc.option(value, { nil: undefined })] as const;
  });
  return fc
    .record(Object.fromEntries(fields))
    .map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row);
}

const plain = checkSpec({ ...workshops, target: { name: "rent", unit: "EUR" } });

const kinds: [string, "factor" | "sum", () => Promise<Explained>][] = [
  ["trees on a logarithm", "factor", () => fitExplained("boosting")],
  ["trees with derived columns", "factor", () => fitExplained("boosting", { trees: 40, monotone: false })],
  ["trees on the price", "sum", () => fitExplained("boosting", { trees: 40 }, plain)],
  [
    "trees on the price with a logarithmic link",
    "factor",
    () => fitExplained("boosting", { trees: 40, objective: "gamma" }, plain),
  ],
  ["a line on a logarithm", "factor", () => fitExplained("linear")],
  ["a line on the price", "sum", () => fitExplained("linear", {}, plain)],
];

describe.each(kinds)("%s", (name, expected, make) => {
  let model: Explained;
  let explainer: PriceExplainer;
  beforeAll(async () => {
    model = await make();
    explainer = compileExplainer(model.spec, model.explanation);
  });

  it("leads in steps from the average to exactly the price of any row", () => {
    fc.assert(
      fc.property(anyRow(model.spec), (row) => {
        const [price] = model.priceOf([row]);
        const explanation = explainer.explain(row, price);
        expect(PriceExplanation.parse(explanation)).toEqual(explanation);
        const { scale, base, steps } = explanation;
        expect(scale).toBe(expected);
        expect(steps.at(-1)!.running).toBe(price);
        let running = base.value;
        for (const step of steps) {
          const next = scale === "factor" ? running * step.factor! : running + step.amount;
          expect(Math.abs(next - step.running)).toBeLessThanOrEqual(
            1e-12 * (Math.abs(running) + Math.abs(step.amount)),
          );
          expect(step.running - running).toBe(step.amount);
          running = step.running;
        }
        const own = steps.filter(({ feature }) => feature !== null);
        expect(own.map(({ feature }) => feature).sort()).toEqual(
          model.spec.features.map((one) => one.name).sort(),
        );
        for (const { feature, value } of own) expect(value).toBe(row[feature!] ?? null);
        const sizes = own.map(({ contribution }) => Math.abs(contribution));
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      }),
      { numRuns: 200 },
    );
  });

  it("adds up to the model's own price", () => {
    const prices = model.priceOf(model.rows);
    model.rows.forEach((row, at) => {
      const { scale, base, steps } = explainer.explain(row, prices[at]);
      const margin = base.margin + sum(steps.map(({ contribution }) => contribution));
      const price = scale === "factor" ? exponential(margin) : margin;
      // Lines are added in doubles throughout; the trees of the graph in float32.
      expect(Math.abs(price / prices[at] - 1)).toBeLessThan(name.includes("line") ? 1e-9 : 1e-5);
    });
  });

  it("says in the sentence what the largest steps are, and what is not given", () => {
    const row: Row = { area: 400, condition: "good", district: "centre", height: 3 };
    const [price] = model.priceOf([row]);
    const { sentence, base, steps } = explainer.explain(row, price);
    expect(sentence).toMatch(/^Starts at [\d,.]+ EUR, the average of Workshops; .*: [\d,.]+ EUR\.$/);
    expect(sentence).toContain("area 400 m2 ");
    expect(sentence).toContain("district centre ");
    expect(sentence).toMatch(/heating (and .*)?not given/);
    expect(sentence).not.toContain("district not given");
    expect(base.value).toBeGreaterThan(5);
    expect(steps[0].feature).toBe("area");
  });

  it("is bought dearly by nobody: a better condition and a larger area never lower the price's own step", () => {
    const stepOf = (row: Row, feature: string) => {
      const { steps } = explainer.explain(row, model.priceOf([row])[0]);
      return steps.find((step) => step.feature === feature)!.contribution;
    };
    const row: Row = { area: 100, condition: "fair", district: "hill", heating: "gas", height: 3, gates: 2 };
    expect(stepOf({ ...row, area: 500 }, "area")).toBeGreaterThan(stepOf({ ...row, area: 30 }, "area"));
    expect(stepOf({ ...row, condition: "good" }, "condition")).toBeGreaterThan(
      stepOf({ ...row, condition: "poor" }, "condition"),
    );
  });

  it("refuses a price that is not this model's", () => {
    const [row] = model.rows;
    const [price] = model.priceOf([row]);
    expect(() => explainer.explain(row, price * 1.01)).toThrow(/does not add up to the model's price/);
    expect(() => explainer.explain(row, Number.NaN)).toThrow(InputError);
  });
});

describe("trees", () => {
  it("add up to the ensemble's margin in double precision within 1e-9, derived columns shared out", async () => {
    const { explanation, spec, rows } = await fitExplained("boosting", { trees: 40, monotone: false });
    const { ensembleFromJson } = await import("#core/trees/serialise.ts");
    const { deriveColumns } = await import("#core/dataset/derive-columns.ts");
    const { derived, ensemble: json } = explanation as { derived: typeof spec.derived; ensemble: unknown };
    expect(derived!.length).toBeGreaterThan(0);
    const ensemble = ensembleFromJson(json);
    const table = toTable(spec, rows);
    const widened = deriveColumns(table, derived!);
    const explainRow = compileContributor(spec, explanation as never).over(table);
    rows.forEach((_, at) => {
      const row = encodeRow(ensemble.features, widened, at);
      const margin = ensemble.baseScore[0] + sum(ensemble.trees.map((tree) => tree.value[leafOf(tree, row)]));
      const { base, contributions } = explainRow(at);
      expect(Math.abs(base + sum(contributions) - margin)).toBeLessThan(1e-9);
    });
  });
});

describe("a bound of the spec", () => {
  it("is a step of its own, from where the features lead to the price that is asked", async () => {
    const floor = checkSpec({ ...workshops, target: { ...workshops.target, minimum: 60 } });
    const { explanation, priceOf } = await fitExplained("boosting", { trees: 60 }, floor);
    const explainer = compileExplainer(floor, explanation);
    const row: Row = { area: 22, condition: "poor", district: "mill" };
    expect(priceOf([row])[0]).toBe(60);
    const { steps, sentence } = explainer.explain(row, 60);
    const bound = steps.at(-1)!;
    expect(bound).toMatchObject({ feature: null, value: null, running: 60 });
    expect(bound.amount).toBeGreaterThan(1);
    expect(steps.at(-2)!.running).toBeCloseTo(60 - bound.amount, 9);
    expect(sentence).toMatch(/Bound of the model's prices ×[\d.]+: 60 EUR\.$/);
  });
});

describe("models of the real libraries", () => {
  const priced = fixtures.filter((fixture) =>
    ["identity", "exp", "square"].includes(importFixture(fixture).ensemble.link),
  );
  const others = fixtures.filter((fixture) => !priced.includes(fixture));

  test.each(priced)("$name: contributions are the library's within 1e-5", (fixture) => {
    const model = importFixture(fixture);
    const { ensemble } = model;
    const file = { kind: "trees", format: explanationFormat, ensemble: ensembleToJson(ensemble) };
    const { target } = foreignSpec;
    // The library's model knows no bound.
    const spec: DatasetSpec = { ...foreignSpec, target: { ...target, minimum: undefined } };
    const explainer = compileExplainer(spec, JSON.parse(JSON.stringify(file)));
    const names = ensemble.features.map(({ name }) => name);
    fixture.contributions.forEach((expected, at) => {
      const margins = rowMargins(ensemble, encodeRow(ensemble.features, fixture.table, at));
      const [price] = applyLink(ensemble.link, margins);
      const { steps } = explainer.explain(fixture.rows[at], price);
      // LightGBM's forests sum what we average.
      const scale = marginScale(model);
      const size = Math.max(1, ...expected.map(Math.abs)) * scale;
      for (const { feature, contribution } of steps) {
        const column = names.indexOf(feature!);
        const library = column < 0 ? 0 : expected[column];
        expect(Math.abs(contribution - library * scale) / size).toBeLessThan(1e-5);
      }
      expect(steps.at(-1)!.running).toBe(price);
    });
  });

  test.each(others)("$name: probabilities are refused by name", (fixture) => {
    const { ensemble } = importFixture(fixture);
    const file = { kind: "trees", format: explanationFormat, ensemble: ensembleToJson(ensemble) };
    expect(() => compileExplainer(foreignSpec, file)).toThrow(/one of probabilities \((sigmoid|softmax)\)/);
  });
});

describe("an unsound explain.json", () => {
  const changed = async (name: "boosting" | "linear", change: (file: Record<string, never>) => unknown) => {
    const { explanation } = await fitExplained(name, name === "boosting" ? { trees: 3 } : {});
    return change(structuredClone(explanation) as Record<string, never>);
  };
  interface Linear {
    columns: { name: string; features: string[] }[];
    design: {
      main: { names: string[]; feature: string };
      encodings: { feature: string; names: string[]; rows: number[][] }[];
      others: { expected: number[] }[];
      params: { pairs: boolean };
    };
  }
  type Change = (file: never) => unknown;
  const linear = (change: (file: Linear) => unknown) =>
    ((file: Linear) => {
      change(file);
      return file;
    }) as Change;
  const wrong: [string, "boosting" | "linear", Change, RegExp][] = [
    ["no object", "linear", () => 7, /expected/i],
    ["another kind", "linear", () => ({ kind: "oracle" }), /kind/],
    ["another format", "linear", ((file: object) => ({ ...file, format: 2 })) as Change, /format/],
    ["a column of no design", "linear", linear(({ columns }) => (columns[0].name = "colour")), /columns\/0/],
    [
      "a column of no feature",
      "linear",
      linear(({ columns }) => (columns[0].features = ["colour"])),
      /columns\/0/,
    ],
    ["no design", "linear", linear((file) => (file.design = {} as never)), /design/],
    [
      "a main number that is none",
      "linear",
      linear(({ design }) => (design.main.feature = "district")),
      /district is no number/,
    ],
    [
      "a curve with a name too many",
      "linear",
      linear(({ design }) => design.main.names.push("more")),
      /one name a column/,
    ],
    [
      "levels that the spec lacks",
      "linear",
      linear(({ design }) => design.encodings[0].rows.pop()),
      /for each level of condition/,
    ],
    [
      "an encoding of a number",
      "linear",
      linear(({ design }) => (design.encodings[0].feature = "area")),
      /area is no category/,
    ],
    [
      "an expectation cut short",
      "linear",
      linear(({ design }) => design.others[0].expected.pop()),
      /coefficients for what is expected/,
    ],
    [
      "a design that names billions of columns",
      "linear",
      linear(({ design }) => {
        for (const encoding of design.encodings) {
          encoding.names = Array.from({ length: 1000 }, (_, at) => String(at));
          encoding.rows = encoding.rows.map(() => encoding.names.map(() => 0));
        }
        design.others = [];
      }),
      /at most 200000 columns/,
    ],
    ["no trees", "boosting", ((file: object) => ({ ...file, ensemble: {} })) as Change, /tree ensemble/],
    [
      "a column that the spec lacks",
      "boosting",
      ((file: { ensemble: { features: { name: string }[] } }) => {
        file.ensemble.features[0].name = "colour";
        return file;
      }) as Change,
      /"colour": expected a feature of workshops/,
    ],
    [
      "levels in another order",
      "boosting",
      ((file: { ensemble: { features: { levels?: string[] }[] } }) => {
        for (const { levels } of file.ensemble.features) levels?.reverse();
        return file;
      }) as Change,
      /"condition": expected the levels poor, fair, good/,
    ],
    [
      "a derived column of nothing",
      "boosting",
      ((file: object) => ({
        ...file,
        derived: [{ name: "volume", multiply: ["colour"], divide: [] }],
      })) as Change,
      /"volume": /,
    ],
  ];
  test.each(wrong)("%s is refused (%s)", async (_, name, change, reason) => {
    const file = await changed(name, change as never);
    expect(() => compileExplainer(workshops, file)).toThrow(InputError);
    expect(() => compileExplainer(workshops, file)).toThrow(reason);
  });
});
