// Rows of classes on their way to training: unknown and rare classes, and splits that keep every class's share.
import { describe, expect, it } from "vitest";
import { checkSpec } from "#core/dataset/spec.ts";
import { countClasses } from "../../../trainer/dataset/class-counts.ts";
import { assignFolds } from "../../../trainer/dataset/split.ts";
import { prepareData } from "../../../trainer/prepare.ts";

const spec = checkSpec({
  ...{ name: "visits", title: "Visits", version: 1, task: "multiclass" },
  source: { format: "csv", path: "visits.csv" },
  target: { name: "outcome", levels: ["left", "asked", "bought"] },
  features: [{ name: "hour", type: "number" }],
  clean: ["missing-target", "invalid-level"],
  split: { testShare: 0.2, seed: 1 },
});
const outcomeOf = (at: number) => (at < 300 ? "left" : at < 390 ? "asked" : "bought");
const rows = Array.from({ length: 400 }, (_, at) => ({
  row: at + 1,
  values: { hour: at, outcome: outcomeOf(at) },
}));

describe("rows of classes", () => {
  it("are split and folded in each class's share", async () => {
    const data = await prepareData(spec, rows, 7);
    expect(countClasses(spec, data.test.target)?.map((one) => one.rows)).toEqual([60, 18, 2]);
    expect(countClasses(spec, data.train.target)?.map((one) => one.rows)).toEqual([240, 72, 8]);
    const features = data.trainRows.map((row) => row.features);
    const folds = assignFolds(spec, features, { folds: 4, seed: 1, strata: data.train.target });
    for (let fold = 0; fold < 4; fold++) {
      const own = data.train.target.filter((_, row) => folds[row] === fold);
      expect(countClasses(spec, own)?.map((one) => one.rows)).toEqual([60, 18, 2]);
    }
  });

  it("keep the class's name in the snapshot", async () => {
    const { snapshot } = await prepareData(spec, rows, 7);
    expect(snapshot.csv.split("\n").slice(0, 2)).toEqual(["hour,outcome", "0,left"]);
  });

  it("of a class that the spec does not know are dropped by the rule, and refused without it", async () => {
    const odd = [...rows, { row: 401, values: { hour: 1, outcome: "stole" } }];
    const { cleaning } = await prepareData(spec, odd, 7);
    const detail = 'outcome: expected one of left, asked, bought; got "stole"';
    expect(cleaning.dropped[1]).toEqual({
      rule: "invalid-level",
      count: 1,
      examples: [{ row: 401, detail }],
    });
    const strict = { ...spec, clean: [] };
    await expect(prepareData(strict, odd, 7)).rejects.toThrow(`row 401: ${detail}; list "invalid-level"`);
  });

  it("of a class with one row are refused, saying how to leave it out", async () => {
    const few = rows.filter(({ values }) => values.outcome !== "bought" || values.hour === 399);
    await expect(prepareData(spec, few, 7)).rejects.toThrow(
      'expected at least 5 rows of every class after cleaning; got 1 of "bought"; take the class out of the levels',
    );
  });
});
