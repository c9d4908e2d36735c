// Fits what calibrates a classifier's probabilities on out-of-fold rows, and keeps it only where it helps rows that it was not fitted on.
import { type ClassCalibration, calibrateProbabilities } from "#core/bundle/class-calibration.ts";
import { logLosses } from "#core/metrics/classification.ts";
import { logarithm } from "#core/onnx/logarithm.ts";

export interface JudgedProbabilities {
  readonly classes: number;
  readonly actual: ArrayLike<number>;
  readonly probabilities: Float64Array;
  /** The fold of every row: each is calibrated without its own. */
  readonly folds: { readonly count: number; readonly assigned: ArrayLike<number> };
}

const steps = 30;
const leastProbability = 1e-200;
/** A pull to leaving things as they are, in rows: few rows must not bend a curve. */
const pull = 1;

/** Newton's method on the log loss of the rows at `rows`, in the slope and, for two classes, the shift. */
function fitRows(
  { classes, actual, probabilities }: JudgedProbabilities,
  rows: readonly number[],
): ClassCalibration {
  const logs = probabilities.map((probability) => logarithm(Math.max(probability, leastProbability)));
  let [scale, shift] = [1, 0];
  for (let step = 0; step < steps; step++) {
    const own = calibrateProbabilities({ scale, shift }, probabilities, classes);
    let [gs, gb, hss, hsb, hbb] = [pull * (scale - 1), pull * shift, pull, 0, pull];
    for (const row of rows) {
      const start = row * classes;
      let [mean, square] = [0, 0];
      for (let label = 0; label < classes; label++) {
        const weight = own[start + label];
        mean += weight * logs[start + label];
        square += weight * logs[start + label] ** 2;
      }
      gs += mean - logs[start + actual[row]];
      hss += square - mean * mean;
      if (classes !== 2) continue;
      const [p, odds] = [own[start + 1], logs[start + 1] - logs[start]];
      gb += p - actual[row];
      hbb += p * (1 - p);
      hsb += p * (1 - p) * odds;
    }
    const determinant = hss * hbb - hsb * hsb;
    const [ds, db] =
      classes === 2
        ? [(gs * hbb - gb * hsb) / determinant, (gb * hss - gs * hsb) / determinant]
        : [gs / hss, 0];
    // Half way at most to nothing: a slope of 0 or less would turn the ranking round.
    scale = Math.max(scale - ds, scale / 2);
    shift -= db;
    if (Math.abs(ds) + Math.abs(db) < 1e-10) break;
  }
  return { scale, shift };
}

export interface FittedCalibration {
  /** Undefined where probabilities are best left as they are. */
  readonly calibration: ClassCalibration | undefined;
  /** Every row's probabilities, calibrated without its fold where there is a calibration. */
  readonly probabilities: Float64Array;
}

/** Fits on all rows what lowers the log loss of each fold when it is fitted on the others. */
export function fitCalibration(judged: JudgedProbabilities): FittedCalibration {
  const { classes, actual, probabilities, folds } = judged;
  const every = Array.from({ length: actual.length }, (_, row) => row);
  const crossed = new Float64Array(probabilities.length);
  for (let fold = 0; fold < folds.count; fold++) {
    const outside = every.filter((row) => folds.assigned[row] === fold);
    if (outside.length === 0) continue;
    const own = fitRows(
      judged,
      every.filter((row) => folds.assigned[row] !== fold),
    );
    for (const row of outside) {
      const part = probabilities.subarray(row * classes, (row + 1) * classes);
      crossed.set(calibrateProbabilities(own, part, classes), row * classes);
    }
  }
  const total = (of: Float64Array) => logLosses(classes, actual, of).reduce((sum, loss) => sum + loss, 0);
  if (!(total(crossed) < total(probabilities))) return { calibration: undefined, probabilities };
  return { calibration: fitRows(judged, every), probabilities: crossed };
}
