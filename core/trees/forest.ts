// Trees made ready to evaluate many rows fast.
import { splitKind, type Tree } from "./ensemble.ts";
import { goesLeft } from "./margin.ts";

/** Sums of leaves: what a float32 accumulator that starts at 0 and adds the trees in order holds in the end. */
export interface Forest {
  /** Writes [rows, outputs] sums of `rows` rows of [rows, features] float32 values (NaN is missing) to `sums`. */
  add(values: ArrayLike<number>, rows: number, sums: Float64Array): void;
}

export function compileForest(trees: readonly Tree[], features: number, outputs: number): Forest {
  return {
    add(values, rows, sums) {
      sums.fill(0, 0, rows * outputs);
      for (let row = 0; row < rows; row++) {
        for (const tree of trees) {
          let node = 0;
          while (tree.kind[node] !== splitKind.leaf) {
            const value = values[row * features + tree.feature[node]];
            node = goesLeft(tree, node, value) ? tree.left[node] : tree.right[node];
          }
          const at = row * outputs + tree.output;
          sums[at] = Math.fround(sums[at] + tree.value[node]);
        }
      }
    },
  };
}
