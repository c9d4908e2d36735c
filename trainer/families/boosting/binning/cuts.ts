// Where a number feature is cut into bins: one bin a value where they fit, else bins of nearly equal weight (LightGBM's GreedyFindBin).

/**
 * At most `bins` - 1 thresholds, rising; a value belongs to the bin of how many thresholds are at or below it.
 * `values` are distinct and rising float32 numbers, `weights` how much each counts.
 */
export function findCuts(values: Float32Array, weights: Float64Array, bins: number): Float32Array {
  if (values.length <= bins) {
    return Float32Array.from({ length: values.length - 1 }, (_, i) => between(values[i], values[i + 1]));
  }
  // Values that would fill a bin on their own get one, so that the rest is not cut unevenly around them.
  let rest = weights.reduce((sum, weight) => sum + weight, 0);
  let size = rest / bins;
  const isBig = Uint8Array.from(weights, (weight) => (weight >= size ? 1 : 0));
  let left = bins;
  weights.forEach((weight, index) => {
    if (isBig[index] === 0) return;
    rest -= weight;
    left--;
  });
  size = rest / left;
  const cuts: number[] = [];
  let filled = 0;
  for (let i = 0; i + 1 < values.length && cuts.length < bins - 1; i++) {
    filled += weights[i];
    if (isBig[i] === 0) rest -= weights[i];
    const isFull = isBig[i] === 1 || filled >= size || (isBig[i + 1] === 1 && filled >= size / 2);
    if (!isFull) continue;
    cuts.push(between(values[i], values[i + 1]));
    filled = 0;
    if (isBig[i] === 0) {
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
