// Along what a curve is drawn, and what is written below it.
import { describe, expect, it } from "vitest";
import { checkRow } from "#core/dataset/row.ts";
import { curveAxis, isSkewed } from "../../web/widget/curve-axis.ts";
import { axisLabels, spanOf } from "../../web/widget/view/curve-scale.ts";
import { houses, houseTraining } from "../browser/houses-spec.ts";

const feature = (name: string) => houses.features.find((one) => one.name === name)!;
const quantiles = houseTraining.quantiles;
const typical = houseTraining.typical!;

describe("the axis of a curve", () => {
  it("is logarithmic where most rows crowd at one end, and linear where they do not", () => {
    // Weights of diamonds, lots of ground; then living areas, years, and numbers that begin at zero.
    expect([0.2, 0.3, 0.4, 0.7, 1.04, 1.7, 5.01]).toSatisfy(isSkewed);
    expect([1300, 3188, 7300, 9400, 11_500, 17_401, 215_245]).toSatisfy(isSkewed);
    expect([10, 20, 30, 50, 70, 85, 100]).not.toSatisfy(isSkewed);
    expect([1872, 1915, 1954, 1973, 2000, 2007, 2010]).not.toSatisfy(isSkewed);
    expect([0, 1, 2, 3, 5, 20, 1000]).not.toSatisfy(isSkewed);
    expect([5, 5, 5, 5, 5, 5, 5]).not.toSatisfy(isSkewed);
  });

  it("runs over the training range in values that rows may carry", () => {
    const { along, logarithmic } = curveAxis(feature("area"), quantiles.area, 96);
    const values = along as number[];
    expect(logarithmic).toBe(true);
    expect([values[0], values.at(-1)]).toEqual([12, 587]);
    expect(values.every(Number.isInteger)).toBe(true);
    expect(new Set(values).size).toBe(values.length);
    const dates = curveAxis(feature("built"), quantiles.built, "1987-06-01").along as string[];
    for (const built of dates) expect(checkRow(houses, { ...typical, built }).built).toBe(built);
  });

  it("is widened to hold the present value, within what the spec allows", () => {
    const over = (value: number) => curveAxis(feature("area"), quantiles.area, value).along as number[];
    expect(over(1501).at(-1)).toBeGreaterThanOrEqual(1501);
    expect(over(1501).at(-1)).toBeLessThanOrEqual(3000);
    expect(over(2999).at(-1)).toBeLessThanOrEqual(3000);
    expect(over(3)[0]).toBeLessThanOrEqual(3);
    expect(over(1)[0]).toBeGreaterThanOrEqual(1);
    // A little further on is the same axis: dragging does not ask for every pixel.
    expect(over(1512)).toEqual(over(1518));
  });

  it("is left to the service where the model says nothing of its rows", () => {
    expect(curveAxis(feature("area"), undefined, 96)).toEqual({ along: 65, logarithmic: false });
    expect(curveAxis(feature("kind"), undefined, "flat").along).toEqual(["flat", "house", "loft"]);
  });
});

describe("its labels", () => {
  const labels = (name: string, values: (number | string)[], logarithmic = false) =>
    axisLabels(feature(name), spanOf(feature(name), values, logarithmic, undefined));

  it("are the ends and something round between them", () => {
    expect(labels("area", [12, 100, 587], true)).toEqual([12, 80, 587]);
    expect(labels("area", [12, 100, 587])).toEqual([12, 300, 587]);
    expect(labels("built", ["1925-03-29", "1970-01-01", "2022-01-08"])).toEqual([
      ...["1925-03-29", "1973-01-01", "2022-01-08"],
    ]);
    expect(labels("area", [3, 4])).toEqual([3, 4]);
  });

  it("are all levels where they fit, and three where they do not", () => {
    expect(labels("kind", ["flat", "house", "loft"])).toEqual(["flat", "house", "loft"]);
    const streets = Array.from({ length: 20 }, (_, at) => `Street ${at}`);
    expect(labels("kind", streets)).toEqual(["Street 0", "Street 10", "Street 19"]);
  });

  it("belong to places on the axis, the present value's among them wherever it lies", () => {
    const span = spanOf(feature("area"), [10, 100, 1000], true, 5000);
    expect(span.shareOf(10)).toBe(0);
    expect(span.shareOf(5000)).toBe(1);
    expect(span.shareOf(100)).toBeCloseTo(Math.log(10) / Math.log(500), 10);
    expect(span.shareOf(undefined)).toBeUndefined();
    expect(spanOf(feature("area"), [0, 10], true, undefined).shareOf(5)).toBe(0.5);
  });
});
