// What a one-output ensemble answers for the rows of a table, many rows at a time.
import type { Table } from "#core/dataset/table.ts";
import { exponential } from "#core/onnx/exponential.ts";
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { compileForest } from "#core/trees/forest.ts";
import { encodeRow } from "#core/trees/margin.ts";

/** Answers of a one-output ensemble: the margin's float32 bits as the contract of TreeEnsemble has them, then the link. */
export function predictTable(ensemble: TreeEnsemble, table: Table): Float64Array {
  const { features, trees, baseScore, link } = ensemble;
  // A forest's sums start at 0, so the base score goes into the first tree: the same additions, the same bits.
  const started = trees.map((tree, index) =>
    index === 0 ? { ...tree, value: tree.value.map((value) => Math.fround(baseScore[0] + value)) } : tree,
  );
  const values = new Float32Array(table.rows * features.length);
  for (let row = 0; row < table.rows; row++)
    values.set(encodeRow(features, table, row), row * features.length);
  const margins = new Float64Array(table.rows);
  compileForest(started, features.length, 1).add(values, table.rows, margins);
  return link === "exp" ? margins.map(exponential) : margins;
}
