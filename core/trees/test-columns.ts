// The tests of a group of trees as columns of bytes: once a row is encoded, every test is "code above rank", exactly and without NaN.
// A number's code counts the thresholds that are not above it, so x < t becomes code <= rank of t. A missing value gets the lowest code in a
// column whose tests send it left and the highest where they send it right, so both never share a column. Sets of levels: see level-sets.ts.
import { CutTable } from "./cut-table.ts";
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
  /** The test at each node of the trees, in the order in which they were added; anything at leaves. */
  readonly tests: Uint16Array;
}

interface CutColumn {
  readonly feature: number;
  readonly missing: number;
  /** Rising. */
  readonly cuts: Float64Array;
}

/** Stands for a split by a set of levels among the numbers of cuts. */
const inSet = -1;
const inLeaf = -2;

/** Collects the tests of trees until they need more columns than there are. */
export class ColumnPlan {
  private columns = 0;
  private readonly cuts = new CutTable();
  /** How many cuts a group has. */
  private readonly groupSizes = new Map<number, number>();
  private readonly sets = new LevelSets();
  private readonly trees: Tree[] = [];
  /** The cut at each node of each tree, or what it is instead. */
  private readonly nodeCuts: Int32Array[] = [];

  /** Whether there was room for all tests of the tree; where not, the tree is no part of the plan. */
  add(tree: Tree): boolean {
    const { kind, feature, defaultLeft } = tree;
    const bits = cutBitsOf(tree);
    const own = new Int32Array(kind.length);
    for (let node = 0; node < kind.length; node++) {
      if (kind[node] === splitKind.leaf) {
        own[node] = inLeaf;
        continue;
      }
      if (kind[node] === splitKind.memberLeft) {
        const added = this.sets.add(tree, node, maxColumns - this.columns);
        if (added < 0) return false;
        this.columns += added;
        own[node] = inSet;
        continue;
      }
      // Splits of one feature that send missing values the same way.
      const group = feature[node] * 2 + defaultLeft[node];
      const before = this.cuts.count;
      const cut = this.cuts.find(group, bits[node]);
      own[node] = cut;
      if (cut < before) continue;
      const size = this.groupSizes.get(group) ?? 0;
      if (size % maxCuts === 0) {
        if (this.columns === maxColumns) return false;
        this.columns++;
      }
      this.groupSizes.set(group, size + 1);
    }
    this.trees.push(tree);
    this.nodeCuts.push(own);
    return true;
  }

  finish(): TestColumns {
    const cutColumns: CutColumn[] = [];
    const testOfCut = this.rankCuts(cutColumns);
    const sets = this.sets.finish(cutColumns.length);
    const tests = new Uint16Array(this.nodeCuts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (let index = 0; index < this.trees.length; index++) {
      const own = this.nodeCuts[index];
      for (let node = 0; node < own.length; node++, at++) {
        const cut = own[node];
        if (cut >= 0) tests[at] = testOfCut[cut];
        else if (cut === inSet) tests[at] = sets.testOf(this.trees[index], node);
      }
    }
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
      tests,
    };
  }

  /** Sorts each group's cuts into columns; the test of every cut. */
  private rankCuts(columns: CutColumn[]): Uint16Array {
    const { count, groups, values } = this.cuts;
    const testOfCut = new Uint16Array(count);
    const members = new Map<number, number[]>();
    for (const group of this.groupSizes.keys()) members.set(group, []);
    // The last cut of a tree that had no room may have no column.
    for (let cut = 0; cut < count; cut++) members.get(groups[cut])?.push(cut);
    for (const [group, own] of members) {
      own.length = this.groupSizes.get(group) ?? 0;
      const sorted = Float64Array.from(own, (cut) => values[cut]).sort();
      const first = columns.length;
      for (let start = 0; start < sorted.length; start += maxCuts) {
        columns.push({
          feature: group >> 1,
          missing: group % 2 ? 0 : missingRight,
          cuts: sorted.subarray(start, start + maxCuts),
        });
      }
      for (const cut of own) {
        // Both zeros are one value: they share the lower rank, where a test asks the same of a row.
        const rank = countBelow(sorted, values[cut]);
        testOfCut[cut] = (first + Math.floor(rank / maxCuts)) * 256 + (rank % maxCuts);
      }
    }
    return testOfCut;
  }
}

/** The thresholds of a tree as "left below it", by their bits. */
function cutBitsOf(tree: Tree): Int32Array {
  const cuts = tree.threshold.slice();
  const { kind } = tree;
  for (let node = 0; node < kind.length; node++)
    if (kind[node] === splitKind.lessOrEqual) cuts[node] = nextFloat(cuts[node]);
  return new Int32Array(cuts.buffer);
}

/** How many of the rising `sorted` are below `value`. */
function countBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
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
