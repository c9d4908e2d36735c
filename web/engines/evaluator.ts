// model.onnx on core's own evaluator: the very code the service prices with, a few kilobytes instead of megabytes.
import { outputsByRow } from "#core/bundle/price.ts";
import { feedsOf } from "#core/onnx/feeds.ts";
import { loadModel } from "#core/onnx/model.ts";
import type { LoadRuntime } from "./engine.ts";

export const loadEvaluator: LoadRuntime = async (bytes, spec) => {
  const model = loadModel(bytes);
  return {
    async run(rows) {
      return outputsByRow(model.run(feedsOf(spec, rows), rows.length), rows.length);
    },
  };
};
