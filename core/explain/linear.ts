// Exact contributions of a linear model: each column's weight times its distance from the training mean.

export interface LinearExplanation {
  /** The margin of the average training row. */
  readonly base: number;
  /** One a feature: what its columns add together. */
  readonly contributions: Float64Array;
}

export interface LinearTerms {
  readonly intercept: number;
  /** One weight, training mean and owning feature a column: the columns of a one-hot code share their feature. */
  readonly weights: ArrayLike<number>;
  readonly means: ArrayLike<number>;
  readonly owners: ArrayLike<number>;
  /** How many features own columns. */
  readonly features: number;
}

/** w (x - mean) summed by feature: base + contributions is the margin of `columns`. Throws RangeError where lengths differ. */
export function explainLinear(terms: LinearTerms, columns: ArrayLike<number>): LinearExplanation {
  const { weights, means, owners } = terms;
  for (const list of [means, owners, columns]) {
    if (list.length !== weights.length) {
      throw new RangeError(`expected ${weights.length} columns; got ${list.length}`);
    }
  }
  let base = terms.intercept;
  const contributions = new Float64Array(terms.features);
  for (let column = 0; column < weights.length; column++) {
    base += weights[column] * means[column];
    contributions[owners[column]] += weights[column] * (columns[column] - means[column]);
  }
  return { base, contributions };
}
