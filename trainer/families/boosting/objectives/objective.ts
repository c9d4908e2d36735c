// The contract of an objective: what is minimised, in which space the trees add up, and how good a set of margins is.
import type { Link } from "#core/trees/ensemble.ts";

/** Rows `from` to `to` of one output; all arrays are indexed by row, gradients by row times `stride`. */
export interface GradientBlock {
  readonly from: number;
  readonly to: number;
  readonly output: number;
  readonly margins: Float32Array;
  readonly target: Float32Array;
  readonly weights: Float32Array | undefined;
  /** Softmax only: probabilities of this output. */
  readonly probabilities: Float32Array | undefined;
  /** Gradient at [row * stride], hessian after it where `stride` is 2. */
  readonly out: Float32Array;
  readonly stride: 1 | 2;
}

/** Rows to be measured: targets, weights (all one where undefined) and the margins of each output. */
export interface Measured {
  readonly target: Float32Array;
  readonly weights: Float32Array | undefined;
  readonly margins: readonly Float32Array[];
}

export interface Objective {
  readonly outputs: number;
  readonly link: Link;
  /** Whether every hessian is one (before weights), so that histograms need to count rows only. */
  readonly hasConstantHessian: boolean;
  /** True for (margin - target): the kernels know it. */
  readonly isResidual?: boolean;
  /** Largest weight of a leaf where the caller sets none; 0 is unlimited. */
  readonly maxDeltaStep?: number;
  /** What `loss` measures. */
  readonly metric: string;
  /** Why a target value cannot be fitted on ("expected ..."), undefined where it can. */
  targetFault(value: number): string | undefined;
  /** Margin-space start of each output. */
  baseScore(target: Float32Array, weights: Float32Array | undefined): number[];
  gradients(block: GradientBlock): void;
  /** Mean loss by weight. */
  loss(rows: Measured): number;
  /** Where gradients only point the way (absolute error, quantile): the leaf's own weight from its rows' residuals target - margin. */
  leafWeight?(residuals: Float32Array, weights: Float32Array | undefined): number;
}

/** Writes gradient and hessian of a row, both times its weight; with one lane there is no hessian to write. */
export function writeGradient(block: GradientBlock, row: number, gradient: number, hessian: number): void {
  const weight = block.weights === undefined ? 1 : block.weights[row];
  block.out[row * block.stride] = gradient * weight;
  if (block.stride === 2) block.out[row * 2 + 1] = hessian * weight;
}

/** Mean by weight of `of(row)`. */
export function weightedMean({ target, weights }: Measured, of: (row: number) => number): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < target.length; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    sum += weight * of(row);
    total += weight;
  }
  return sum / total;
}

/** The smallest value that at least `share` of the weight is at or below; `values` is sorted in place where there are no weights. */
export function weightedQuantile(
  values: Float32Array,
  weights: Float32Array | undefined,
  share: number,
): number {
  if (weights === undefined) {
    values.sort();
    return values[Math.min(values.length - 1, Math.max(0, Math.ceil(values.length * share) - 1))];
  }
  const order = Uint32Array.from(values, (_, index) => index).sort((a, b) => values[a] - values[b] || a - b);
  let total = 0;
  for (const weight of weights) total += weight;
  let sum = 0;
  for (const index of order) {
    sum += weights[index];
    if (sum >= share * total) return values[index];
  }
  return values[order[order.length - 1]];
}
