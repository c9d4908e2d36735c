// Steps and sliders for numbers of any range.
import { describe, expect, it } from "vitest";
import type { NumberFeature } from "#core/dataset/feature.ts";
import { fractionDigits, numberScale, snap, stepOf } from "../../web/widget/number-scale.ts";

function number(fields: Partial<NumberFeature>): NumberFeature {
  return { name: "n", type: "number", required: true, exclusiveMinimum: false, ...fields };
}

describe("stepOf", () => {
  it.each([
    [{ minimum: 0.05, maximum: 15 }, 0.01],
    [{ minimum: 0, maximum: 100 }, 0.1],
    [{ minimum: 0, maximum: 1000 }, 1],
    [{ minimum: 0, maximum: 1_000_000 }, 1000],
    [{ minimum: -1, maximum: 1 }, 0.001],
    [{ minimum: 0, maximum: 100, step: 5 }, 5],
    [{ minimum: 0 }, 1],
    [{}, 1],
  ])("of %o is %d", (range, step) => {
    expect(stepOf(range)).toBe(step);
  });
});

describe("snap", () => {
  it.each([
    [1.014, 0.01, 1.01],
    [0.30000000000000004, 0.1, 0.3],
    [62.26, 0.25, 62.25],
    [-1.26, 0.5, -1.5],
    [1234, 100, 1200],
  ])("%d to a multiple of %d", (value, step, snapped) => {
    expect(snap(value, step)).toBe(snapped);
  });

  it("knows how many fraction digits a step needs", () => {
    expect([1, 0.1, 0.25, 0.001, 100].map(fractionDigits)).toEqual([0, 1, 2, 3, 0]);
  });
});

describe("numberScale", () => {
  it("is absent where an end is open", () => {
    expect(numberScale(number({ minimum: 0 }))).toBeUndefined();
    expect(numberScale(number({ maximum: 9 }))).toBeUndefined();
  });

  it("is the value itself over a narrow range", () => {
    const scale = numberScale(number({ minimum: 30, maximum: 90, step: 0.1 }))!;
    expect(scale).toMatchObject({ low: 30, high: 90, notch: 0.1 });
    expect(scale.toValue(61.8)).toBe(61.8);
    expect(scale.toPosition(200)).toBe(90);
  });

  it("leaves out an exclusive minimum", () => {
    const scale = numberScale(number({ minimum: 0, exclusiveMinimum: true, maximum: 25, step: 0.01 }))!;
    expect(scale.toValue(scale.low)).toBe(0.01);
  });

  it("is logarithmic over a wide one: the middle is the geometric mean, the ends are reached", () => {
    const scale = numberScale(number({ minimum: 0.05, maximum: 15, step: 0.01 }))!;
    expect(scale.toValue(scale.low)).toBe(0.05);
    expect(scale.toValue(scale.high)).toBe(15);
    expect(scale.toValue((scale.low + scale.high) / 2)).toBeCloseTo(Math.sqrt(0.05 * 15), 1);
  });

  it("brings a value to a position and back to within one notch", () => {
    const scale = numberScale(number({ minimum: 0.05, maximum: 15, step: 0.01 }))!;
    const notchRatio = (15 / 0.05) ** (1 / scale.high);
    for (const value of [0.06, 0.3, 1.01, 4.44, 14.9]) {
      const back = scale.toValue(scale.toPosition(value));
      expect(Math.abs(back - value)).toBeLessThanOrEqual(value * (notchRatio - 1) + scale.step);
    }
  });
});
