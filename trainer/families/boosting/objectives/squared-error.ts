// Squared error: half (target - margin)^2.
import { type Objective, weightedMean, writeGradient } from "./objective.ts";

export const squaredError: Objective = {
  outputs: 1,
  link: "identity",
  hasConstantHessian: true,
  isResidual: true,
  metric: "rootMeanSquaredError",
  targetFault: () => undefined,
  baseScore: (target, weights) => [weightedMean({ target, weights, margins: [] }, (row) => target[row])],
  gradients(block) {
    for (let row = block.from; row < block.to; row++) {
      writeGradient(block, row, Math.fround(block.margins[row] - block.target[row]), 1);
    }
  },
  loss: (rows) => Math.sqrt(weightedMean(rows, (row) => (rows.margins[0][row] - rows.target[row]) ** 2)),
};
