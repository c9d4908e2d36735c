// Prices of checked rows by one loaded model, with intervals, what was not given, and warnings.

import type { FieldError } from "#core/api/problem.ts";
import type { Manifest } from "#core/bundle/manifest.ts";
import { describePrice, outputsByRow, type Price } from "#core/bundle/price.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import type { OnnxModel } from "#core/onnx/model.ts";

export type { Price };

/** A model as an isolate keeps it: everything that a price needs. */
export interface ServedModel {
  readonly id: string;
  readonly bundle: string;
  /** The spec that the model was fitted to: rows are checked against this one. */
  readonly spec: DatasetSpec;
  readonly manifest: Pick<
    Manifest,
    "id" | "family" | "conformal" | "ranges" | "relations" | "training" | "files"
  >;
  readonly onnx: OnnxModel;
  /** Bytes of its ONNX, the measure of what it takes in memory. */
  readonly bytes: number;
}

/** How an answer names the model; `alias` is what was asked for, null where it was an id. */
export interface PricedBy {
  readonly id: string;
  readonly family: string;
  readonly alias: string | null;
}

export const notFinite: FieldError = { pointer: "", detail: "the model gives no finite price for this row" };

/** One price a row; undefined where the model gives no finite number. */
export function priceRows(model: ServedModel, rows: readonly Row[], coverage: number): (Price | undefined)[] {
  if (rows.length === 0) return [];
  const { spec, manifest, onnx } = model;
  const outputs = outputsByRow(onnx.run(feedsOf(spec, rows), rows.length), rows.length);
  return rows.map((row, at) => describePrice(spec, manifest, row, outputs[at], coverage));
}
