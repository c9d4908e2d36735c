// Prices of checked rows by one loaded model, with intervals and warnings.

import type { FieldError } from "#core/api/problem.ts";
import { type Interval, intervalAround } from "#core/bundle/conformal.ts";
import type { Manifest } from "#core/bundle/manifest.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { rangeWarnings } from "#core/dataset/training-range.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import type { OnnxModel } from "#core/onnx/model.ts";

/** A model as an isolate keeps it: everything that a price needs. */
export interface ServedModel {
  readonly id: string;
  readonly bundle: string;
  /** The spec that the model was fitted to: rows are checked against this one. */
  readonly spec: DatasetSpec;
  readonly manifest: Pick<Manifest, "id" | "family" | "conformal" | "ranges" | "files">;
  readonly onnx: OnnxModel;
}

export interface Price {
  readonly prediction: number;
  readonly interval: Interval;
  readonly warnings: FieldError[];
}

/** One price a row; undefined where the model gives no finite number. */
export function priceRows(model: ServedModel, rows: readonly Row[], coverage: number): (Price | undefined)[] {
  if (rows.length === 0) return [];
  const predictions = model.onnx.predict(feedsOf(model.spec, rows), rows.length);
  const { conformal, ranges } = model.manifest;
  return rows.map((row, at) => {
    const prediction = predictions[at];
    if (!Number.isFinite(prediction)) return undefined;
    return {
      prediction,
      interval: intervalAround(conformal, prediction, coverage),
      warnings: rangeWarnings(ranges, row),
    };
  });
}
