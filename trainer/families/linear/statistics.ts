// Weighted statistics of a column. A weight of 2 counts as the row given twice, in every one of them.

/** Weighted mean over rows where `values` is a number; NaN where there is none. */
export function weightedMean(values: ArrayLike<number>, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return sum / total;
}

/** Weighted population standard deviation over rows where `values` is a number. */
export function weightedDeviation(values: ArrayLike<number>, weights: Float64Array): number {
  const mean = weightedMean(values, weights);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    sum += weights[i] * (values[i] - mean) ** 2;
    total += weights[i];
  }
  return Math.sqrt(sum / total);
}

/** The smallest values below which lie at least the given `shares` of the weight; NaN values and rows without weight do not count. */
export function weightedQuantiles(
  values: ArrayLike<number>,
  weights: Float64Array,
  shares: readonly number[],
): number[] {
  const order = new Uint32Array(values.length);
  let known = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]) || weights[i] === 0) continue;
    order[known++] = i;
    total += weights[i];
  }
  const sorted = order.subarray(0, known).sort((a, b) => values[a] - values[b]);
  return shares.map((share) => {
    let below = 0;
    for (const i of sorted) {
      below += weights[i];
      if (below >= share * total) return values[i];
    }
    return values[sorted[known - 1]];
  });
}
