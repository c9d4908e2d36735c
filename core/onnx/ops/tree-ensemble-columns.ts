// The node table of a tree ensemble in ONNX as columns, before any tree is made of it.
import { splitKind } from "../../trees/ensemble.ts";
import type { NodeProto } from "../model-proto.ts";

/** The columns of the table, equally long. */
export interface Columns {
  readonly node: NodeProto;
  readonly treeIds: ArrayLike<number>;
  readonly nodeIds: ArrayLike<number>;
  readonly features: ArrayLike<number>;
  /** Of `nodeModes`; what a node that is none of them says is in `modeText`. */
  readonly modes: Uint8Array;
  readonly modeText: (row: number) => string;
  readonly values: ArrayLike<number>;
  readonly whenTrue: ArrayLike<number>;
  readonly whenFalse: ArrayLike<number>;
  readonly missingTrue: ArrayLike<number> | undefined;
  /** What the leaves add, by row of the table. */
  readonly weights: Float32Array;
}

/** Rows `start` to `end` of the table are one tree; `rowOf` finds the row of a node id. */
export interface Segment {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  /** Node ids are 0, 1, 2, ... in the order of the rows. */
  readonly isCounted: boolean;
  readonly rowOf: (nodeId: number) => number | undefined;
  /** -1 until a weight says it. */
  output: number;
}

/** Modes as bytes; those that our own kinds of split say are their numbers. */
export const nodeModes = {
  LEAF: splitKind.leaf,
  BRANCH_LT: splitKind.less,
  BRANCH_LEQ: splitKind.lessOrEqual,
  BRANCH_GTE: 3,
  BRANCH_GT: 4,
  BRANCH_EQ: 5,
  BRANCH_NEQ: 6,
  unknown: 7,
} as const;
