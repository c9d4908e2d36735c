// Which task metrics are of, told by what they hold.
import type { ClassMetrics, Metrics, RegressionMetrics } from "./manifest.ts";

/** Metrics of amounts; undefined for those of classes. */
export function asAmounts(metrics: Metrics): RegressionMetrics | undefined {
  return "meanAbsoluteError" in metrics ? metrics : undefined;
}

/** Metrics of classes; undefined for those of amounts. */
export function asClasses(metrics: Metrics): ClassMetrics | undefined {
  return "logLoss" in metrics ? metrics : undefined;
}
