// The reference predictor: what every faster layout, the exported graph and the explanations must agree with, bit for bit.
import type { Table } from "../dataset/table.ts";
import { exponential } from "../onnx/exponential.ts";
import {
  type EnsembleFeature,
  type Link,
  largestZero,
  splitKind,
  type Tree,
  type TreeEnsemble,
} from "./ensemble.ts";

/** Row `index` of `table` in the ensemble's feature order: numbers as float32, levels as their code, NaN where missing. */
export function encodeRow(features: readonly EnsembleFeature[], table: Table, index: number): Float32Array {
  const row = new Float32Array(features.length);
  features.forEach((feature, at) => {
    const value = table.columns[feature.name][index];
    row[at] = isMissing(feature, value) ? Number.NaN : value;
  });
  return row;
}

function isMissing(feature: EnsembleFeature, value: number): boolean {
  if (feature.type === "category" && value < 0) return true;
  return feature.zeroIsMissing === true && Math.abs(value) <= largestZero;
}

/** Index of the leaf of `tree` that `row` (as encodeRow gives it) falls into. */
export function leafOf(tree: Tree, row: Float32Array): number {
  let node = 0;
  while (tree.kind[node] !== splitKind.leaf) {
    node = goesLeft(tree, node, row[tree.feature[node]]) ? tree.left[node] : tree.right[node];
  }
  return node;
}

/** Which way `value`, a float32 number or level code, goes at a split. */
export function goesLeft(tree: Tree, node: number, value: number): boolean {
  if (Number.isNaN(value)) return tree.defaultLeft[node] === 1;
  switch (tree.kind[node]) {
    case splitKind.less:
      return value < tree.threshold[node];
    case splitKind.lessOrEqual:
      return value <= tree.threshold[node];
    default:
      return tree.members.get(node)?.includes(value) ?? false;
  }
}

/** Margins of one encoded row, one an output: float32 sums that start at the base score and round after each tree. */
export function rowMargins(ensemble: TreeEnsemble, row: Float32Array): Float32Array {
  const margins = Float32Array.from(ensemble.baseScore);
  // A Float32Array rounds on every store, which is the Math.fround that the contract asks for.
  for (const tree of ensemble.trees) margins[tree.output] += tree.value[leafOf(tree, row)];
  return margins;
}

/** Margins of every row of `table`, row-major [rows, outputs]. */
export function tableMargins(ensemble: TreeEnsemble, table: Table): Float32Array {
  const outputs = ensemble.baseScore.length;
  const margins = new Float32Array(table.rows * outputs);
  for (let row = 0; row < table.rows; row++) {
    margins.set(rowMargins(ensemble, encodeRow(ensemble.features, table, row)), row * outputs);
  }
  return margins;
}

/** Undoes a signed square root. */
export function signedSquare(margin: number): number {
  return margin * Math.abs(margin);
}

/** What margins say: values for "identity", "exp" and "square", one probability for "sigmoid", one a class for "softmax". */
export function applyLink(link: Link, margins: ArrayLike<number>): number[] {
  const values = Array.from(margins);
  switch (link) {
    case "identity":
      return values;
    case "exp":
      return values.map(exponential);
    case "square":
      return values.map(signedSquare);
    case "sigmoid":
      return values.map((margin) => 1 / (1 + exponential(-margin)));
    case "softmax": {
      const largest = Math.max(...values);
      const weights = values.map((margin) => exponential(margin - largest));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => weight / total);
    }
  }
}
