// Quantile (pinball) loss and its half, absolute error: gradients show the direction, leaves take the quantile of their residuals.
// LightGBM's RenewTreeOutput and XGBoost's adaptive leaves do the same.
import { type Objective, weightedMean, weightedQuantile, writeGradient } from "./objective.ts";

/** Loss share * (target - margin) above the margin and (1 - share) * (margin - target) below. */
export function quantile(share: number): Objective {
  return {
    outputs: 1,
    link: "identity",
    hasConstantHessian: true,
    metric: "pinballLoss",
    targetFault: () => undefined,
    baseScore: (target, weights) => [weightedQuantile(Float32Array.from(target), weights, share)],
    gradients(block) {
      for (let row = block.from; row < block.to; row++) {
        const gap = block.target[row] - block.margins[row];
        writeGradient(block, row, gap > 0 ? -share : gap < 0 ? 1 - share : 0, 1);
      }
    },
    loss: (rows) =>
      weightedMean(rows, (row) => {
        const gap = rows.target[row] - rows.margins[0][row];
        return gap > 0 ? share * gap : (share - 1) * gap;
      }),
    leafWeight: (residuals, weights) => weightedQuantile(residuals, weights, share),
  };
}

/** |target - margin|. */
export const absoluteError: Objective = {
  ...quantile(0.5),
  metric: "meanAbsoluteError",
  gradients(block) {
    for (let row = block.from; row < block.to; row++) {
      writeGradient(block, row, Math.sign(block.margins[row] - block.target[row]), 1);
    }
  },
  loss: (rows) => weightedMean(rows, (row) => Math.abs(rows.target[row] - rows.margins[0][row])),
};
