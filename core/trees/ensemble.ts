// A fitted tree ensemble in plain typed arrays: what the booster makes, importers fill, the ONNX exporter writes and TreeSHAP reads.

/** How a split tests its feature. A missing value (NaN, or level -1) follows `defaultLeft` whatever the test. */
export const splitKind = {
  /** A leaf: no test. */
  leaf: 0,
  /** Left when value < threshold, both float32 (XGBoost's test, ONNX BRANCH_LT). */
  less: 1,
  /** Left when value <= threshold, both float32 (LightGBM's test after rounding thresholds down, ONNX BRANCH_LEQ). */
  lessOrEqual: 2,
  /** Left when the level is a member of the node's set. */
  memberLeft: 3,
} as const;

/** One tree; every array has one entry a node, node 0 is the root, children come after their parent. */
export interface Tree {
  readonly kind: Uint8Array;
  /** Index into the ensemble's `features`. */
  readonly feature: Int32Array;
  /** float32 threshold of a numeric split. */
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** 1 where a missing value goes left. */
  readonly defaultLeft: Uint8Array;
  /** Leaf value in margin space (learning rate applied), float32 exactly as it is added. */
  readonly value: Float32Array;
  /** Sum of hessians (or rows) that reached the node while fitting: TreeSHAP's weights. */
  readonly cover: Float32Array;
  /** Loss reduction of the split; 0 at leaves. */
  readonly gain: Float32Array;
  /** Level indices of `memberLeft` nodes, by node index. */
  readonly members: ReadonlyMap<number, readonly number[]>;
  /** Which output this tree adds to: 0 but for softmax. */
  readonly output: number;
  /** Splits on the longest path, where whoever made the tree knows. */
  readonly depth?: number;
}

export type EnsembleFeature = {
  readonly name: string;
  /** A number of 0 (up to `largestZero` either side), or the first level, counts as missing: LightGBM's zero_as_missing. */
  readonly zeroIsMissing?: boolean;
} & ({ readonly type: "number" } | { readonly type: "category"; readonly levels: readonly string[] });

/** LightGBM's kZeroThreshold: numbers this close to 0 are zeros. */
export const largestZero = 1e-35;

/**
 * How margins become the answer. "exp" undoes a log target or link, "square" a target fitted to its signed square root (m |m|);
 * "sigmoid" and "softmax" give probabilities.
 */
export type Link = "identity" | "exp" | "square" | "sigmoid" | "softmax";

/**
 * The margin of output k is float32: it starts at baseScore[k] and adds the leaves of that output's trees in order, rounding after each
 * addition (XGBoost's bits).
 */
export interface TreeEnsemble {
  readonly features: readonly EnsembleFeature[];
  readonly trees: readonly Tree[];
  /** Margin-space start, one an output. */
  readonly baseScore: readonly number[];
  readonly link: Link;
}
