// Objectives whose target is a class: logistic for two (0 and 1), softmax for more (0, 1, 2, ...).
import { type Objective, weightedMean, writeGradient } from "./objective.ts";

/** A hessian of exactly 0 would let a leaf's weight run away: XGBoost's floor. */
const leastHessian = 1e-16;

/** Cross entropy of the sigmoid of the margin. */
export const logistic: Objective = {
  outputs: 1,
  link: "sigmoid",
  hasConstantHessian: false,
  metric: "logLoss",
  targetFault: (value) => (value === 0 || value === 1 ? undefined : "expected 0 or 1"),
  baseScore(target, weights) {
    const share = weightedMean({ target, weights, margins: [] }, (row) => target[row]);
    return [Math.log(share / (1 - share))];
  },
  gradients(block) {
    for (let row = block.from; row < block.to; row++) {
      const probability = 1 / (1 + Math.exp(-block.margins[row]));
      writeGradient(
        block,
        row,
        probability - block.target[row],
        Math.max(probability * (1 - probability), leastHessian),
      );
    }
  },
  // log(1 + exp(m)) - target * m, in the form that neither overflows nor loses small terms.
  loss: (rows) =>
    weightedMean(rows, (row) => {
      const margin = rows.margins[0][row];
      return Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))) - rows.target[row] * margin;
    }),
};

/** Cross entropy of the softmax of `classes` margins. Probabilities are made once a round by fillProbabilities. */
export function softmax(classes: number): Objective {
  return {
    outputs: classes,
    link: "softmax",
    hasConstantHessian: false,
    metric: "logLoss",
    targetFault: (value) =>
      Number.isInteger(value) && value >= 0 && value < classes
        ? undefined
        : `expected a class from 0 to ${classes - 1}`,
    baseScore(target, weights) {
      const shares = Array.from({ length: classes }, (_, label) =>
        weightedMean({ target, weights, margins: [] }, (row) => (target[row] === label ? 1 : 0)),
      );
      return shares.map((share) => Math.log(Math.max(share, leastHessian)));
    },
    gradients(block) {
      const probabilities = block.probabilities!;
      for (let row = block.from; row < block.to; row++) {
        const probability = probabilities[row];
        const hessian = Math.max(2 * probability * (1 - probability), leastHessian);
        writeGradient(block, row, probability - (block.target[row] === block.output ? 1 : 0), hessian);
      }
    },
    loss: (rows) =>
      weightedMean(rows, (row) => {
        let largest = Number.NEGATIVE_INFINITY;
        for (const margins of rows.margins) largest = Math.max(largest, margins[row]);
        let sum = 0;
        for (const margins of rows.margins) sum += Math.exp(margins[row] - largest);
        return Math.log(sum) + largest - rows.margins[rows.target[row]][row];
      }),
  };
}

/** Softmax of rows from..to: margins of class k start at k * stride of `margins`, probabilities at k * rows of `out`. */
export function fillProbabilities(
  margins: readonly Float32Array[],
  out: readonly Float32Array[],
  from: number,
  to: number,
): void {
  for (let row = from; row < to; row++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (const margin of margins) largest = Math.max(largest, margin[row]);
    let sum = 0;
    for (let k = 0; k < margins.length; k++) {
      const weight = Math.exp(margins[k][row] - largest);
      out[k][row] = weight;
      sum += weight;
    }
    for (let k = 0; k < margins.length; k++) out[k][row] /= sum;
  }
}
