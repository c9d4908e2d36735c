// model.onnx on onnxruntime-web: WebAssembly from our own origin, one thread, loaded only with this file.

import glueUrl from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { LoadRuntime } from "./engine.ts";

/** One [N,1] tensor a feature: float32 with NaN for unknown, or string with "" for unknown. */
function toFeeds(spec: DatasetSpec, rows: readonly Row[]): Record<string, ort.Tensor> {
  const shape = [rows.length, 1];
  return Object.fromEntries(
    spec.features.map(({ name, type }) => [
      name,
      type === "number"
        ? new ort.Tensor(
            "float32",
            Float32Array.from(rows, (row) => Number(row[name] ?? Number.NaN)),
            shape,
          )
        : new ort.Tensor(
            "string",
            rows.map((row) => String(row[name] ?? "")),
            shape,
          ),
    ]),
  );
}

export const loadOnnxruntime: LoadRuntime = async (model, spec) => {
  // More threads need SharedArrayBuffer, which asks headers of the embedding page that a shop cannot be asked to send.
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = {
    mjs: new URL(glueUrl, import.meta.url).href,
    wasm: new URL(wasmUrl, import.meta.url).href,
  };
  ort.env.logLevel = "error";
  const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
  // onnxruntime refuses a second run before the first has ended, so runs queue up.
  let last: Promise<unknown> = Promise.resolve();
  return {
    predict(rows) {
      const run = async () => {
        const feeds = toFeeds(spec, rows);
        // A graph lists only the inputs it uses; onnxruntime refuses a feed that it does not know.
        for (const name of Object.keys(feeds)) if (!session.inputNames.includes(name)) delete feeds[name];
        const { prediction } = await session.run(feeds, ["prediction"]);
        return prediction.data as Float64Array;
      };
      const next = last.then(run, run);
      last = next;
      return next;
    },
  };
};
