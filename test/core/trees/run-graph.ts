// Runs ONNX bytes in onnxruntime, for tests of single graphs: rows in, every output's numbers out.
import * as ort from "onnxruntime-web/wasm";
import { GraphBuilder } from "#core/onnx/graph-builder.ts";
import type { Feeds } from "#core/onnx/model.ts";
import { elementTypeCodes } from "#core/onnx/tensor.ts";
import type { EnsembleFeature, TreeEnsemble } from "#core/trees/ensemble.ts";
import { addEnsemble } from "#core/trees/onnx-export.ts";

ort.env.wasm.numThreads = 1;

export async function runInOnnxruntime(bytes: Uint8Array, feeds: Feeds, rows: number): Promise<Float64Array> {
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ["wasm"],
    logSeverityLevel: 3,
  });
  try {
    const tensors = session.inputNames.map((name) => {
      const values = feeds[name];
      const tensor =
        values instanceof Float32Array
          ? new ort.Tensor("float32", values, [rows, 1])
          : new ort.Tensor("string", values as string[], [rows, 1]);
      return [name, tensor] as const;
    });
    const { prediction } = await session.run(Object.fromEntries(tensors));
    return Float64Array.from(prediction.data as Float64Array);
  } finally {
    await session.release();
  }
}

/** The graph of `ensemble` alone; of a softmax, the probability of class `output`. */
export function buildGraph(ensemble: TreeEnsemble, output = 0): Uint8Array {
  const graph = new GraphBuilder();
  const inputs: Record<string, string> = {};
  for (const { name, type } of ensemble.features) {
    inputs[name] = graph.input(name, type === "number" ? "float" : "string");
  }
  const answer = addEnsemble(graph, ensemble, inputs);
  const count = ensemble.baseScore.length;
  const pick = () =>
    graph.node("MatMul", [
      answer,
      graph.constant(
        "double",
        [count, 1],
        Array.from({ length: count }, (_, k) => (k === output ? 1 : 0)),
      ),
    ]);
  const one = count === 1 ? answer : pick();
  graph.output("prediction", graph.node("Cast", [one], { to: { int: elementTypeCodes.double } }), "double");
  return graph.build({});
}

/** Feeds of encoded rows: missing levels alternate between "" and a text that is no level. */
export function feedsOfRows(features: readonly EnsembleFeature[], rows: readonly Float32Array[]): Feeds {
  return Object.fromEntries(
    features.map((feature, at) => [
      feature.name,
      feature.type === "number"
        ? Float32Array.from(rows, (row) => row[at])
        : rows.map((row, index) => feature.levels[row[at]] ?? (index % 2 ? "" : "no such level")),
    ]),
  );
}
