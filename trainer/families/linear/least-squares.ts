// Ordinary least squares with standard errors: the regression library where its copies are cheap, the Gram matrix in one pass elsewhere.
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import MultivariateLinearRegression from "ml-regression-multivariate-linear";

/** Rows are written one by one, so that a large design matrix never stands in memory as a whole. */
export interface Design {
  readonly rows: number;
  readonly columns: number;
  /** Writes row `index`, `columns` numbers, into `into`. */
  writeRow(index: number, into: Float64Array): void;
  /** What a squared coefficient costs, by column (ridge); 0 is a free one. */
  readonly penalties?: Float64Array;
}

export interface Fit {
  readonly coefficients: Float64Array;
  /** NaN for a column that was left out. */
  readonly standardErrors: Float64Array;
  /** Standard deviation of the residuals. */
  readonly residualError: number;
  /** Columns left out because they say nothing that the others do not; their coefficient is 0. */
  readonly dropped: readonly number[];
  readonly solver: "library" | "gram";
}

/** Cells of a design matrix that the library may copy; it makes about five copies of eight bytes a cell. */
export const libraryCells = 2_000_000;
/** Its singular values cost the cube of the columns many times over. */
const libraryColumns = 64;
/** A column whose squared length falls to this share of itself, once the others are taken out, is a combination of them. */
const dependence = 1e-9;

/** X'WX, X'Wy, y'Wy in one pass. Most columns of a row are zero, and zeros are skipped. */
function accumulate(design: Design, target: Float64Array, weights: Float64Array) {
  const { rows, columns } = design;
  const gram = new Float64Array(columns * columns);
  const moments = new Float64Array(columns);
  const row = new Float64Array(columns);
  const filled = new Uint32Array(columns);
  for (let index = 0; index < rows; index++) {
    const weight = weights[index];
    if (weight === 0) continue;
    design.writeRow(index, row);
    let count = 0;
    for (let j = 0; j < columns; j++) if (row[j] !== 0) filled[count++] = j;
    for (let a = 0; a < count; a++) {
      const j = filled[a];
      const scaled = weight * row[j];
      moments[j] += scaled * target[index];
      for (let b = a; b < count; b++) gram[j * columns + filled[b]] += scaled * row[filled[b]];
    }
  }
  for (let j = 0; j < columns; j++) {
    for (let k = 0; k < j; k++) gram[j * columns + k] = gram[k * columns + j];
    // A column without rows stays one that is left out.
    if (gram[j * columns + j] > 0) gram[j * columns + j] += design.penalties?.[j] ?? 0;
  }
  return { gram, moments };
}

/**
 * Columns that are independent of those before them, by Cholesky on the Gram matrix of unit-length columns: a dependent column's
 * pivot is what is left of its length. Earlier columns win, so the design lists the plain ones first.
 */
function independentColumns(gram: Float64Array, columns: number) {
  const kept: number[] = [];
  const factors: Float64Array[] = [];
  for (let j = 0; j < columns; j++) {
    const length = gram[j * columns + j];
    if (!(length > 0)) continue;
    const factor = new Float64Array(kept.length + 1);
    let rest = 1;
    for (let i = 0; i < kept.length; i++) {
      const k = kept[i];
      let value = gram[j * columns + k] / Math.sqrt(length * gram[k * columns + k]);
      for (let m = 0; m < i; m++) value -= factor[m] * factors[i][m];
      factor[i] = value / factors[i][i];
      rest -= factor[i] ** 2;
    }
    if (rest < dependence) continue;
    factor[kept.length] = Math.sqrt(rest);
    factors.push(factor);
    kept.push(j);
  }
  return { kept, factors };
}

function solveByLibrary(
  design: Design,
  target: Float64Array,
  weights: Float64Array,
  kept: readonly number[],
  lengths: Float64Array,
) {
  // A penalty is a further row that asks its coefficient to be 0.
  const penalised = kept.flatMap((column, j) => (design.penalties?.[column] ? [j] : []));
  const x = Matrix.zeros(design.rows + penalised.length, kept.length);
  const y = Matrix.zeros(design.rows + penalised.length, 1);
  penalised.forEach((j, index) => {
    x.set(design.rows + index, j, Math.sqrt(design.penalties?.[kept[j]] ?? 0) / lengths[j]);
  });
  const row = new Float64Array(design.columns);
  for (let index = 0; index < design.rows; index++) {
    design.writeRow(index, row);
    const root = Math.sqrt(weights[index]);
    kept.forEach((column, j) => {
      x.set(index, j, (root * row[column]) / lengths[j]);
    });
    y.set(index, 0, root * target[index]);
  }
  const regression = new MultivariateLinearRegression(x, y, { intercept: false, statistics: true });
  const inverse = regression.stdErrorMatrix.div(regression.stdError ** 2);
  return { solution: regression.weights.map(([weight]) => weight), variances: inverse.diagonal() };
}

function solveByGram(
  gram: Float64Array,
  moments: Float64Array,
  columns: number,
  kept: readonly number[],
  lengths: Float64Array,
) {
  const matrix = Matrix.zeros(kept.length, kept.length);
  kept.forEach((j, a) => {
    kept.forEach((k, b) => {
      matrix.set(a, b, gram[j * columns + k] / (lengths[a] * lengths[b]));
    });
  });
  const cholesky = new CholeskyDecomposition(matrix);
  const right = Matrix.columnVector(kept.map((j, a) => moments[j] / lengths[a]));
  const inverse = cholesky.solve(Matrix.eye(kept.length));
  return { solution: cholesky.solve(right).to1DArray(), variances: inverse.diagonal() };
}

/** The coefficients alone, at a third of the cost: no inverse, no residuals. */
export function fitCoefficients(design: Design, target: Float64Array, weights: Float64Array): Float64Array {
  const { columns } = design;
  const { gram, moments } = accumulate(design, target, weights);
  const { kept, factors } = independentColumns(gram, columns);
  const lengths = Float64Array.from(kept, (j) => Math.sqrt(gram[j * columns + j]));
  const solution = substitute(
    factors,
    Float64Array.from(kept, (j, a) => moments[j] / lengths[a]),
  );
  const coefficients = new Float64Array(columns);
  kept.forEach((j, a) => {
    coefficients[j] = solution[a] / lengths[a];
  });
  return coefficients;
}

/** Solves L L' x = right, where row i of L is `factors[i]`. */
function substitute(factors: readonly Float64Array[], right: Float64Array): Float64Array {
  const x = right.slice();
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i] -= factors[i][k] * x[k];
    x[i] /= factors[i][i];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= factors[k][i] * x[k];
    x[i] /= factors[i][i];
  }
  return x;
}

/**
 * Minimises the weighted squared error of `design` times coefficients against `target`. A weight counts as that many equal rows.
 * Columns that depend on earlier ones are dropped, so collinear features cannot blow the solution up.
 */
export function leastSquares(
  design: Design,
  target: Float64Array,
  weights: Float64Array,
  solver: "library" | "gram" = design.columns <= libraryColumns &&
  design.rows * design.columns <= libraryCells
    ? "library"
    : "gram",
): Fit {
  const { columns } = design;
  const { gram, moments } = accumulate(design, target, weights);
  const { kept } = independentColumns(gram, columns);
  const lengths = Float64Array.from(kept, (j) => Math.sqrt(gram[j * columns + j]));
  const { solution, variances } =
    solver === "library"
      ? solveByLibrary(design, target, weights, kept, lengths)
      : solveByGram(gram, moments, columns, kept, lengths);
  const coefficients = new Float64Array(columns);
  kept.forEach((j, a) => {
    coefficients[j] = solution[a] / lengths[a];
  });
  const residualError = errorOf(design, target, weights, coefficients, kept.length);
  const standardErrors = new Float64Array(columns).fill(Number.NaN);
  kept.forEach((j, a) => {
    standardErrors[j] = (residualError * Math.sqrt(variances[a])) / lengths[a];
  });
  const dropped = Array.from({ length: columns }, (_, j) => j).filter((j) => !kept.includes(j));
  return { coefficients, standardErrors, residualError, dropped, solver };
}

/** From the residuals themselves: y'y - b'X'y would lose the digits of a good fit. */
function errorOf(
  design: Design,
  target: Float64Array,
  weights: Float64Array,
  coefficients: Float64Array,
  used: number,
): number {
  const row = new Float64Array(design.columns);
  let squares = 0;
  let total = 0;
  for (let index = 0; index < design.rows; index++) {
    design.writeRow(index, row);
    let predicted = 0;
    for (let j = 0; j < row.length; j++) predicted += row[j] * coefficients[j];
    squares += weights[index] * (target[index] - predicted) ** 2;
    total += weights[index];
  }
  return Math.sqrt(squares / (total - used));
}
