// The hot loops of boosting as one contract with two makers: WebAssembly, and plain TypeScript as fallback and oracle. Same bits from both.
import type { MemoryPlan } from "./layout.ts";
import type { SharedMemory } from "./webassembly.ts";

/**
 * Addresses are byte offsets into the shared memory. A list of rows is the address of its uint32 numbers, or 0 for the rows themselves
 * in order. Histograms hold exact integer sums, so no order of adding and no number of threads changes a bit of them.
 */
export interface Kernels {
  readonly name: "wasm" | "plain";

  /** Zeroes `bytes` bytes. */
  clear(address: number, bytes: number): void;
  /** Adds rows `start` to `start + count` of `list` to `histogram`, over `runs` runs of adjacent columns. */
  histogram(list: number, start: number, count: number, runs: number, histogram: number): void;
  /** into += from, over a whole slot. */
  addHistogram(into: number, from: number): void;
  /** from -= what, over a whole slot. */
  subtractHistogram(from: number, what: number): void;
  /** Fixed-point gradient, hessian and row count of each of a feature's bins. */
  readHistogram(histogram: number, feature: number, bins: number, out: HistogramBins): void;

  /**
   * Finds the best split of a node by number features among `count` columns listed at `columns`; writes it into the node record where it
   * beats the gain that stands there.
   */
  findSplit(node: number, histogram: number, columns: number, count: number): void;

  /** Sorts all rows of a node by the routing table: those that go left from the front of `out`, the others from its end. */
  partitionNode(
    list: number,
    start: number,
    count: number,
    feature: number,
    table: number,
    out: number,
  ): void;
  /**
   * Sorts some rows into two lists by the routing table, walking from `start` by `step` (1 or -1); `left` and `right` are where the first row of each side goes.
   */
  partition(
    list: number,
    start: number,
    count: number,
    feature: number,
    table: number,
    left: number,
    right: number,
    step: number,
  ): void;
  /** margin += value for the listed rows. */
  addValue(list: number, start: number, count: number, value: number, margins: number): void;
  /** The same with one of two values by the routing table: the last split of a branch needs no row list. */
  addSplitValues(
    list: number,
    start: number,
    count: number,
    feature: number,
    table: number,
    leftValue: number,
    rightValue: number,
    margins: number,
  ): void;
  /** The same for rows that no list sorted: each walks the tree from its root. */
  walk(list: number, start: number, count: number, margins: number): void;

  /** Squared error: gradient = margin - target, float32, for rows from..to; returns the largest magnitude. */
  residuals(from: number, to: number, margins: number): number;
  /** Largest magnitude in one lane of the float32 gradients. */
  largest(from: number, to: number, lane: number): number;
  /** Turns the float32 gradients into int32 fixed point, in place. */
  quantize(from: number, to: number, gradientScale: number, hessianScale: number): void;

  /** Sorts `count` uint32 keys in place; `scratch` has the same size. */
  sortKeys(keys: number, scratch: number, count: number): void;
  /** Order-keeping uint32 keys of a float32 column without its missing values; returns how many there are. */
  toKeys(column: number, rows: number, keys: number): number;
  /** Writes the bin of each value (how many of `cuts` are at or below it, `missingBin` for NaN) into the feature's byte of each row. */
  binColumn(
    column: number,
    rows: number,
    cuts: number,
    cutCount: number,
    missingBin: number,
    feature: number,
  ): void;
}

export interface HistogramBins {
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly counts: Float64Array;
}

/** Kernels of one thread of the plan's, the caller's being 0. */
export type MakeKernels = (memory: SharedMemory, plan: MemoryPlan, thread: number) => Kernels;
