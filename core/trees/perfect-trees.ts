// Trees padded to perfect ones: no child pointers, no leaf tests, four trees or four rows on the way at once, so that their loads overlap.
import { splitKind, type Tree } from "./ensemble.ts";
import { alwaysLeft } from "./packed-test.ts";
import { inSet, type TestColumns } from "./test-columns.ts";

/** Trees of one padded depth; heap order, so node i leads to 2i and 2i + 1. */
export interface PerfectTrees {
  readonly depth: number;
  readonly count: number;
  /** [tree, 2^depth] packed tests, the first of each unused. */
  readonly tests: Uint16Array;
  /** [tree, 2^depth] values. */
  readonly leaves: Float32Array;
  readonly outputs: Uint16Array;
}

/** `trees` are those of the columns from `firstTree` on. */
export function layOutPerfect(
  trees: readonly Tree[],
  depth: number,
  { nodeCuts, testOfCut, testOfSet }: TestColumns,
  firstTree: number,
): PerfectTrees {
  const size = 1 << depth;
  const tests = new Uint16Array(trees.length * size).fill(alwaysLeft);
  const leaves = new Float32Array(trees.length * size);
  const largest = trees.reduce((most, { kind }) => Math.max(most, kind.length), 0);
  /** Where each node of a tree goes, in heap order; children come after their parent. */
  const places = new Int32Array(largest);
  for (let index = 0; index < trees.length; index++) {
    const { kind, left, right, value } = trees[index];
    const cuts = nodeCuts[firstTree + index];
    const start = index * size;
    places[0] = 1;
    for (let node = 0; node < kind.length; node++) {
      const at = places[node];
      if (kind[node] !== splitKind.leaf) {
        const cut = cuts[node];
        tests[start + at] = cut === inSet ? testOfSet(firstTree + index, node) : testOfCut[cut];
        places[left[node]] = at * 2;
        places[right[node]] = at * 2 + 1;
      } else if (at >= size) leaves[start + at - size] = value[node];
      else {
        // A leaf above the last level fills every place below it.
        const width = size >> (31 - Math.clz32(at));
        leaves.fill(value[node], start + at * width - size, start + (at + 1) * width - size);
      }
    }
  }
  return {
    depth,
    count: trees.length,
    tests,
    leaves,
    outputs: Uint16Array.from(trees, (tree) => tree.output),
  };
}

/** Adds the trees in order to `sum`, rounding after each, for the row whose codes start at `from`. */
export function sumRow(
  { depth, count, tests, leaves }: PerfectTrees,
  codes: Uint8Array,
  sum: number,
): number {
  const size = 1 << depth;
  let total = sum;
  let tree = 0;
  for (; tree + 4 <= count; tree += 4) {
    const a = tree * size;
    const b = a + size;
    const c = b + size;
    const d = c + size;
    let i = 1;
    let j = 1;
    let k = 1;
    let l = 1;
    for (let level = 0; level < depth; level++) {
      const s = tests[a + i];
      const t = tests[b + j];
      const u = tests[c + k];
      const v = tests[d + l];
      // The sign bit of rank - code is 1 where the code is above the rank.
      i = (i << 1) | (((s & 255) - codes[s >> 8]) >>> 31);
      j = (j << 1) | (((t & 255) - codes[t >> 8]) >>> 31);
      k = (k << 1) | (((u & 255) - codes[u >> 8]) >>> 31);
      l = (l << 1) | (((v & 255) - codes[v >> 8]) >>> 31);
    }
    total = Math.fround(total + leaves[a + i - size]);
    total = Math.fround(total + leaves[b + j - size]);
    total = Math.fround(total + leaves[c + k - size]);
    total = Math.fround(total + leaves[d + l - size]);
  }
  for (; tree < count; tree++)
    total = Math.fround(total + leafOfRow(tests, leaves, depth, tree * size, codes, 0));
  return total;
}

/** Adds the trees in order to the sums of each of `rows` rows, whose codes lie `stride` apart. */
export function sumRows(
  { depth, count, tests, leaves, outputs }: PerfectTrees,
  codes: Uint8Array,
  stride: number,
  rows: number,
  sums: Float64Array,
  width: number,
): void {
  const size = 1 << depth;
  const even = rows - (rows % 4);
  for (let tree = 0; tree < count; tree++) {
    const start = tree * size;
    const first = start - size;
    const output = outputs[tree];
    for (let row = 0; row < even; row += 4) {
      const a = row * stride;
      const b = a + stride;
      const c = b + stride;
      const d = c + stride;
      let i = 1;
      let j = 1;
      let k = 1;
      let l = 1;
      for (let level = 0; level < depth; level++) {
        const s = tests[start + i];
        const t = tests[start + j];
        const u = tests[start + k];
        const v = tests[start + l];
        i = (i << 1) | (((s & 255) - codes[a + (s >> 8)]) >>> 31);
        j = (j << 1) | (((t & 255) - codes[b + (t >> 8)]) >>> 31);
        k = (k << 1) | (((u & 255) - codes[c + (u >> 8)]) >>> 31);
        l = (l << 1) | (((v & 255) - codes[d + (v >> 8)]) >>> 31);
      }
      const at = row * width + output;
      sums[at] = Math.fround(sums[at] + leaves[first + i]);
      sums[at + width] = Math.fround(sums[at + width] + leaves[first + j]);
      sums[at + 2 * width] = Math.fround(sums[at + 2 * width] + leaves[first + k]);
      sums[at + 3 * width] = Math.fround(sums[at + 3 * width] + leaves[first + l]);
    }
    for (let row = even; row < rows; row++) {
      const at = row * width + output;
      sums[at] = Math.fround(sums[at] + leafOfRow(tests, leaves, depth, start, codes, row * stride));
    }
  }
}

function leafOfRow(
  tests: Uint16Array,
  leaves: Float32Array,
  depth: number,
  start: number,
  codes: Uint8Array,
  from: number,
): number {
  let i = 1;
  for (let level = 0; level < depth; level++) {
    const test = tests[start + i];
    i = (i << 1) | (((test & 255) - codes[from + (test >> 8)]) >>> 31);
  }
  return leaves[start + i - (1 << depth)];
}
