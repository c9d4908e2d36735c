// The tests of a group of trees as columns of bytes: once a row is encoded, every test is "code above rank", exactly and without NaN.
// A number's code counts the thresholds that are not above it, so x < t becomes code <= rank of t. A missing value gets the lowest code in a
// column whose tests send it left and the highest where they send it right, so both never share a column. Sets of levels: see level-sets.ts.
import { splitKind, type Tree } from "./ensemble.ts";
import { nextFloat } from "./float32.ts";
import { LevelSets } from "./level-sets.ts";

/** A test as column * 256 + rank: right where the row's code in that column is above the rank. */
export type PackedTest = number;
/** Never right. */
export const alwaysLeft: PackedTest = 255;
/** Columns fit a byte, and codes too: 0 to 254, and 255 for a missing value that goes right. */
export const maxColumns = 256;
export const maxCuts = 254;
export const missingRight = 255;

export interface TestColumns {
  readonly count: number;
  /** Writes the codes of one row of `values`, which starts at `from`, to `codes` from `to`. */
  encode(values: ArrayLike<number>, from: number, codes: Uint8Array, to: number): void;
  /** The test at a split of one of the trees. */
  testOf(tree: Tree, node: number): PackedTest;
}

interface CutColumn {
  readonly feature: number;
  readonly missing: number;
  /** Rising. */
  readonly cuts: Float64Array;
}

/** Collects the tests of trees until they need more columns than there are. */
export class ColumnPlan {
  private columns = 0;
  /** By feature and way of missing values: the bits of each threshold, with its test once the plan is finished. */
  private readonly groups = new Map<number, Map<number, PackedTest>>();
  private readonly sets = new LevelSets();

  /** Whether there was room for all tests of the tree; where not, the tree is no part of the plan. */
  add(tree: Tree): boolean {
    const { kind } = tree;
    for (let node = 0; node < kind.length; node++) {
      if (kind[node] === splitKind.leaf) continue;
      if (kind[node] === splitKind.memberLeft) {
        const added = this.sets.add(tree, node, maxColumns - this.columns);
        if (added < 0) return false;
        this.columns += added;
        continue;
      }
      const key = groupOf(tree, node);
      let group = this.groups.get(key);
      if (!group) {
        group = new Map();
        this.groups.set(key, group);
      }
      const cut = cutOf(tree, node);
      if (group.has(cut)) continue;
      if (group.size % maxCuts === 0) {
        if (this.columns === maxColumns) return false;
        this.columns++;
      }
      group.set(cut, alwaysLeft);
    }
    return true;
  }

  finish(): TestColumns {
    const cutColumns: CutColumn[] = [];
    for (const [key, group] of this.groups) {
      const bits = [...group.keys()].sort((a, b) => valueOfCut(a) - valueOfCut(b));
      const cuts = Float64Array.from(bits, valueOfCut);
      for (let start = 0; start < cuts.length; start += maxCuts) {
        const own = cuts.subarray(start, start + maxCuts);
        for (let rank = 0; rank < own.length; rank++) {
          group.set(bits[start + rank], cutColumns.length * 256 + rank);
        }
        cutColumns.push({ feature: key >> 1, missing: key % 2 ? 0 : missingRight, cuts: own });
      }
    }
    const sets = this.sets.finish(cutColumns.length);
    return {
      count: this.columns,
      encode: (values, from, codes, to) => {
        for (let column = 0; column < cutColumns.length; column++) {
          const { feature, missing, cuts } = cutColumns[column];
          const value = values[from + feature];
          codes[to + column] = Number.isNaN(value) ? missing : countUpTo(cuts, value);
        }
        sets.encode(values, from, codes, to);
      },
      testOf: (tree, node) =>
        tree.kind[node] === splitKind.memberLeft
          ? sets.testOf(tree, node)
          : (this.groups.get(groupOf(tree, node))?.get(cutOf(tree, node)) ?? alwaysLeft),
    };
  }
}

/** Splits of one feature that send missing values the same way. */
function groupOf(tree: Tree, node: number): number {
  return tree.feature[node] * 2 + tree.defaultLeft[node];
}

const float = new Float32Array(1);
const floatBits = new Int32Array(float.buffer);

/** The threshold as "left below it", by its bits: a map finds small integers several times faster than fractions. */
function cutOf(tree: Tree, node: number): number {
  const threshold = tree.threshold[node];
  float[0] = tree.kind[node] === splitKind.lessOrEqual ? nextFloat(threshold) : threshold;
  return floatBits[0];
}

function valueOfCut(bits: number): number {
  floatBits[0] = bits;
  return float[0];
}

/** How many of the rising `cuts` are not above `value`. */
function countUpTo(cuts: Float64Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cuts[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
