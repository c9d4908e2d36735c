// From residuals of rows that a model was not fitted on to calibrated intervals: difficulty, scores, widths.

import { type Completeness, completenesses } from "#core/bundle/completeness.ts";
import { type Conformal, calibrateWidths, residualOf } from "#core/bundle/conformal.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { takeRows, toTable } from "#core/dataset/table.ts";
import { type Difficulty, fitDifficulty, predictDifficulty } from "./difficulty.ts";
import { type PartialCopies, rowCompleteness } from "./partial-copies.ts";

/** Rows with prices by models that did not see them; `copies` are of these rows, priced by the same models. */
export interface CalibrationRows {
  readonly rows: readonly Row[];
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
  /** A fold a row: scores of one are made with a difficulty that was learnt on the others. */
  readonly folds: { readonly count: number; readonly assigned: Uint8Array };
  readonly copies: PartialCopies;
  readonly predictedCopies: Float64Array;
}

export interface Calibration {
  readonly conformal: Omit<Conformal, "residuals">;
  /** Undefined where every row counts as equally difficult. */
  readonly difficulty: Difficulty | undefined;
}

function join(first: Float64Array, second: ArrayLike<number>): Float64Array {
  const all = new Float64Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** Difficulties of all rows, each by a fit without its own fold; undefined where a fit says nothing. */
function crossFitDifficulty(
  count: number,
  folds: Uint8Array,
  fitOn: (rows: Int32Array) => ((rows: Int32Array) => Float64Array) | undefined,
): Float64Array | undefined {
  const difficulties = new Float64Array(folds.length);
  for (let fold = 0; fold < count; fold++) {
    const all = Int32Array.from(folds, (_, row) => row);
    const outside = all.filter((row) => folds[row] === fold);
    if (outside.length === 0) continue;
    const predict = fitOn(all.filter((row) => folds[row] !== fold));
    if (!predict) return undefined;
    const predicted = predict(outside);
    outside.forEach((row, at) => {
      difficulties[row] = predicted[at];
    });
  }
  return difficulties;
}

/**
 * Calibrates. Log residuals need positive prices on both sides; a model that lets a price fall to 0 gets bands in the target's unit.
 * The difficulty that is returned is fitted on all rows, the scores that make the widths are not: they never saw their own residual.
 */
export function calibrate(
  spec: DatasetSpec,
  { rows, actual, predicted, folds, copies, predictedCopies }: CalibrationRows,
  seed: number,
): Calibration {
  const everyRow = [...rows, ...copies.rows];
  const everyPrice = join(predicted, predictedCopies);
  const everyActual = join(
    actual,
    Array.from(copies.sources, (source) => actual[source]),
  );
  const everyFold = Uint8Array.from(everyRow, (_, at) =>
    at < rows.length ? folds.assigned[at] : folds.assigned[copies.sources[at - rows.length]],
  );
  const isLog = spec.target.transform === "log" && everyPrice.every((price) => price > 0);
  const scale = isLog ? "log" : "none";
  const residuals = everyPrice.map((price, at) => Math.abs(residualOf(scale, everyActual[at], price)));

  const table = toTable(spec, everyRow);
  const fitOn = (chosen: Int32Array) => {
    const pick = (values: Float64Array) => Float64Array.from(chosen, (row) => values[row]);
    return fitDifficulty(spec, takeRows(table, chosen), pick(everyPrice), pick(residuals), seed);
  };
  const difficulties = crossFitDifficulty(folds.count, everyFold, (inside) => {
    const fitted = fitOn(inside);
    return (
      fitted &&
      ((outside) =>
        predictDifficulty(
          fitted,
          takeRows(table, outside),
          Float64Array.from(outside, (row) => everyPrice[row]),
        ))
    );
  });
  const difficulty = difficulties && fitDifficulty(spec, table, everyPrice, residuals, seed);

  const scores = Object.fromEntries(completenesses.map((name) => [name, [] as number[]])) as Record<
    Completeness,
    number[]
  >;
  everyRow.forEach((row, at) => {
    const score = difficulty && difficulties ? residuals[at] / difficulties[at] : residuals[at];
    scores[rowCompleteness(spec, row)].push(score);
  });
  const widths = calibrateWidths({
    complete: Float64Array.from(scores.complete),
    partial: Float64Array.from(scores.partial),
    required: Float64Array.from(scores.required),
  });
  return { conformal: { scale, normalised: difficulty !== undefined, ...widths }, difficulty };
}
