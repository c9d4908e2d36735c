// Steps between neighbouring float32 numbers, for thresholds that must keep the very same rows on each side.

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The largest finite float32. */
export const largestFloat = (2 - 2 ** -23) * 2 ** 127;

/** The largest float32 that is not above `value`, so that x <= value and x <= roundDown(value) agree for every float32 x. */
export function roundDown(value: number): number {
  const rounded = Math.fround(value);
  return rounded > value ? previousFloat(rounded) : rounded;
}

/** The next float32 above `value`, a float32; Infinity is its own. */
export function nextFloat(value: number): number {
  if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) return value;
  // Both zeros: the smallest subnormal number.
  if (value === 0) return 2 ** -149;
  float[0] = value;
  bits[0] += value > 0 ? 1 : -1;
  return float[0];
}

/** The next float32 below `value`, a float32; -Infinity is its own. */
export function previousFloat(value: number): number {
  return -nextFloat(-value);
}
