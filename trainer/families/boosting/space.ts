// The default search space of boosted trees: the ranges that practitioners of XGBoost search first.
import type { SearchSpace } from "../family.ts";

export const boostingSpace: SearchSpace = {
  lambda: { type: "float", low: 1e-8, high: 1, log: true },
  alpha: { type: "float", low: 1e-8, high: 1, log: true },
  learningRate: { type: "float", low: 0.01, high: 0.3, log: true },
  columnShare: { type: "float", low: 0.3, high: 1 },
  rowShare: { type: "float", low: 0.4, high: 1 },
  trees: { type: "int", low: 100, high: 1000 },
  maxDepth: { type: "int", low: 3, high: 9 },
  minChildWeight: { type: "int", low: 1, high: 10 },
};
