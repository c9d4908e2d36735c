// Huber loss: squared within `delta` of the target, linear beyond.
import { type Objective, weightedMean, weightedQuantile, writeGradient } from "./objective.ts";

export function huber(delta: number): Objective {
  return {
    outputs: 1,
    link: "identity",
    hasConstantHessian: true,
    metric: "huberLoss",
    targetFault: () => undefined,
    baseScore: (target, weights) => [weightedQuantile(Float32Array.from(target), weights, 0.5)],
    gradients(block) {
      for (let row = block.from; row < block.to; row++) {
        const gap = Math.fround(block.margins[row] - block.target[row]);
        writeGradient(block, row, Math.max(-delta, Math.min(delta, gap)), 1);
      }
    },
    loss: (rows) =>
      weightedMean(rows, (row) => {
        const gap = Math.abs(rows.target[row] - rows.margins[0][row]);
        return gap <= delta ? (gap * gap) / 2 : delta * (gap - delta / 2);
      }),
  };
}
