// The tests of a group of trees as columns of bytes: once a row is encoded, every test is "code above rank", exactly and without NaN.
// A number's code counts the thresholds that are not above it, so x < t becomes code <= rank of t. A missing value gets the lowest code in a
// column whose tests send it left and the highest where they send it right, so both never share a column. Sets of levels: see level-sets.ts.
import { CutTable } from "./cut-table.ts";
import { splitKind, type Tree } from "./ensemble.ts";
import { nextFloat } from "./float32.ts";
import { LevelSets } from "./level-sets.ts";
import { maxColumns, maxCuts, missingRight, type PackedTest } from "./packed-test.ts";

export interface TestColumns {
  readonly count: number;
  /** Writes the codes of one row of `values`, which starts at `from`, to `codes` from `to`. */
  encode(values: ArrayLike<number>, from: number, codes: Uint8Array, to: number): void;
  /** By tree, in the order in which they were added, and node: the number of a cut, or `inSet`; anything at leaves. */
  readonly nodeCuts: readonly Int32Array[];
  readonly testOfCut: Uint16Array;
  /** The test at a split by a set of levels. */
  testOfSet(tree: number, node: number): PackedTest;
}

interface CutColumn {
  readonly feature: number;
  readonly missing: number;
  /** Rising. */
  readonly cuts: Float64Array;
}

/** Stands for a split by a set of levels among the numbers of cuts. */
export const inSet = -1;

/** Collects the tests of trees until they need more columns than there are. */
export class ColumnPlan {
  private columns = 0;
  private readonly cuts = new CutTable();
  /** How many cuts a group has. */
  private readonly groupSizes = new Map<number, number>();
  private readonly sets = new LevelSets();
  private readonly trees: Tree[] = [];
  private readonly nodeCuts: Int32Array[] = [];

  /** Whether there was room for all tests of the tree; where not, the tree is no part of the plan. */
  add(tree: Tree): boolean {
    const { kind, feature, defaultLeft, threshold } = tree;
    const bits = new Int32Array(threshold.buffer, threshold.byteOffset, threshold.length);
    const own = new Int32Array(kind.length);
    const { cuts } = this;
    for (let node = 0; node < kind.length; node++) {
      const test = kind[node];
      if (test === splitKind.leaf) continue;
      if (test === splitKind.memberLeft) {
        const added = this.sets.add(tree, node, maxColumns - this.columns);
        if (added < 0) return false;
        this.columns += added;
        own[node] = inSet;
        continue;
      }
      // Splits of one feature that send missing values the same way.
      const group = feature[node] * 2 + defaultLeft[node];
      const before = cuts.count;
      const cut = cuts.find(group, test === splitKind.less ? bits[node] : nextBits(threshold[node]));
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
      nodeCuts: this.nodeCuts,
      testOfCut,
      testOfSet: (tree, node) => sets.testOf(this.trees[tree], node),
    };
  }

  /** Sorts each group's cuts into columns; the test of every cut. */
  private rankCuts(columns: CutColumn[]): Uint16Array {
    const { count, groups, bits } = this.cuts;
    const testOfCut = new Uint16Array(count);
    const members = new Map<number, Float64Array>();
    const filled = new Map<number, number>();
    for (const [group, size] of this.groupSizes) members.set(group, new Float64Array(size));
    // Bits in the order of their floats, and the cut behind them: numbers that the engine sorts by itself.
    for (let cut = 0; cut < count; cut++) {
      const group = groups[cut];
      const own = members.get(group);
      const at = filled.get(group) ?? 0;
      // The last cut of a tree that had no room may have no column.
      if (!own || at === own.length) continue;
      const rising = bits[cut] < 0 ? bits[cut] ^ 0x7fffffff : bits[cut];
      own[at] = rising * mostCuts + cut;
      filled.set(group, at + 1);
    }
    for (const [group, own] of members) {
      own.sort();
      const first = columns.length;
      const cuts = new Float64Array(own.length);
      for (let rank = 0; rank < own.length; rank++) {
        const cut = own[rank] - Math.floor(own[rank] / mostCuts) * mostCuts;
        cuts[rank] = floatOf(bits[cut]);
        testOfCut[cut] = (first + Math.floor(rank / maxCuts)) * 256 + (rank % maxCuts);
      }
      for (let start = 0; start < cuts.length; start += maxCuts) {
        const missing = group % 2 ? 0 : missingRight;
        columns.push({ feature: group >> 1, missing, cuts: cuts.subarray(start, start + maxCuts) });
      }
    }
    return testOfCut;
  }
}

/** More than a plan ever has, and a power of two. */
const mostCuts = 2 ** 17;

const float = new Float32Array(1);
const floatBits = new Int32Array(float.buffer);

function floatOf(bits: number): number {
  floatBits[0] = bits;
  return float[0];
}

/** The bits of the float32 above `threshold`: "at most" it is "below" that one. */
function nextBits(threshold: number): number {
  float[0] = nextFloat(threshold);
  return floatBits[0];
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
