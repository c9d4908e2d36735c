// Dates and booleans in models: every family that fits them exports a graph that prices rows as the trainer does.
import { describe, expect, it } from "vitest";
import { agreement, relativeDifference } from "#core/bundle/manifest.ts";
import { checkRow } from "#core/dataset/row.ts";
import { checkSpec } from "#core/dataset/spec.ts";
import { takeRows, toTable } from "#core/dataset/table.ts";
import { r2Score } from "#core/metrics/regression.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";
import { predictionOutput } from "#core/onnx/outputs.ts";
import type { Family } from "../../trainer/families/family.ts";
import { families } from "../../trainer/families/index.ts";
import { exportModel } from "../../trainer/onnx/export.ts";
import { judge } from "../../trainer/onnx/judge.ts";
import { seeded } from "../../trainer/random.ts";

const spec = checkSpec({
  name: "flats",
  title: "Flats",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "flats.csv" },
  target: { name: "rent", unit: "EUR" },
  features: [
    { name: "area", type: "number", required: true, minimum: 0, exclusiveMinimum: true },
    { name: "lift", type: "boolean", required: true },
    { name: "listed", type: "date", required: true },
  ],
  split: { testShare: 0.2, seed: 1 },
});

const random = seeded(3);
const rows = Array.from({ length: 600 }, () => {
  const date = new Date(Date.UTC(2015, 0, 1 + Math.floor(random() * 3000))).toISOString().slice(0, 10);
  return checkRow(spec, { area: 20 + 100 * random(), lift: random() < 0.5, listed: date });
});
const target = Float64Array.from(
  rows,
  ({ area, lift, listed }) =>
    8 * (area as number) +
    (lift === "true" ? 200 : 0) +
    0.2 * (Date.parse(listed as string) / 86_400_000 - 16_436),
);
const all = { ...toTable(spec, rows), target };
const train = takeRows(
  all,
  Array.from({ length: 450 }, (_, at) => at),
);
const held = takeRows(
  all,
  Array.from({ length: 150 }, (_, at) => 450 + at),
);

describe.each<[string, Family]>([
  ["linear", families.linear],
  ["boosting", families.boosting],
])("%s", (name, family) => {
  it("learns from dates and booleans, and its graph prices rows of texts as it does", async () => {
    const [{ params }] = family.candidates(spec, train.rows);
    const model = await family.fit(params, train, { spec, random: seeded(1) });
    const options = { spec, family: name, specHash: "0", dataSha256: "0", params, seed: 1 };
    const { bytes } = await exportModel(model, options);
    const verdict = await judge(bytes, spec, held, model);
    expect(verdict.evaluator.difference).toBeLessThan(agreement);
    expect(verdict.native.difference).toBeLessThan(agreement);
    expect(r2Score(held.target, verdict.prices)).toBeGreaterThan(0.95);
    const checked = rows.slice(450);
    const prices = loadModel(bytes).run(feedsOf(spec, checked), checked.length)[predictionOutput];
    checked.forEach((_, at) => {
      expect(relativeDifference(Number(prices[at]), verdict.prices[at])).toBeLessThan(agreement);
    });
  });
});
