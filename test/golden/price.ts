// The golden rows as every runtime must price them: by the evaluator and the shared arithmetic of intervals.
import { defaultCoverage } from "#core/bundle/conformal.ts";
import { describePrice, outputsByRow, type Price, type PriceManifest } from "#core/bundle/price.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";

/** Price and interval of every row, at the coverage that callers get unasked. */
export function priceGolden(
  spec: DatasetSpec,
  manifest: PriceManifest,
  onnx: Uint8Array,
  rows: readonly Row[],
): Price[] {
  const outputs = outputsByRow(loadModel(onnx).run(feedsOf(spec, rows), rows.length), rows.length);
  return rows.map((row, at) => {
    const price = describePrice(spec, manifest, row, outputs[at], defaultCoverage);
    if (!price) throw new RangeError(`golden row ${at} has no price`);
    return price;
  });
}
