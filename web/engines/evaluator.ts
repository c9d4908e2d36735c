// model.onnx on core's own evaluator: the very code the service prices with, a few kilobytes instead of megabytes.
import { loadModel } from "#core/onnx/model.ts";
import type { LoadRuntime } from "./engine.ts";

export const loadEvaluator: LoadRuntime = async (bytes) => {
  const model = loadModel(bytes);
  return {
    async predict(rows) {
      const feeds = model.inputs.map(({ name, type }) => [
        name,
        type === "float"
          ? Float32Array.from(rows, (row) => Number(row[name] ?? Number.NaN))
          : rows.map((row) => String(row[name] ?? "")),
      ]);
      return model.predict(Object.fromEntries(feeds), rows.length);
    },
  };
};
