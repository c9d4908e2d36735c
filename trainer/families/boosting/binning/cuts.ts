// Where a number feature is cut into bins: one bin a value where they fit, else bins of nearly equal weight (LightGBM's GreedyFindBin).

/**
 * At most `bins` - 1 thresholds, rising; a value belongs to the bin of how many thresholds are at or below it.
 * `values` are distinct and rising float32 numbers, `weights` how much each counts.
 */
export function findCuts(values: Float32Array, weights: ArrayLike<number>, bins: number): Float32Array {
  const count = values.length;
  if (count <= bins) {
    return Float32Array.from({ length: count - 1 }, (_, i) => between(values[i], values[i + 1]));
  }
  // Plain loops: a column of distinct numbers has as many values as rows.
  let rest = 0;
  for (let i = 0; i < count; i++) rest += weights[i];
  // Values that would fill a bin on their own get one, so that the rest is not cut unevenly around them.
  const big = rest / bins;
  let left = bins;
  for (let i = 0; i < count; i++) {
    if (weights[i] < big) continue;
    rest -= weights[i];
    left--;
  }
  let size = rest / left;
  const cuts: number[] = [];
  let filled = 0;
  for (let i = 0; i + 1 < count && cuts.length < bins - 1; i++) {
    const isBig = weights[i] >= big;
    filled += weights[i];
    if (!isBig) rest -= weights[i];
    const isFull = isBig || filled >= size || (weights[i + 1] >= big && filled >= size / 2);
    if (!isFull) continue;
    cuts.push(between(values[i], values[i + 1]));
    filled = 0;
    if (!isBig) {
      left--;
      size = rest / left;
    }
  }
  return Float32Array.from(cuts);
}

/** A float32 threshold above `low` and at or below `high`: their middle where it is one. */
export function between(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle > low && middle <= high ? middle : high;
}
