// Objectives on the log link (margin = log of the mean): Poisson counts, gamma and Tweedie amounts.
import { type Objective, weightedMean, writeGradient } from "./objective.ts";

const notNegative = (value: number) => (value >= 0 ? undefined : "expected 0 or more");

const logOfMean: Objective["baseScore"] = (target, weights) => [
  Math.log(weightedMean({ target, weights, margins: [] }, (row) => target[row])),
];

/** Negative log-likelihood exp(margin) - target * margin. */
export const poisson: Objective = {
  outputs: 1,
  link: "exp",
  hasConstantHessian: false,
  // exp() of a first step too far does not come back: XGBoost's default for counts.
  maxDeltaStep: 0.7,
  metric: "poissonLoss",
  targetFault: notNegative,
  baseScore: logOfMean,
  gradients(block) {
    for (let row = block.from; row < block.to; row++) {
      const mean = Math.exp(block.margins[row]);
      writeGradient(block, row, mean - block.target[row], mean);
    }
  },
  loss: (rows) =>
    weightedMean(rows, (row) => Math.exp(rows.margins[0][row]) - rows.target[row] * rows.margins[0][row]),
};

/** Negative log-likelihood target * exp(-margin) + margin. */
export const gamma: Objective = {
  outputs: 1,
  link: "exp",
  hasConstantHessian: false,
  metric: "gammaLoss",
  targetFault: (value) => (value > 0 ? undefined : "expected a number above 0"),
  baseScore: logOfMean,
  gradients(block) {
    for (let row = block.from; row < block.to; row++) {
      const ratio = block.target[row] * Math.exp(-block.margins[row]);
      writeGradient(block, row, 1 - ratio, ratio);
    }
  },
  loss: (rows) =>
    weightedMean(rows, (row) => rows.target[row] * Math.exp(-rows.margins[0][row]) + rows.margins[0][row]),
};

/** Compound Poisson-gamma of variance power `power`, between 1 and 2: amounts with many zeros. */
export function tweedie(power: number): Objective {
  return {
    outputs: 1,
    link: "exp",
    hasConstantHessian: false,
    metric: "tweedieLoss",
    targetFault: notNegative,
    baseScore: logOfMean,
    gradients(block) {
      for (let row = block.from; row < block.to; row++) {
        const first = block.target[row] * Math.exp((1 - power) * block.margins[row]);
        const second = Math.exp((2 - power) * block.margins[row]);
        writeGradient(block, row, second - first, (2 - power) * second - (1 - power) * first);
      }
    },
    loss: (rows) =>
      weightedMean(rows, (row) => {
        const margin = rows.margins[0][row];
        return (
          (-rows.target[row] * Math.exp((1 - power) * margin)) / (1 - power) +
          Math.exp((2 - power) * margin) / (2 - power)
        );
      }),
  };
}
