// How a booster is fitted: settings by XGBoost's meaning, and the limits that keep a fit within memory.
import type { Matrix } from "../../effects/matrix.ts";
import type { ObjectiveChoice } from "./objectives/index.ts";

export interface BoostingSettings {
  readonly objective: ObjectiveChoice;
  /** Rounds of boosting; softmax grows one tree a class and round. */
  readonly trees: number;
  readonly learningRate: number;
  readonly growth: "depthWise" | "leafWise";
  readonly maxDepth: number;
  /** 0 is unlimited. */
  readonly maxLeaves: number;
  /** Least sum of hessians in a child. */
  readonly minChildWeight: number;
  /** L2 and L1 penalties on leaf weights. */
  readonly lambda: number;
  readonly alpha: number;
  /** Loss reduction that a split must exceed. */
  readonly gamma: number;
  /** Largest weight of a leaf; 0 is unlimited, undefined leaves it to the objective. */
  readonly maxDeltaStep?: number;
  /** Share of rows drawn for each tree. */
  readonly rowShare: number;
  /** Shares of columns drawn for each tree, and of those for each level (each split where growth is leaf-wise). */
  readonly columnShare: number;
  readonly columnShareLevel: number;
  /** Most bins for the values of one feature. */
  readonly bins: number;
  readonly seed: number;
}

export const defaultSettings: BoostingSettings = {
  objective: { name: "squaredError" },
  trees: 400,
  learningRate: 0.1,
  growth: "depthWise",
  maxDepth: 6,
  maxLeaves: 0,
  minChildWeight: 1,
  lambda: 1,
  alpha: 0,
  gamma: 0,
  rowShare: 1,
  columnShare: 1,
  columnShareLevel: 1,
  bins: 255,
  seed: 0,
};

/** Rows with their answers: targets in margin space's own scale (the caller takes logarithms), classes as 0, 1, 2... */
export interface Labelled {
  readonly matrix: Matrix;
  readonly target: ArrayLike<number>;
  /** 0 or more each. */
  readonly weights?: ArrayLike<number>;
}

export interface FitOptions extends BoostingSettings {
  readonly weights?: ArrayLike<number>;
  /** Rows that the loss is followed on after every round. */
  readonly validation?: Labelled;
  /** Rounds without a better validation loss after which boosting stops; the trees after the best round are dropped. 0 never stops. */
  readonly earlyStopping?: number;
  /** Threads that share out each tree; the model's bits do not depend on it. */
  readonly threads?: number;
  /** Undefined takes WebAssembly where it is built. */
  readonly kernels?: "wasm" | "plain";
  readonly progress?: (done: number, total: number) => void;
}

export interface FitHistory {
  /** What `validation` holds. */
  readonly metric: string;
  /** Loss on the validation rows after each round; empty without validation rows. */
  readonly validation: readonly number[];
  /** Rounds that the model keeps. */
  readonly rounds: number;
  readonly kernels: "wasm" | "plain";
}

/** Histograms beyond this are refused rather than allocated. */
export const maxHistogramBytes = 2 ** 30;
