// The ensemble as a model file: raw named inputs, one output.
import { GraphBuilder } from "#core/onnx/graph-builder.ts";
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { addEnsemble } from "#core/trees/onnx-export.ts";

export function writeModel(ensemble: TreeEnsemble): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder();
  const inputs = Object.fromEntries(ensemble.features.map(({ name }) => [name, graph.input(name, "float")]));
  graph.output("prediction", addEnsemble(graph, ensemble, inputs), "double");
  return graph.build({});
}
