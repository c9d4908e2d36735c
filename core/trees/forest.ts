// Trees made ready to evaluate rows fast: cut into parts that share columns of tests, each in the layout that suits it, the order of additions kept.
import { splitKind, type Tree } from "./ensemble.ts";
import { goesLeft } from "./margin.ts";
import { layOutPerfect, sumRow, sumRows } from "./perfect-trees.ts";
import { ColumnPlan, type TestColumns } from "./test-columns.ts";

/** Sums of leaves: what a float32 accumulator that starts at 0 and adds the trees in order holds in the end. */
export interface Forest {
  /** Writes [rows, outputs] sums of `rows` rows of [rows, features] float32 values (NaN is missing) to `sums`. */
  add(values: ArrayLike<number>, rows: number, sums: Float64Array): void;
}

/** Adds the trees of one part to `sums`. */
type Part = (values: ArrayLike<number>, rows: number, sums: Float64Array) => void;

/** Padding to a perfect tree pays up to this depth, or where it adds little. */
const alwaysPadded = 8;
const mostPadded = 14;
const paddingShare = 3;
/** Above this many bytes a part no longer stays in the fast caches from row to row: then each tree takes all rows at once. */
const cachedBytes = 512 * 1024;
/** Rows whose codes are held at once. */
const codedRows = 128;

export function compileForest(trees: readonly Tree[], features: number, outputs: number): Forest {
  const parts: Part[] = [];
  let from = 0;
  while (from < trees.length) {
    const plan = new ColumnPlan();
    let to = from;
    while (to < trees.length && isPaddable(trees[to]) && plan.add(trees[to])) to++;
    if (to > from) parts.push(perfectPart(trees.slice(from, to), plan.finish(), features, outputs));
    else {
      const tree = trees[to++];
      parts.push((values, rows, sums) => addTree(tree, values, features, rows, sums, outputs));
    }
    from = to;
  }
  return {
    add(values, rows, sums) {
      sums.fill(0, 0, rows * outputs);
      for (const part of parts) part(values, rows, sums);
    },
  };
}

function perfectPart(trees: readonly Tree[], columns: TestColumns, features: number, outputs: number): Part {
  const runs = cutIntoRuns(trees).map(({ members, depth }) => layOutPerfect(members, depth, columns));
  const bytes = runs.reduce((sum, { tests, leaves }) => sum + tests.byteLength + leaves.byteLength, 0);
  const stride = columns.count;
  const codes = new Uint8Array(Math.max(1, stride * codedRows));
  const rowByRow = outputs === 1 && bytes <= cachedBytes;
  return (values, rows, sums) => {
    if (rowByRow || (rows === 1 && outputs === 1)) {
      for (let row = 0; row < rows; row++) {
        columns.encode(values, row * features, codes, 0);
        let total = sums[row];
        for (const run of runs) total = sumRow(run, codes, total);
        sums[row] = total;
      }
      return;
    }
    for (let start = 0; start < rows; start += codedRows) {
      const count = Math.min(codedRows, rows - start);
      for (let row = 0; row < count; row++)
        columns.encode(values, (start + row) * features, codes, row * stride);
      const own = sums.subarray(start * outputs, (start + count) * outputs);
      for (const run of runs) sumRows(run, codes, stride, count, own, outputs);
    }
  };
}

/** Neighbouring trees padded to one depth: a shallower neighbour joins where that costs less than a run of its own. */
function cutIntoRuns(trees: readonly Tree[]): { members: Tree[]; depth: number }[] {
  const runs: { members: Tree[]; depth: number }[] = [];
  for (const tree of trees) {
    const depth = depthOf(tree);
    const last = runs[runs.length - 1];
    if (last && Math.abs(last.depth - depth) <= 1 && Math.max(depth, last.depth) <= alwaysPadded) {
      last.members.push(tree);
      last.depth = Math.max(last.depth, depth);
    } else if (last && last.depth === depth) last.members.push(tree);
    else runs.push({ members: [tree], depth });
  }
  return runs;
}

function depthOf(tree: Tree): number {
  const depth = new Uint16Array(tree.kind.length);
  let deepest = 0;
  for (let node = 0; node < tree.kind.length; node++) {
    deepest = Math.max(deepest, depth[node]);
    if (tree.kind[node] === splitKind.leaf) continue;
    depth[tree.left[node]] = depth[node] + 1;
    depth[tree.right[node]] = depth[node] + 1;
  }
  return deepest;
}

function isPaddable(tree: Tree): boolean {
  const depth = depthOf(tree);
  return (
    depth <= alwaysPadded || (depth <= mostPadded && 2 ** (depth + 1) <= paddingShare * tree.kind.length)
  );
}

/** A tree too lopsided to pad, node by node. */
function addTree(
  tree: Tree,
  values: ArrayLike<number>,
  features: number,
  rows: number,
  sums: Float64Array,
  outputs: number,
): void {
  for (let row = 0; row < rows; row++) {
    let node = 0;
    while (tree.kind[node] !== splitKind.leaf) {
      node = goesLeft(tree, node, values[row * features + tree.feature[node]])
        ? tree.left[node]
        : tree.right[node];
    }
    const at = row * outputs + tree.output;
    sums[at] = Math.fround(sums[at] + tree.value[node]);
  }
}
