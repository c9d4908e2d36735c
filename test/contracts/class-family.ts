// What every family of classes must do, on rows whose law any of them should find. A new one runs all of it by being registered.
import { expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { parseExplanation } from "#core/bundle/explanation.ts";
import { agreement } from "#core/bundle/manifest.ts";
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, takeRows, toTable } from "#core/dataset/table.ts";
import { compileClassContributor } from "#core/explain/class-contributions.ts";
import { marginsOf, probabilitiesOf } from "#core/onnx/class-graph.ts";
import { taskOf } from "#core/tasks/index.ts";
import type { Family } from "../../trainer/families/family.ts";
import { exportModel } from "../../trainer/onnx/export.ts";
import { judge } from "../../trainer/onnx/judge.ts";
import { seeded } from "../../trainer/random.ts";

export function classSpec(levels: readonly string[]): DatasetSpec {
  return checkSpec({
    ...{ name: "visits", title: "Visits", version: 1 },
    task: levels.length === 2 ? "binary" : "multiclass",
    source: { format: "csv", path: "visits.csv" },
    target: { name: "outcome", levels },
    features: [
      { name: "minutes", type: "number", minimum: 0, required: true },
      { name: "pages", type: "number" },
      { name: "device", type: "category", levels: ["phone", "laptop", "till"], required: true },
    ],
    split: { testShare: 0.2, seed: 1 },
  });
}

/** Rows whose class depends on minutes, pages and device, with noise; every tenth lacks its pages. */
export function drawVisits(spec: DatasetSpec, count: number, seed = 3) {
  const random = seeded(seed);
  const classes = spec.target.levels?.length ?? 0;
  return Array.from({ length: count }, (_, at) => {
    const [minutes, pages, device] = [30 * random(), Math.floor(20 * random()), Math.floor(3 * random())];
    const signal = minutes / 30 + pages / 40 + device / 6 + 0.25 * (random() - 0.5);
    const label = Math.max(0, Math.min(classes - 1, Math.floor((signal / 1.6) * classes)));
    const row = { minutes, device: ["phone", "laptop", "till"][device] };
    return { row: at % 10 === 0 ? row : { ...row, pages }, label };
  });
}

export function visitTable(spec: DatasetSpec, rows: ReturnType<typeof drawVisits>): LabelledTable {
  return {
    ...toTable(
      spec,
      rows.map(({ row }) => row),
    ),
    target: Float64Array.from(rows, ({ label }) => label),
  };
}

/** Declares the suite for one family and one number of classes; `mostLoss` is the log loss that its first candidate must stay below. */
export function classFamilyContract(family: Family, levels: readonly string[], mostLoss: number): void {
  const spec = classSpec(levels);
  const rows = drawVisits(spec, 700);
  const [train, test] = [visitTable(spec, rows.slice(0, 500)), visitTable(spec, rows.slice(500))];
  const [{ params }] = family.candidates(spec, train.rows);
  const fitOn = (table: LabelledTable) => family.fit(params, table, { spec, random: seeded(1) });
  const options = { spec, family: family.name, specHash: "0", dataSha256: "0", params, seed: 1 };

  it("finds the law of the rows, and gives probabilities that add up to 1", async () => {
    const predicted = (await fitOn(train)).predict(test);
    const metrics = taskOf(spec).measure(spec, test.target, predicted);
    expect(taskOf(spec).mainMetric.of(metrics)).toBeLessThan(mostLoss);
    for (let row = 0; row < test.rows; row++) {
      const own = predicted.subarray(row * levels.length, (row + 1) * levels.length);
      expect(own.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
    }
  });

  it("exports label and probabilities that onnxruntime and the evaluator give alike on every row", async () => {
    const model = await fitOn(train);
    const { bytes } = await exportModel(model, options);
    const hidden = toTable(
      spec,
      rows.slice(500).map(({ row: { minutes, device } }) => ({ minutes, device })),
    );
    for (const table of [test, hidden]) {
      const verdict = await judge(bytes, spec, table, model);
      expect(verdict.evaluator.difference).toBeLessThan(agreement);
      expect(verdict.native.difference).toBeLessThan(agreement);
      expect(verdict.labels).toBe(0);
    }
  });

  it("gives the same bytes for the same seed and rows", async () => {
    const first = await exportModel(await fitOn(train), options);
    expect((await exportModel(await fitOn(structuredClone(train)), options)).bytes).toEqual(first.bytes);
  });

  it("explains its margins by what adds up to them, or says nothing", async () => {
    const model = await fitOn(train);
    const explanation = model.explanation?.();
    if (!explanation) return expect(explanation).toBeUndefined();
    expect(parseExplanation(JSON.parse(JSON.stringify(explanation)))).toEqual(explanation);
    const part = takeRows(test, [0, 1, 2, 3, 4]);
    const explainRow = compileClassContributor(spec, explanation).over(part);
    const predicted = model.predict(part);
    for (let row = 0; row < part.rows; row++) {
      const margins = explainRow(row).map(({ base, contributions }) =>
        contributions.reduce((sum, one) => sum + one, base),
      );
      expect(margins).toHaveLength(marginsOf(levels.length));
      probabilitiesOf(margins, levels.length).forEach((probability, k) => {
        expect(probability).toBeCloseTo(predicted[row * levels.length + k], 5);
      });
    }
  });

  it("refuses no rows, a class that is none, one class alone, and weights below 0", async () => {
    const broken = { ...train, target: train.target.slice().fill(Number.NaN, 3, 4) };
    const weights = new Float64Array(train.rows).fill(1);
    for (const table of [takeRows(train, []), broken])
      await expect(async () => fitOn(table)).rejects.toThrow(InputError);
    await expect(async () => fitOn(broken)).rejects.toThrow(/outcome.*NaN.*row 4/);
    const negative = { ...train, weights: weights.fill(-1, 5, 6) };
    await expect(async () => fitOn(negative)).rejects.toThrow(/weights.*0 or more; got -1.*row 6/);
  });
}
