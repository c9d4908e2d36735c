// What a form starts from and how it changes.
import { describe, expect, it } from "vitest";
import { checkRow } from "#core/dataset/row.ts";
import { changeRow, restingValue, startingRow } from "../../web/widget/form-values.ts";
import { gems } from "../browser/gems-spec.ts";
import { houses, houseTraining } from "../browser/houses-spec.ts";

describe("startingRow", () => {
  it("sets every required feature and no other, to values the spec allows", () => {
    const row = startingRow(gems);
    const required = gems.features.filter((feature) => feature.required).map((feature) => feature.name);
    expect(Object.keys(row)).toEqual(required);
    expect(checkRow(gems, row)).toEqual(row);
  });

  it("is a typical row of the training data where the spec has no examples of its own", () => {
    const { typical } = houseTraining;
    const row = startingRow(houses, typical);
    const required = houses.features.filter((feature) => feature.required).map(({ name }) => name);
    expect(Object.keys(row)).toEqual(required);
    expect(row).toMatchObject({ area: 96, kind: "house", quarter: "Eastfield 7", lift: false });
    expect(checkRow(houses, row)).toEqual({ ...row, lift: "false" });
  });

  it("is the spec's own row where it has examples, and one typical row where one of them is missing", () => {
    const typical = { weight: 3, grade: "B", origin: "Mine 9" };
    const named = gems.features.map((feature) =>
      feature.name === "origin" ? ({ ...feature, example: "Mine 4" } as typeof feature) : feature,
    );
    expect(startingRow({ ...gems, features: named }, typical)).toEqual({
      ...{ weight: 1.2, grade: "A", origin: "Mine 4" },
    });
    expect(startingRow(gems, typical)).toEqual(typical);
    expect(restingValue(gems.features[4], { height: 7 })).toBe(7);
  });

  it("prefers the example, else the middle", () => {
    const [weight] = gems.features;
    expect(restingValue(weight)).toBe(1.2);
    expect(restingValue({ ...weight, example: undefined } as typeof weight)).toBe(10.01);
    const grade = gems.features.find((feature) => feature.name === "grade")!;
    expect(restingValue({ ...grade, example: undefined } as typeof grade)).toBe("B");
  });
});

describe("changeRow", () => {
  it("replaces, adds and forgets without touching the row it was given", () => {
    const row = { weight: 1, grade: "A" };
    expect(changeRow(row, "weight", 2)).toEqual({ weight: 2, grade: "A" });
    expect(changeRow(row, "age", 3)).toEqual({ weight: 1, grade: "A", age: 3 });
    expect(changeRow(row, "grade", undefined)).toEqual({ weight: 1 });
    expect(row).toEqual({ weight: 1, grade: "A" });
  });
});
