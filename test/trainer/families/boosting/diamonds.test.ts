// The default settings on the real diamonds: as accurate as XGBoost's own defaults, and never a lower price for more weight or a better grade.
import { beforeAll, describe, expect, it } from "vitest";
import { takeRows } from "#core/dataset/table.ts";
import { meanAbsoluteError } from "#core/metrics/regression.ts";
import { loadDataset } from "../../../../trainer/dataset/find-dataset.ts";
import { openSource, readRows } from "../../../../trainer/dataset/source.ts";
import { boosting } from "../../../../trainer/families/boosting/index.ts";
import type { FittedModel } from "../../../../trainer/families/family.ts";
import { type PreparedData, prepareData } from "../../../../trainer/prepare.ts";
import { seeded } from "../../../../trainer/random.ts";

/** XGBoost's defaults on the logarithm of the price, same share of rows held out; US dollars. */
const xgboostDefault = 268;

let data: PreparedData;
let model: FittedModel;

beforeAll(async () => {
  const { spec, directory } = loadDataset("diamonds");
  const rows = readRows(spec, spec.source.format, await openSource(spec.source.path, directory), spec.name);
  data = await prepareData(spec, rows, spec.split.seed);
  const [{ params }] = boosting.candidates(spec);
  model = await boosting.fit(params, data.train, { spec, random: seeded(spec.split.seed) });
}, 120_000);

it("prices held-out stones at least as well as XGBoost's defaults", () => {
  expect(meanAbsoluteError(data.test.target, model.predict(data.test))).toBeLessThanOrEqual(xgboostDefault);
});

describe("held-out stones", () => {
  it.each(["carat", "color", "clarity"])("never cost less for a higher %s", (name) => {
    const some = takeRows(
      data.test,
      Array.from({ length: 500 }, (_, k) => k),
    );
    const raise = (values: Float32Array | Int32Array) => {
      const most = Math.max(...values);
      // One grade, or a hundredth: the smallest steps that a price list knows.
      return values instanceof Int32Array
        ? values.map((level) => Math.min(most, level + 1))
        : values.map((value) => value + 0.01);
    };
    const raised = { ...some, columns: { ...some.columns, [name]: raise(some.columns[name]) } };
    const [before, after] = [model.predict(some), model.predict(raised)];
    const drops = [...before.keys()].filter((row) => after[row] < before[row]);
    expect(drops).toEqual([]);
  });
});
