// Regression metrics. Names ending in Error are better low, in Score better high. `actual` and `predicted` have equal length.

function checkLengths(actual: ArrayLike<number>, predicted: ArrayLike<number>): void {
  if (actual.length !== predicted.length || actual.length === 0) {
    throw new RangeError(
      `expected two equally long, non-empty vectors; got ${actual.length} and ${predicted.length}`,
    );
  }
}

/** Mean of |actual - predicted|, in the target's unit. */
export function meanAbsoluteError(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  checkLengths(actual, predicted);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += Math.abs(actual[i] - predicted[i]);
  return sum / actual.length;
}

/** Square root of the mean squared error, in the target's unit. */
export function rootMeanSquaredError(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  checkLengths(actual, predicted);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += (actual[i] - predicted[i]) ** 2;
  return Math.sqrt(sum / actual.length);
}

/** Mean of |actual - predicted| / |actual| as a share (0.06 is 6 %); rows with a zero target do not count. */
export function meanAbsolutePercentageError(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  checkLengths(actual, predicted);
  let sum = 0;
  let counted = 0;
  for (let i = 0; i < actual.length; i++) {
    if (actual[i] === 0) continue;
    sum += Math.abs((actual[i] - predicted[i]) / actual[i]);
    counted++;
  }
  return counted === 0 ? Number.NaN : sum / counted;
}

/** Coefficient of determination: 1 is exact, 0 no better than the mean; NaN where the target is constant. */
export function r2Score(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  checkLengths(actual, predicted);
  let mean = 0;
  for (let i = 0; i < actual.length; i++) mean += actual[i] / actual.length;
  let residual = 0;
  let total = 0;
  for (let i = 0; i < actual.length; i++) {
    residual += (actual[i] - predicted[i]) ** 2;
    total += (actual[i] - mean) ** 2;
  }
  return total === 0 ? Number.NaN : 1 - residual / total;
}

export interface RegressionMetrics {
  readonly rows: number;
  readonly meanAbsoluteError: number;
  readonly rootMeanSquaredError: number;
  readonly meanAbsolutePercentageError: number;
  readonly r2Score: number;
}

/** All of the above in one object, as manifests and tables carry it. */
export function regressionMetrics(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
): RegressionMetrics {
  return {
    rows: actual.length,
    meanAbsoluteError: meanAbsoluteError(actual, predicted),
    rootMeanSquaredError: rootMeanSquaredError(actual, predicted),
    meanAbsolutePercentageError: meanAbsolutePercentageError(actual, predicted),
    r2Score: r2Score(actual, predicted),
  };
}
