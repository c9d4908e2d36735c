// exp(x) with the same last digit in every JavaScript engine: Math.exp is left to the engine, and prices must not depend on it.
// Ported from FreeBSD's msun e_exp.c (fdlibm): Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.

const overflow = 709.782712893384;
const underflow = -745.1332191019411;
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const inverseLn2 = Math.LOG2E;
const p1 = 0.16666666666666602;
const p2 = -0.0027777777777015593;
const p3 = 0.00006613756321437934;
const p4 = -0.0000016533902205465252;
const p5 = 4.1381367970572385e-8;

const word = new DataView(new ArrayBuffer(8));

/** 2^k for -1022 <= k <= 1023, from its bits. */
function powerOfTwo(k: number): number {
  word.setUint32(0, (k + 1023) << 20);
  return word.getFloat64(0);
}

/** e to the x, within 1 ulp. */
export function exponential(x: number): number {
  if (x > overflow) return Number.POSITIVE_INFINITY;
  if (x < underflow) return 0;
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  if (size < 2 ** -28) return 1 + x;
  let high = 0;
  let low = 0;
  let k = 0;
  let reduced = x;
  if (size > 0.5 * Math.LN2) {
    if (size < 1.5 * Math.LN2) k = x < 0 ? -1 : 1;
    else k = Math.trunc(inverseLn2 * x + (x < 0 ? -0.5 : 0.5));
    high = x - k * ln2High;
    low = k * ln2Low;
    reduced = high - low;
  }
  const t = reduced * reduced;
  const c = reduced - t * (p1 + t * (p2 + t * (p3 + t * (p4 + t * p5))));
  if (k === 0) return 1 - ((reduced * c) / (c - 2) - reduced);
  const y = 1 - (low - (reduced * c) / (2 - c) - high);
  // Two steps at the ends, where 2^k itself is no normal number.
  if (k < -1021) return y * powerOfTwo(k + 1000) * 2 ** -1000;
  return k === 1024 ? y * 2 * 2 ** 1023 : y * powerOfTwo(k);
}
