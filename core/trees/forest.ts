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
  const depths = depthsOf(trees);
  let from = 0;
  while (from < trees.length) {
    const plan = new ColumnPlan();
    let to = from;
    while (to < trees.length && isPaddable(trees[to], depths[to]) && plan.add(trees[to])) to++;
    if (to > from) {
      const members = { trees: trees.slice(from, to), depths: depths.subarray(from, to) };
      parts.push(perfectPart(members, plan.finish(), features, outputs));
    } else {
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

/** Trees with the depth of each. */
interface Members {
  readonly trees: readonly Tree[];
  readonly depths: Uint16Array;
}

function perfectPart(members: Members, columns: TestColumns, features: number, outputs: number): Part {
  let first = 0;
  const runs = cutIntoRuns(members).map(({ trees, depth }) => {
    first += trees.length;
    return layOutPerfect(trees, depth, columns, first - trees.length);
  });
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
function cutIntoRuns({ trees, depths }: Members): { trees: Tree[]; depth: number }[] {
  const runs: { trees: Tree[]; depth: number }[] = [];
  for (let index = 0; index < trees.length; index++) {
    const tree = trees[index];
    const depth = depths[index];
    const last = runs[runs.length - 1];
    if (last && Math.abs(last.depth - depth) <= 1 && Math.max(depth, last.depth) <= alwaysPadded) {
      last.trees.push(tree);
      last.depth = Math.max(last.depth, depth);
    } else if (last && last.depth === depth) last.trees.push(tree);
    else runs.push({ trees: [tree], depth });
  }
  return runs;
}

function depthsOf(trees: readonly Tree[]): Uint16Array {
  const depth = new Uint16Array(trees.reduce((most, { kind }) => Math.max(most, kind.length), 0));
  const depths = new Uint16Array(trees.length);
  for (let index = 0; index < trees.length; index++) {
    const { kind, left, right, depth: known } = trees[index];
    if (known !== undefined) {
      depths[index] = known;
      continue;
    }
    let deepest = 0;
    depth[0] = 0;
    for (let node = 0; node < kind.length; node++) {
      const own = depth[node];
      if (own > deepest) deepest = own;
      if (kind[node] === splitKind.leaf) continue;
      depth[left[node]] = own + 1;
      depth[right[node]] = own + 1;
    }
    depths[index] = deepest;
  }
  return depths;
}

function isPaddable(tree: Tree, depth: number): boolean {
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
