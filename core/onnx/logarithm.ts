// log(x) with the same last digit in every JavaScript engine: Math.log is left to the engine, and prices must not depend on it.
// Ported from FreeBSD's msun e_log.c (fdlibm): Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const lg1 = 0.6666666666666735;
const lg2 = 0.3999999999940942;
const lg3 = 0.2857142874366239;
const lg4 = 0.22222198432149784;
const lg5 = 0.1818357216161805;
const lg6 = 0.15313837699209373;
const lg7 = 0.14798198605116586;

const word = new DataView(new ArrayBuffer(8));

/** Natural logarithm, within 1 ulp; -Infinity at zero, NaN below. */
export function logarithm(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let k = 0;
  // Subnormal numbers are scaled up first: their exponent bits say nothing.
  if (x < 2 ** -1022) {
    k = -54;
    word.setFloat64(0, x * 2 ** 54);
  } else word.setFloat64(0, x);
  const head = word.getUint32(0);
  k += (head >>> 20) - 1023;
  let mantissa = head & 0x000fffff;
  const carry = (mantissa + 0x95f64) & 0x100000;
  // The mantissa goes to [sqrt(1/2), sqrt(2)), so that f is small on both sides of 1.
  word.setUint32(0, mantissa | (carry ^ 0x3ff00000));
  k += carry >>> 20;
  const f = word.getFloat64(0) - 1;
  if ((0x000fffff & (2 + mantissa)) < 3) {
    if (f === 0) return k === 0 ? 0 : k * ln2High + k * ln2Low;
    const r = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - r : k * ln2High - (r - k * ln2Low - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const i = mantissa - 0x6147a;
  const w = z * z;
  mantissa = 0x6b851 - mantissa;
  const t1 = w * (lg2 + w * (lg4 + w * lg6));
  const t2 = z * (lg1 + w * (lg3 + w * (lg5 + w * lg7)));
  const r = t2 + t1;
  if ((i | mantissa) > 0) {
    const half = 0.5 * f * f;
    return k === 0 ? f - (half - s * (half + r)) : k * ln2High - (half - (s * (half + r) + k * ln2Low) - f);
  }
  return k === 0 ? f - s * (f - r) : k * ln2High - (s * (f - r) - k * ln2Low - f);
}
