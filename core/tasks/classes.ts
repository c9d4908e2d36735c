// Classes, two or more: a prediction is one probability a class in the order of the target's levels, and an error is its log loss.
import type { ClassMetrics } from "../bundle/manifest.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import { classMetrics, logLosses } from "../metrics/classification.ts";
import type { MetricFigure, Task } from "./task.ts";

/** The classes of a spec; none for an amount. */
export function levelsOf({ target }: DatasetSpec): readonly string[] {
  return target.levels ?? [];
}

/** The place of the positive class among the levels: the last where the spec names none; undefined for more than two classes. */
export function positiveOf({ target }: DatasetSpec): number | undefined {
  const { levels = [], positive } = target;
  if (levels.length !== 2) return undefined;
  return positive === undefined ? 1 : levels.indexOf(positive);
}

/** The probability from which the positive class is decided on: the decision of least expected cost (Elkan 2001). */
export function thresholdOf({ target: { cost } }: DatasetSpec): number {
  return cost ? cost.falsePositive / (cost.falsePositive + cost.falseNegative) : 0.5;
}

/** The class decided on in every row: of two by the threshold, of more the most probable. */
export function decideClasses(
  spec: DatasetSpec,
  probabilities: ArrayLike<number>,
  threshold = thresholdOf(spec),
): Uint16Array {
  const classes = levelsOf(spec).length;
  const positive = positiveOf(spec);
  return Uint16Array.from({ length: probabilities.length / classes }, (_, row) => {
    const at = row * classes;
    if (positive !== undefined) return probabilities[at + positive] >= threshold ? positive : 1 - positive;
    let best = 0;
    for (let label = 1; label < classes; label++)
      if (probabilities[at + label] > probabilities[at + best]) best = label;
    return best;
  });
}

const share = (value: number) => `${(100 * value).toFixed(1)} %`;
const score = (value: number | null) => (value === null ? "" : value.toFixed(4));

/** A figure of class metrics. */
function figure(title: string, show: (metrics: ClassMetrics) => string): MetricFigure {
  return { title, show: (metrics) => show(metrics as ClassMetrics) };
}

const errors: Task["errors"] = (spec, actual, predicted) =>
  logLosses(levelsOf(spec).length, actual, predicted);

/** What two classes and more have in common. */
export const classes: Omit<Task, "name"> = {
  encode: (spec, target) => levelsOf(spec).indexOf(String(target)),
  decode: (spec, target) => levelsOf(spec)[target],
  strata: (actual) => actual,
  width: (spec) => levelsOf(spec).length,
  settle: (_, predicted) => predicted,
  mainMetric: {
    name: "logLoss",
    title: "log loss",
    of: (metrics) => (metrics as ClassMetrics).logLoss,
  },
  errors,
  residuals: errors,
  measure: (spec, actual, predicted) =>
    classMetrics({
      classes: levelsOf(spec).length,
      actual,
      probabilities: predicted,
      decided: decideClasses(spec, predicted),
      positive: positiveOf(spec),
    }),
  figures: [
    figure("log loss", ({ logLoss }) => logLoss.toPrecision(4)),
    figure("AUC", ({ rocAucScore }) => score(rocAucScore)),
    figure("accuracy", ({ accuracyScore }) => share(accuracyScore)),
    figure("balanced", ({ balancedAccuracyScore }) => share(balancedAccuracyScore)),
    figure("F1", ({ f1Score }) => score(f1Score)),
  ],
  contributionUnit: () => "in log-odds",
  sections: ["champion", "importance", "search", "data", "provenance"],
};
