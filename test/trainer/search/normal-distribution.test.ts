// The truncated normal against values computed with 50 digits, rounded to double (mpmath: log(ncdf(x))).
import { describe, expect, it } from "vitest";
import { logCumulative, logMass, truncatedQuantile } from "../../../trainer/search/normal-distribution.ts";

describe("logCumulative", () => {
  it.each([
    [-60, -1805.013560680567],
    [-12, -75.4106730015688],
    [-4, -10.360101486527292],
    [-2.6, -5.3684849226242655],
    [-2.4, -4.803921666870672],
    [-1, -1.8410216450092636],
    [-0.001, -0.6939453834669652],

    [0.5, -0.3689464152886564],
    [2.4, -0.008231320482313335],
    [2.6, -0.004672085236439405],
    [5, -2.866516129637636e-7],
  ])("log Phi(%s) = %s", (x, expected) => {
    expect(Math.abs(logCumulative(x) / expected - 1)).toBeLessThan(1e-13);
  });
});

describe("truncatedQuantile", () => {
  it.each([
    [-1, 2],
    [-0.001, 0.002],
    [-40, 0.5],
    [3, 9],
    [-9, -3],
    [-1e-9, 60],
  ])("inverts the mass of [%s, %s]", (low, high) => {
    for (const share of [0.001, 0.1, 0.5, 0.9, 0.999]) {
      const x = truncatedQuantile(share, low, high);
      expect(x).toBeGreaterThanOrEqual(low);
      expect(x).toBeLessThanOrEqual(high);
      expect(Math.exp(logMass(low, x) - logMass(low, high))).toBeCloseTo(share, 8);
    }
  });

  it("reaches both ends", () => {
    expect(truncatedQuantile(0, -1, 2)).toBe(-1);
    expect(truncatedQuantile(1, -1, 2)).toBe(2);
    expect(truncatedQuantile(0, 1, 2)).toBe(1);
  });
});
