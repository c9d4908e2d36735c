// The engine that prices in the page: fetches the model once, then checks and prices rows without sending any.
// It imports nothing that the widget's own file holds: a chunk that imported widget.js back would run it twice under a hashed URL.
import type { PriceExplanation } from "#core/api/explanation.ts";
import { defaultCoverage, intervalAround } from "#core/bundle/conformal.ts";
import type { Manifest } from "#core/bundle/manifest.ts";
import { rowWarnings } from "#core/bundle/remarks.ts";
import { checkRow, type Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Client } from "./client.ts";
import type { Engine, LoadRuntime } from "./engine.ts";
import type { Explain } from "./explanation.ts";

export interface BrowserEngineOptions {
  readonly client: Client;
  readonly spec: DatasetSpec;
  readonly modelId: string;
  readonly loadRuntime: LoadRuntime;
}

/** Reasons for the prices of one model, loaded when they are first asked for and again after a failure; null where they cannot be had. */
function lazyReasons({ client, spec }: BrowserEngineOptions, path: string) {
  let loading: Promise<Explain> | undefined;
  const load = async () => {
    const { loadExplanations } = await import("./explanation.ts");
    return loadExplanations(client, spec, path);
  };
  return async (row: Row, prediction: number): Promise<PriceExplanation | null> => {
    loading ??= load();
    try {
      return (await loading)(row, prediction);
    } catch {
      // The price stands without them.
      loading = undefined;
      return null;
    }
  };
}

/** Loads the model and its manifest; the engine it resolves with makes no request but one for explain.json, once reasons are asked for. */
export async function loadBrowserEngine(options: BrowserEngineOptions): Promise<Engine> {
  const { client, spec, modelId } = options;
  const path = `/v1/${encodeURIComponent(spec.name)}/models/${encodeURIComponent(modelId)}`;
  const [model, manifest] = await Promise.all([
    client.bytes(`${path}/model.onnx`),
    client.json<Manifest>(path),
  ]);
  const runtime = await options.loadRuntime(model, spec);
  const findReasons = lazyReasons(options, path);
  return {
    name: "browser",
    async price(row, _signal, { explain = false } = {}) {
      const start = performance.now();
      const checked = checkRow(spec, row);
      const [prediction] = Array.from(await runtime.predict([checked]));
      if (!Number.isFinite(prediction)) throw new Error("the model gave no price for this");
      const explanation = explain ? await findReasons(checked, prediction) : undefined;
      return {
        prediction,
        unit: spec.target.unit,
        interval: manifest.conformal && intervalAround(manifest.conformal, prediction, defaultCoverage),
        modelId,
        warnings: rowWarnings({ ranges: manifest.ranges ?? {}, relations: manifest.relations }, checked),
        ...(explain ? { explanation } : {}),
        milliseconds: performance.now() - start,
      };
    },
  };
}
