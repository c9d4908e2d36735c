// Regression: a prediction is one amount in the target's unit, and an error is how far it is off.
import type { RegressionMetrics } from "../bundle/manifest.ts";
import { regressionMetrics } from "../metrics/regression.ts";
import type { MetricFigure, Task } from "./task.ts";

const amount = (value: number) => (value >= 100 ? value.toFixed(1) : value.toPrecision(4));

/** What is undefined for these rows is null: JSON has no NaN. */
function measure(actual: ArrayLike<number>, predicted: ArrayLike<number>): RegressionMetrics {
  const metrics = regressionMetrics(actual, predicted);
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  return {
    ...metrics,
    meanAbsolutePercentageError: known(metrics.meanAbsolutePercentageError),
    r2Score: known(metrics.r2Score),
  };
}

/** A figure of regression metrics. */
function figure(title: string, show: (metrics: RegressionMetrics) => string): MetricFigure {
  return { title, show: (metrics) => show(metrics as RegressionMetrics) };
}

const residuals: Task["residuals"] = (_, actual, predicted) =>
  Float64Array.from(actual, (value, row) => predicted[row] - value);

export const regression: Task = {
  name: "regression",
  encode: (_, target) => target as number,
  decode: (_, target) => target,
  strata: () => undefined,
  width: () => 1,
  settle({ target: { minimum } }, predicted) {
    return minimum === undefined ? predicted : predicted.map((value) => Math.max(value, minimum));
  },
  mainMetric: {
    name: "meanAbsoluteError",
    title: "MAE",
    of: (metrics) => (metrics as RegressionMetrics).meanAbsoluteError,
  },
  errors: (spec, actual, predicted) => residuals(spec, actual, predicted).map(Math.abs),
  residuals,
  measure: (_, actual, predicted) => measure(actual, predicted),
  figures: [
    figure("MAE", ({ meanAbsoluteError }) => amount(meanAbsoluteError)),
    figure("RMSE", ({ rootMeanSquaredError }) => amount(rootMeanSquaredError)),
    figure("MAPE", ({ meanAbsolutePercentageError: share }) =>
      share === null ? "" : `${(100 * share).toFixed(2)} %`,
    ),
    figure("R2", ({ r2Score }) => (r2Score === null ? "" : r2Score.toFixed(4))),
  ],
  contributionUnit: ({ target }) => (target.transform === "log" ? "of the logarithm" : `in ${target.unit}`),
  sections: ["accuracy", "champion", "errors", "intervals", "importance", "search", "data", "provenance"],
};
