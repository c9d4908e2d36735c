// model.onnx on onnxruntime-web: WebAssembly from our own origin, one thread, loaded only with this file.

import glueUrl from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";
import { outputsByRow } from "#core/bundle/price.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import type { LoadRuntime } from "./engine.ts";

/** One [N,1] tensor an input: float32 with NaN for unknown, or string with "" for unknown. */
function toTensor(values: Float32Array | readonly string[]): ort.Tensor {
  const shape = [values.length, 1];
  return values instanceof Float32Array
    ? new ort.Tensor("float32", values, shape)
    : new ort.Tensor("string", [...values], shape);
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
    run(rows) {
      const run = async () => {
        const feeds = feedsOf(spec, rows);
        // A graph lists only the inputs it uses; onnxruntime refuses a feed that it does not know.
        const tensors = session.inputNames.map((name) => [name, toTensor(feeds[name])]);
        const outputs = await session.run(Object.fromEntries(tensors));
        const results = Object.entries(outputs).map(([name, { data }]) => [name, data as Float64Array]);
        return outputsByRow(Object.fromEntries(results), rows.length);
      };
      const next = last.then(run, run);
      last = next;
      return next;
    },
  };
};
