// Main effects fitted with penalties that the rows themselves suggest, on all rows and once more without each fold.
import { effectOf, type MainEffect, type MainEffects } from "#core/trees/main-effects.ts";
import { seeded, shuffle } from "../random.ts";
import { type Design, entriesPerRow, layOutDesign, type NumberTerm } from "./design.ts";
import { type Matrix, type MatrixFeature, takeMatrix } from "./matrix.ts";
import { columnNorms, type Rows, rowSum, solveRidge } from "./solve.ts";

/** Rounds of the penalties' fixed point; they settle to a few percent, which is all that matters. */
const penaltyRounds = 5;
/** Rounds once more after rows far off have lost weight. */
const robustRounds = 2;
const roughSteps = 30;
const linePenalty = 1;
const firstPenalty = 5;
const [leastPenalty, mostPenalty] = [1e-3, 1e7];
/** Residuals beyond so many standard deviations count as if they were that large (Huber 1964). */
const farOff = 2.5;

/** Entries of the sparse design beyond which rows are drawn: some seconds of one core, and fifty megabytes. */
const mostEntries = 6_000_000;
const leastDrawn = 2000;

export interface FittedEffects {
  readonly all: MainEffects;
  /** Fitted without the rows of each fold, with the penalties of all. */
  readonly without: readonly MainEffects[];
}

/** `assigned` holds the fold of every row, from 0 to `folds` - 1. Undefined where no feature varies. */
export function fitEffects(
  matrix: Matrix,
  target: Float64Array,
  weights: ArrayLike<number> | undefined,
  assigned: Uint8Array,
  folds: number,
): FittedEffects | undefined {
  const drawn = drawRows(matrix);
  if (drawn) {
    const own = <T>(values: ArrayLike<T>) => Array.from(drawn, (row) => values[row]);
    return fitEffects(
      takeMatrix(matrix, drawn),
      Float64Array.from(own(target)),
      weights && own(weights),
      Uint8Array.from(own(assigned)),
      folds,
    );
  }
  const design = layOutDesign(matrix, weights);
  if (design.terms.length === 0) return undefined;
  const rows = Uint32Array.from({ length: matrix.rows }, (_, row) => row);
  const coefficients = new Float64Array(design.columns + 1);
  const penalties = startPenalties(design);
  improvePenalties(design, { rows, target, weights }, penalties, coefficients, penaltyRounds);
  const robust = downWeigh(design, target, weights, coefficients);
  improvePenalties(design, { rows, target, weights: robust }, penalties, coefficients, robustRounds);
  const isWrong = design.terms.some((term) => isAgainst(term, coefficients));
  if (isWrong) {
    const kept = matrix.features.filter(({ name }) => {
      const term = design.terms.find((one) => one.name === name);
      return !(term && isAgainst(term, coefficients));
    });
    return kept.length > 0
      ? fitEffects({ ...matrix, features: kept }, target, weights, assigned, folds)
      : undefined;
  }
  const without = Array.from({ length: folds }, (_, fold) => {
    const own = coefficients.slice();
    const others = rows.filter((row) => assigned[row] !== fold);
    solveRidge(design, { rows: others, target, weights: robust }, penalties, own);
    return toEffects(design, matrix, own, weights);
  });
  return { all: toEffects(design, matrix, coefficients, weights), without };
}

/** Rows to fit on instead of all of `matrix`'s, undefined where all of them are few enough. */
function drawRows(matrix: Matrix): Uint32Array | undefined {
  const most = Math.max(leastDrawn, Math.floor(mostEntries / entriesPerRow(matrix)));
  if (matrix.rows <= most) return undefined;
  const all = Uint32Array.from({ length: matrix.rows }, (_, row) => row);
  return shuffle(all, seeded(1)).slice(0, most).sort();
}

/** Whether a line runs against the direction that its feature is held to. */
function isAgainst(term: Design["terms"][number], coefficients: Float64Array): boolean {
  return term.type === "number" && coefficients[term.first] * term.monotone < 0;
}

function startPenalties({ columns, groups }: Design): Float64Array {
  const penalties = new Float64Array(columns);
  for (const { from, to, isLine } of groups) penalties.fill(isLine ? linePenalty : firstPenalty, from, to);
  return penalties;
}

/** Weights under which rows far off pull no harder than rows `farOff` deviations off. */
function downWeigh(
  design: Design,
  target: Float64Array,
  weights: ArrayLike<number> | undefined,
  coefficients: Float64Array,
): Float64Array {
  const rest = target.map(
    (value, row) => value - coefficients[design.columns] - rowSum(design, coefficients, row),
  );
  const median = middleOf(rest.map(Math.abs), weights);
  // The median of a normal's absolute values is 0.6745 deviations.
  const cut = (farOff * median) / 0.6745;
  return rest.map((value, row) => {
    const own = weights ? weights[row] : 1;
    return Math.abs(value) > cut ? (own * cut) / Math.abs(value) : own;
  });
}

/** The value with as much weight below as above. */
function middleOf(values: Float64Array, weights: ArrayLike<number> | undefined): number {
  if (!weights) return values.sort()[values.length >> 1];
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  let total = 0;
  for (let row = 0; row < values.length; row++) total += weights[row];
  let reached = 0;
  const at = order.find((row) => {
    reached += weights[row];
    return reached > total / 2;
  });
  return values[at ?? order[order.length - 1]];
}

/**
 * MacKay's fixed point (1992): a group's variance is its squared coefficients over the number of them that the rows determine, and
 * its penalty the noise over that variance. Levels that mean nothing end with a penalty that leaves nothing of them.
 */
function improvePenalties(
  design: Design,
  data: Rows,
  penalties: Float64Array,
  coefficients: Float64Array,
  rounds: number,
): void {
  const { columns, groups } = design;
  const norms = columnNorms(design, data);
  const { rows, target, weights } = data;
  for (let round = 0; round < rounds; round++) {
    solveRidge(design, data, penalties, coefficients, roughSteps);
    let errors = 0;
    let total = 0;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k];
      const weight = weights ? weights[row] : 1;
      errors += weight * (target[row] - coefficients[columns] - rowSum(design, coefficients, row)) ** 2;
      total += weight;
    }
    const determined = (from: number, to: number) => {
      let sum = 0;
      for (let at = from; at < to; at++) sum += norms[at] / (norms[at] + penalties[at]);
      return sum;
    };
    // Columns overlap, so their sum overstates what was fitted.
    const freedom = Math.max(total / 2, total - determined(0, columns) - 1);
    const noise = errors / freedom;
    for (const { from, to, isLine } of groups) {
      if (isLine) continue;
      let squares = 0;
      for (let at = from; at < to; at++) squares += coefficients[at] ** 2;
      const penalty = (noise * determined(from, to)) / Math.max(squares, Number.MIN_VALUE);
      penalties.fill(Math.min(mostPenalty, Math.max(leastPenalty, penalty)), from, to);
    }
  }
  solveRidge(design, data, penalties, coefficients);
}

function toEffects(
  design: Design,
  matrix: Matrix,
  coefficients: Float64Array,
  weights: ArrayLike<number> | undefined,
): MainEffects {
  const effects = design.terms.map((term): MainEffect => {
    const feature = matrix.features.find(({ name }) => name === term.name)!;
    const effect = toEffect(term, feature, coefficients);
    const of = effectOf(effect);
    let sum = 0;
    let total = 0;
    for (let row = 0; row < matrix.rows; row++) {
      const weight = weights ? weights[row] : 1;
      sum += weight * of(feature.values[row]);
      total += weight;
    }
    return { ...effect, mean: sum / total };
  });
  return { intercept: coefficients[design.columns], effects };
}

function toEffect(
  term: Design["terms"][number],
  feature: MatrixFeature,
  coefficients: Float64Array,
): MainEffect {
  const column = (at: number) => Math.fround(coefficients[at]);
  if (term.type === "category") {
    const values = Array.from({ length: term.levels }, (_, level) => column(term.first + level));
    return {
      type: "category",
      feature: term.name,
      values,
      missing: column(term.first + term.levels),
      mean: 0,
    };
  }
  // Standardised columns have the mean 0, which is what a missing value without a column of its own gets.
  const missing = term.missing < 0 ? 0 : coefficients[term.missing];
  if (feature.type === "category") {
    const values = feature.levels.map((_, level) => Math.fround(lineAt(term, coefficients, level)));
    return { type: "category", feature: term.name, values, missing: Math.fround(missing), mean: 0 };
  }
  const knots = [...term.knots];
  const values = knots.map((knot) => lineAt(term, coefficients, knot));
  return { type: "number", feature: term.name, knots, values, missing, mean: 0 };
}

function lineAt(term: NumberTerm, coefficients: Float64Array, value: number): number {
  const [low, high] = [term.knots[0], term.knots[term.knots.length - 1]];
  const inside = Math.min(Math.max(value, low), high);
  return term.centres.reduce((sum, centre, k) => {
    const own = k === 0 ? inside : Math.max(inside - term.knots[k], 0);
    return sum + (coefficients[term.first + k] * (own - centre)) / term.scales[k];
  }, 0);
}
