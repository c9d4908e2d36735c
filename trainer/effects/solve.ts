// Ridge regression on a sparse design, each group of columns with a penalty of its own, by conjugate gradients.
import type { Design } from "./design.ts";

/** Rows to use, their answers and weights. */
export interface Rows {
  /** Indices of design rows. */
  readonly rows: ArrayLike<number>;
  /** One a design row. */
  readonly target: ArrayLike<number>;
  readonly weights: ArrayLike<number> | undefined;
}

const tolerance = 1e-4;

/** Squared norm of every column over the rows. */
export function columnNorms({ columns, start, index, value }: Design, { rows, weights }: Rows): Float64Array {
  const norms = new Float64Array(columns);
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k];
    const weight = weights ? weights[row] : 1;
    for (let at = start[row]; at < start[row + 1]; at++) norms[index[at]] += weight * value[at] * value[at];
  }
  return norms;
}

/** What the columns with these coefficients add up to in a row. */
export function rowSum({ start, index, value }: Design, coefficients: Float64Array, row: number): number {
  let sum = 0;
  for (let at = start[row]; at < start[row + 1]; at++) sum += value[at] * coefficients[index[at]];
  return sum;
}

/** Coefficients, the intercept last, that minimise the weighted squares plus penalties; starts from `coefficients` and overwrites them. */
export function solveRidge(
  design: Design,
  data: Rows,
  penalties: Float64Array,
  coefficients: Float64Array,
  mostSteps = 60,
): void {
  const { columns, start, index, value } = design;
  const { rows, target, weights } = data;
  const size = columns + 1;
  const norms = columnNorms(design, data);
  let total = 0;
  for (let k = 0; k < rows.length; k++) total += weights ? weights[rows[k]] : 1;
  const scale = Float64Array.from({ length: size }, (_, at) =>
    at === columns ? 1 / total : 1 / Math.max(norms[at] + penalties[at], 1e-12),
  );
  /** out = sum over rows of weight * (target part - row . from) * row - penalties * from. */
  const gradient = (from: Float64Array, out: Float64Array, withTarget: boolean) => {
    for (let at = 0; at < columns; at++) out[at] = -penalties[at] * from[at];
    out[columns] = 0;
    const intercept = from[columns];
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k];
      let sum = intercept;
      const [first, last] = [start[row], start[row + 1]];
      for (let at = first; at < last; at++) sum += value[at] * from[index[at]];
      const rest = (weights ? weights[row] : 1) * ((withTarget ? target[row] : 0) - sum);
      for (let at = first; at < last; at++) out[index[at]] += rest * value[at];
      out[columns] += rest;
    }
  };
  const residual = new Float64Array(size);
  const product = new Float64Array(size);
  gradient(coefficients, residual, true);
  const direction = residual.map((one, at) => one * scale[at]);
  let power = dot(residual, direction);
  const first = power;
  for (let step = 0; step < mostSteps && power > tolerance * tolerance * first && power > 0; step++) {
    gradient(direction, product, false);
    const curvature = -dot(direction, product);
    if (!(curvature > 0)) break;
    const length = power / curvature;
    for (let at = 0; at < size; at++) {
      coefficients[at] += length * direction[at];
      residual[at] += length * product[at];
    }
    let next = 0;
    for (let at = 0; at < size; at++) next += residual[at] * residual[at] * scale[at];
    const ratio = next / power;
    for (let at = 0; at < size; at++) direction[at] = residual[at] * scale[at] + ratio * direction[at];
    power = next;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at] * b[at];
  return sum;
}
