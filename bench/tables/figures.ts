// What a contestant's held-out answers are worth: mean absolute error for amounts, log loss for classes.
import type { PreparedTable } from "./prepare.ts";

export interface Figures {
  readonly contestant: string;
  readonly version: string;
  /** Mean over the measured folds. */
  readonly seconds: number;
  readonly bytes: number;
  readonly microsecondsPerRow: number;
  /** What contestants are ranked by: mean absolute error, or log loss. */
  readonly error: number;
  /** Beside it: root mean squared error (of the logarithm where the target's transform is log), or ROC AUC / accuracy. */
  readonly second: number;
}

/** Rows of the measured folds, rising. */
export function heldRows({ assigned, measured }: PreparedTable): number[] {
  return Array.from(assigned.keys()).filter((row) => assigned[row] < measured);
}

/** Error and second figure of `predicted`, one a held row or, for classes, one a held row and class. */
export function judge(table: PreparedTable, predicted: Float64Array): { error: number; second: number } {
  const rows = heldRows(table);
  const actual = rows.map((row) => table.target[row]);
  if (!table.classes) {
    const error = mean(actual.map((value, at) => Math.abs(predicted[at] - value)));
    const gap = (value: number, at: number) =>
      table.transform === "log" ? Math.log(Math.max(predicted[at], 1e-9) / value) : predicted[at] - value;
    return { error, second: Math.sqrt(mean(actual.map((value, at) => gap(value, at) ** 2))) };
  }
  const classes = table.classes.length;
  const of = (at: number, label: number) => Math.min(1, Math.max(1e-15, predicted[at * classes + label]));
  const error = mean(actual.map((label, at) => -Math.log(of(at, label))));
  if (classes === 2)
    return {
      error,
      second: areaUnderRoc(
        actual,
        actual.map((_, at) => of(at, 1)),
      ),
    };
  const isRight = (label: number, at: number) => {
    const row = predicted.subarray(at * classes, (at + 1) * classes);
    return row.indexOf(Math.max(...row)) === label ? 1 : 0;
  };
  return { error, second: mean(actual.map(isRight)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mann and Whitney's statistic, ties counted half. */
function areaUnderRoc(labels: readonly number[], scores: readonly number[]): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b]);
  let rankSum = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && scores[order[to]] === scores[order[from]]) to++;
    for (let at = from; at < to; at++) if (labels[order[at]] === 1) rankSum += (from + to + 1) / 2;
    from = to;
  }
  const positives = labels.filter((label) => label === 1).length;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (labels.length - positives));
}
