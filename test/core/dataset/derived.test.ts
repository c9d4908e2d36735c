// Derived columns: their arithmetic in float32, what a spec may not ask for, and the graph that computes the same bits.

import { describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { deriveColumns } from "#core/dataset/derive-columns.ts";
import { type Derived, sourcesOf } from "#core/dataset/derived.ts";
import type { Row } from "#core/dataset/row.ts";
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { type Table, toTable } from "#core/dataset/table.ts";
import { feedsOfTable } from "#core/onnx/feeds.ts";
import { GraphBuilder } from "#core/onnx/graph-builder.ts";
import { loadModel } from "#core/onnx/model.ts";
import { predictionOutput } from "#core/onnx/outputs.ts";
import { elementTypeCodes } from "#core/onnx/tensor.ts";
import { addDerived } from "#core/trees/derived-graph.ts";
import { runInOnnxruntime } from "../../../trainer/onnx/runtime.ts";
import { seeded } from "../../../trainer/random.ts";

const plain = {
  name: "boxes",
  title: "Boxes",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "boxes.csv" },
  target: { name: "price", unit: "EUR" },
  features: [
    { name: "width", type: "number", minimum: 0, exclusiveMinimum: true },
    { name: "height", type: "number", minimum: 0.5 },
    { name: "weight", type: "number", minimum: 0 },
    { name: "grade", type: "category", levels: ["c", "b", "a"], ordered: true },
    { name: "color", type: "category", levels: ["red", "blue"] },
  ],
  split: { testShare: 0.2, seed: 1 },
};
const specWith = (...derived: object[]): DatasetSpec => checkSpec({ ...plain, derived });
const faultOf = (...derived: object[]): string => {
  try {
    specWith(...derived);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error("expected a fault");
};

const density = { name: "density", multiply: ["weight"], divide: ["width", "width", "height"] };
const worth = { name: "worth", multiply: [["weight", "height"], "grade"] };
const spec = specWith(density, worth);
const derived = spec.derived as readonly Derived[];

describe("deriveColumns", () => {
  it("rounds every step to float32 and counts levels from 1", () => {
    const table = toTable(spec, [{ width: 0.1, height: 0.7, weight: 3.3, grade: "b" }]);
    const { columns } = deriveColumns(table, derived);
    const f = Math.fround;
    const volume = f(f(f(0.1) * f(0.1)) * f(0.7));
    expect(columns.density[0]).toBe(f(f(3.3) / volume));
    expect(columns.worth[0]).toBe(f(f(f(3.3) + f(0.7)) * 2));
    expect(Object.keys(columns)).toEqual(["width", "height", "weight", "grade", "color", "density", "worth"]);
  });

  it("is missing where one of its features is, and only there", () => {
    const rows: Row[] = [
      { width: 2, height: 1, weight: 4 },
      { width: 2, weight: 4, grade: "a" },
      { grade: "a" },
    ];
    const { columns } = deriveColumns(toTable(spec, rows), derived);
    expect([...columns.density]).toEqual([1, Number.NaN, Number.NaN]);
    expect([...columns.worth]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it("leaves the table as it was", () => {
    const table = toTable(spec, [{ width: 2, height: 1, weight: 4, grade: "c" }]);
    const before = structuredClone(table);
    deriveColumns(table, derived);
    expect(table).toEqual(before);
  });

  it("names each source once", () => {
    expect(derived.map(sourcesOf)).toEqual([
      ["weight", "width", "height"],
      ["weight", "height", "grade"],
    ]);
  });
});

describe("addDerived", () => {
  const random = seeded(5);
  const values = [Number.NaN, 0, 1e-45, 3.4e38, 1e20, 0.5];
  const column = () =>
    Float32Array.from({ length: 500 }, () => values[Math.floor(random() * 12)] ?? random() * 9);
  const table: Table = {
    rows: 500,
    columns: {
      width: column(),
      height: column(),
      weight: column(),
      grade: Int32Array.from({ length: 500 }, (_, row) => (row % 4) - 1),
      color: new Int32Array(500),
    },
  };

  it.each(derived)(
    "gives the bits of $name in the evaluator and in onnxruntime, extremes included",
    async (one) => {
      const graph = new GraphBuilder();
      const inputs = Object.fromEntries(
        spec.features.map(({ name, type }) => [
          name,
          graph.input(name, type === "number" ? "float" : "string"),
        ]),
      );
      const value = addDerived(graph, spec, [one], inputs)[one.name];
      graph.output(
        predictionOutput,
        graph.node("Cast", [value], { to: { int: elementTypeCodes.double } }),
        "double",
      );
      const bytes = graph.build({});
      const expected = Float64Array.from(deriveColumns(table, [one]).columns[one.name]);
      const feeds = feedsOfTable(spec, table);
      expect(expected.some(Number.isNaN)).toBe(true);
      expect(expected.filter(Number.isFinite).length).toBeGreaterThan(100);
      expect(loadModel(bytes).predict(feeds, table.rows)).toEqual(expected);
      const judged = await runInOnnxruntime(bytes, feeds, table.rows);
      expect(judged[predictionOutput]).toEqual(expected);
    },
  );
});

describe("the spec", () => {
  it.each([
    [
      "an unknown feature",
      { name: "a", multiply: ["depth"] },
      /^\/derived\/0\/multiply\/0: .*ordered category; got "depth"/,
    ],
    ["levels without an order", { name: "a", multiply: ["weight", "color"] }, /\/multiply\/1: .*got "color"/],
    [
      "a divisor that may be 0",
      { name: "a", multiply: ["width"], divide: ["weight"] },
      /\/divide\/0: .*above 0.*"weight"/,
    ],
    [
      "a sum in a divisor that may be 0",
      { name: "a", multiply: ["width"], divide: [["width", "weight"]] },
      /\/divide\/0/,
    ],
    ["a derived column of a derived one", { name: "a", multiply: ["density"] }, /\/derived\/0\/multiply\/0/],
    ["nothing to multiply", { name: "a", multiply: [] }, /\/derived\/0\/multiply/],
    [
      "a feature's name",
      { name: "width", multiply: ["width"] },
      /\/derived\/0\/name: "width" is already a name/,
    ],
    ["the target's name", { name: "price", multiply: ["width"] }, /"price" is already a name/],
    ["an unknown field", { name: "a", multiply: ["width"], plus: 1 }, /\/derived\/0/],
  ])("refuses %s", (_, one, message) => {
    expect(faultOf(one)).toMatch(message);
  });

  it("refuses a name twice", () => {
    expect(faultOf(density, density)).toMatch(/\/derived\/1\/name: "density" is already a name/);
  });
});
