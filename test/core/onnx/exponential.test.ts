// exp and log to the last digit: against the engine's own, against exactly known values, and against sums in 80-digit integers.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exponential } from "#core/onnx/exponential.ts";
import { logarithm } from "#core/onnx/logarithm.ts";

const scale = 10n ** 80n;

/** A double as a multiple of 10^-80, cut off at 2^-200: far below the last bit of whatever is compared here. */
function fixed(value: number): bigint {
  const exponent = 200;
  return (BigInt(Math.trunc(value * 2 ** exponent)) * scale) / 2n ** BigInt(exponent);
}

/** e^x by its series, in fixed point. */
function exactExponential(value: number): bigint {
  const x = fixed(value);
  let term = scale;
  let sum = scale;
  for (let n = 1n; term !== 0n; n++) {
    term = (term * x) / (scale * n);
    sum += term;
  }
  return sum;
}

function ulp(value: number): number {
  return 2 ** (Math.floor(Math.log2(Math.abs(value))) - 52);
}

describe("exponential", () => {
  it("is within one unit in the last place of the exact value", () => {
    fc.assert(
      fc.property(fc.double({ min: -20, max: 20, noNaN: true }), (x) => {
        const own = exponential(x);
        const error = Number(fixed(own) - exactExponential(x)) / Number(scale);
        return Math.abs(error) < ulp(own);
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with the engine to one unit everywhere", () => {
    fc.assert(
      fc.property(fc.double({ min: -708, max: 709, noNaN: true }), (x) => {
        const reference = Math.exp(x);
        return Math.abs(exponential(x) - reference) <= ulp(reference);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    [0, 1],
    [-0, 1],
    // One unit above Math.E: what matters is that it is the same everywhere.
    [1, Math.E + 2 ** -51],
    [Number.NEGATIVE_INFINITY, 0],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NaN, Number.NaN],
    [709.782712893384, 1.7976931348622732e308],
    [709.7827128933841, Number.POSITIVE_INFINITY],
    [-745.1332191019412, 0],
    [-745.1332191019411, 5e-324],
    [1e-300, 1],
  ])("of %d is %d", (x, expected) => {
    expect(exponential(x)).toBe(expected);
  });
});

describe("logarithm", () => {
  it("is within one unit in the last place of the exact value", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-8, max: 1e8, noNaN: true }), (x) => {
        const own = logarithm(x);
        // log x = own + log(x / e^own), and the quotient is 1 + r with a tiny r: log(1 + r) = r to twice the digits.
        const power = exactExponential(own);
        const error = Number(((fixed(x) - power) * scale) / power) / Number(scale);
        return Math.abs(error) < ulp(own || Number.MIN_VALUE) || own === 0;
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with the engine to one unit everywhere", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, minExcluded: true, noNaN: true }), (x) => {
        const reference = Math.log(x);
        return logarithm(x) === reference || Math.abs(logarithm(x) - reference) <= ulp(reference);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    [1, 0],
    [0, Number.NEGATIVE_INFINITY],
    [-0, Number.NEGATIVE_INFINITY],
    [-1, Number.NaN],
    [Number.NaN, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [5e-324, -744.4400719213812],
    [2, Math.LN2],
    [10, Math.LN10],
  ])("of %d is %d", (x, expected) => {
    expect(logarithm(x)).toBe(expected);
  });
});
