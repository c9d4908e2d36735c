// The engine that prices in the page: fetches the model once, then checks and prices rows without sending any.
// It imports nothing that the widget's own file holds: a chunk that imported widget.js back would run it twice under a hashed URL.
import { defaultCoverage } from "#core/bundle/conformal.ts";
import { describePrice, type PriceManifest } from "#core/bundle/price.ts";
import { checkRow } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Client } from "./client.ts";
import type { Engine, LoadRuntime } from "./engine.ts";

export interface BrowserEngineOptions {
  readonly client: Client;
  readonly spec: DatasetSpec;
  readonly modelId: string;
  readonly loadRuntime: LoadRuntime;
}

/** Loads the model and its manifest; the engine it resolves with makes no request at all. */
export async function loadBrowserEngine(options: BrowserEngineOptions): Promise<Engine> {
  const { client, spec, modelId } = options;
  const path = `/v1/${encodeURIComponent(spec.name)}/models/${encodeURIComponent(modelId)}`;
  const [model, manifest] = await Promise.all([
    client.bytes(`${path}/model.onnx`),
    client.json<PriceManifest>(path),
  ]);
  const runtime = await options.loadRuntime(model, spec);
  return {
    name: "browser",
    async price(row) {
      const start = performance.now();
      const checked = checkRow(spec, row);
      const [outputs] = await runtime.run([checked]);
      const priced = describePrice(spec, manifest, checked, outputs, defaultCoverage);
      if (!priced) throw new Error("the model gave no price for this");
      return {
        prediction: priced.prediction,
        unit: spec.target.unit,
        interval: priced.interval,
        modelId,
        warnings: priced.warnings,
        milliseconds: performance.now() - start,
      };
    },
  };
}
