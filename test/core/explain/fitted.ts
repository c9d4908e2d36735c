// Models of the made-up workshops beside what explains them, as a bundle holds both.
import type { Params } from "#core/bundle/manifest.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";
import type { Family } from "../../../trainer/families/family.ts";
import { families } from "../../../trainer/families/index.ts";
import { exportModel } from "../../../trainer/onnx/export.ts";
import { seeded } from "../../../trainer/random.ts";
import { drawWorkshops, workshops, workshopTable } from "../../synthetic-dataset.ts";

export interface Explained {
  readonly spec: DatasetSpec;
  readonly onnx: Uint8Array<ArrayBuffer>;
  /** explain.json, parsed. */
  readonly explanation: unknown;
  /** Rows that the model has not seen, some without their optional features. */
  readonly rows: readonly Row[];
  /** The evaluator's prices of any rows. */
  readonly priceOf: (rows: readonly Row[]) => Float64Array;
}

/** Fits a family on workshops; `params` change its first candidate. */
export async function fitExplained(
  name: "boosting" | "linear",
  params: Params = name === "boosting" ? { trees: 60 } : {},
  spec: DatasetSpec = workshops,
): Promise<Explained> {
  const family: Family = families[name] as Family;
  const settings = family.params.parse({ ...family.candidates(spec)[0].params, ...params });
  const drawn = drawWorkshops(700);
  const train = workshopTable(drawn.slice(0, 600));
  const model = await family.fit(settings, train, { spec, random: seeded(1) });
  const hashes = { specHash: "0", dataSha256: "0" };
  const { bytes } = await exportModel(model, { spec, family: name, ...hashes, params: settings, seed: 1 });
  const onnx = loadModel(bytes);
  return {
    ...{ spec, onnx: bytes },
    explanation: JSON.parse(JSON.stringify(model.explanation?.())),
    rows: drawn.slice(600).map(({ row }) => row),
    priceOf: (rows) => onnx.predict(feedsOf(spec, rows), rows.length),
  };
}
