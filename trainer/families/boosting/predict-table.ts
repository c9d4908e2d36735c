// What an ensemble answers for the rows of a table, many rows at a time.
import type { Table } from "#core/dataset/table.ts";
import { exponential } from "#core/onnx/exponential.ts";
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { compileForest } from "#core/trees/forest.ts";
import { encodeRow } from "#core/trees/margin.ts";

/** Answers of a one-output ensemble: the margin's float32 bits as the contract of TreeEnsemble has them, then the link. */
export function predictTable(ensemble: TreeEnsemble, table: Table): Float64Array {
  const margins = tableMargins(ensemble, table);
  return ensemble.link === "exp" ? margins.map(exponential) : margins;
}

/** Margins, row after row, one an output: the float32 bits that the contract of TreeEnsemble has. */
export function tableMargins({ features, trees, baseScore }: TreeEnsemble, table: Table): Float64Array {
  const outputs = baseScore.length;
  // A forest's sums start at 0, so each base score goes into the first tree of its output: the same additions, the same bits.
  const firsts = new Set(baseScore.map((_, output) => trees.findIndex((tree) => tree.output === output)));
  const started = trees.map((tree, index) =>
    firsts.has(index)
      ? { ...tree, value: tree.value.map((value) => Math.fround(baseScore[tree.output] + value)) }
      : tree,
  );
  const values = new Float32Array(table.rows * features.length);
  for (let row = 0; row < table.rows; row++)
    values.set(encodeRow(features, table, row), row * features.length);
  const margins = new Float64Array(table.rows * outputs);
  compileForest(started, features.length, outputs).add(values, table.rows, margins);
  return margins;
}
