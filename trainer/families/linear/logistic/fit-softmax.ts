// Penalised multinomial logistic regression on sparse rows by Newton's method with conjugate gradients (Lin, Weng and Keerthi 2008).

/** Rows as their columns that are not 0; column 0 is the intercept, which no penalty holds. */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  readonly start: Uint32Array;
  readonly index: Uint32Array;
  readonly value: Float64Array;
}

export interface SoftmaxProblem {
  readonly design: SparseRows;
  /** Margins: 1 for two classes (of the second), else one a class. */
  readonly outputs: number;
  readonly target: ArrayLike<number>;
  readonly weights: Float64Array;
  /** What half a squared coefficient costs, by column. */
  readonly penalties: Float64Array;
}

const [newtonSteps, gradientSteps, tolerance] = [40, 60, 1e-5];

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at] * b[at];
  return sum;
}

/** Margins of every row under coefficients [columns, outputs]. */
function marginsUnder({ design, outputs }: SoftmaxProblem, coefficients: Float64Array): Float64Array {
  const { rows, start, index, value } = design;
  const margins = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++)
    for (let at = start[row]; at < start[row + 1]; at++)
      for (let k = 0; k < outputs; k++)
        margins[row * outputs + k] += value[at] * coefficients[index[at] * outputs + k];
  return margins;
}

/** Adds each row times its `outputs` numbers of `by` to the columns of the row. */
function gather({ design, outputs }: SoftmaxProblem, by: Float64Array, into: Float64Array): void {
  const { rows, start, index, value } = design;
  for (let row = 0; row < rows; row++)
    for (let at = start[row]; at < start[row + 1]; at++)
      for (let k = 0; k < outputs; k++) into[index[at] * outputs + k] += value[at] * by[row * outputs + k];
}

interface Standing {
  readonly loss: number;
  /** Of every margin: the probability of its class. */
  readonly probabilities: Float64Array;
}

function evaluate(problem: SoftmaxProblem, coefficients: Float64Array): Standing {
  const { design, outputs, target, weights, penalties } = problem;
  const margins = marginsUnder(problem, coefficients);
  const probabilities = new Float64Array(margins.length);
  let loss = 0;
  for (let at = 0; at < coefficients.length; at++)
    loss += (penalties[Math.floor(at / outputs)] * coefficients[at] ** 2) / 2;
  for (let row = 0; row < design.rows; row++) {
    const start = row * outputs;
    // Of two classes the first has the margin 0.
    let largest = outputs === 1 ? 0 : Number.NEGATIVE_INFINITY;
    for (let k = 0; k < outputs; k++) largest = Math.max(largest, margins[start + k]);
    let total = outputs === 1 ? Math.exp(-largest) : 0;
    for (let k = 0; k < outputs; k++) total += Math.exp(margins[start + k] - largest);
    for (let k = 0; k < outputs; k++)
      probabilities[start + k] = Math.exp(margins[start + k] - largest) / total;
    const own = outputs === 1 ? (target[row] === 1 ? margins[start] : 0) : margins[start + target[row]];
    loss += weights[row] * (Math.log(total) + largest - own);
  }
  return { loss, probabilities };
}

/** Coefficients [columns, outputs] that minimise the weighted log loss plus penalties. */
export function fitSoftmax(problem: SoftmaxProblem): Float64Array {
  const { design, outputs, target, weights, penalties } = problem;
  const size = design.columns * outputs;
  const penaltyAt = (at: number) => penalties[Math.floor(at / outputs)];
  let coefficients = new Float64Array(size);
  let standing = evaluate(problem, coefficients);
  let first = 0;
  for (let step = 0; step < newtonSteps; step++) {
    const { probabilities } = standing;
    const rest = probabilities.map((probability, at) => {
      const row = Math.floor(at / outputs);
      const label = outputs === 1 ? 1 : at % outputs;
      return weights[row] * (probability - (target[row] === label ? 1 : 0));
    });
    const gradient = coefficients.map((coefficient, at) => penaltyAt(at) * coefficient);
    gather(problem, rest, gradient);
    const slope = Math.sqrt(dot(gradient, gradient));
    if (step === 0) first = slope;
    if (!(slope > tolerance * first)) break;
    const curve = (direction: Float64Array) => {
      const moved = marginsUnder(problem, direction);
      for (let row = 0; row < design.rows; row++) {
        const start = row * outputs;
        let mean = 0;
        for (let k = 0; k < outputs; k++) mean += probabilities[start + k] * moved[start + k];
        for (let k = 0; k < outputs; k++)
          moved[start + k] = weights[row] * probabilities[start + k] * (moved[start + k] - mean);
      }
      const product = direction.map((value, at) => penaltyAt(at) * value);
      gather(problem, moved, product);
      return product;
    };
    const direction = solve(curve, gradient, Math.min(0.1, Math.sqrt(slope / first)));
    const expected = dot(gradient, direction);
    let length = 1;
    let next = standing;
    let moved = coefficients;
    for (; length > 1e-6; length /= 2) {
      moved = coefficients.map((coefficient, at) => coefficient - length * direction[at]);
      next = evaluate(problem, moved);
      if (next.loss <= standing.loss - 1e-4 * length * expected) break;
    }
    if (!(next.loss < standing.loss)) break;
    [coefficients, standing] = [moved, next];
  }
  return coefficients;
}

/** Conjugate gradients on curve(x) = gradient, to a share of the gradient's length. */
function solve(
  curve: (x: Float64Array) => Float64Array,
  gradient: Float64Array,
  share: number,
): Float64Array {
  const solution = new Float64Array(gradient.length);
  const rest = gradient.slice();
  const direction = gradient.slice();
  let power = dot(rest, rest);
  const enough = share * share * power;
  for (let step = 0; step < gradientSteps && power > enough; step++) {
    const product = curve(direction);
    const bend = dot(direction, product);
    if (!(bend > 0)) break;
    const length = power / bend;
    for (let at = 0; at < solution.length; at++) {
      solution[at] += length * direction[at];
      rest[at] -= length * product[at];
    }
    const next = dot(rest, rest);
    for (let at = 0; at < solution.length; at++) direction[at] = rest[at] + (next / power) * direction[at];
    power = next;
  }
  return solution;
}
