// A small but real model for any spec: the logarithm of the price grows with each number and each better level.
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { GraphBuilder } from "#core/onnx/graph-builder.ts";

const base = 7;
const perLevel = 0.12;
const perNumber = 0.9;
/** TensorProto.DataType.DOUBLE of the ONNX standard. */
const toDouble = 11;

/** ONNX bytes whose inputs are the spec's features and whose unknowns weigh nothing. */
export function cannedModel(spec: DatasetSpec): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder();
  const double = (value: number) => graph.constant("double", [1, 1], [value]);
  let sum = double(base);
  for (const feature of spec.features) {
    let weighed: string;
    if (feature.type === "number") {
      const input = graph.input(feature.name, "float");
      const unknown = graph.node("IsNaN", [input]);
      const { minimum = 0, maximum = 2 } = feature;
      // Degrees lie around zero: their half width weighs them.
      const middle = minimum + maximum === 0 ? maximum : (minimum + maximum) / 2;
      const exact = graph.node("Cast", [input], { to: { int: toDouble } });
      const value = graph.node("Where", [unknown, double(middle), exact]);
      weighed = graph.node("Mul", [value, double(perNumber / middle)]);
    } else {
      const code = graph.node(
        "LabelEncoder",
        [graph.input(feature.name, "string")],
        {
          keys_strings: { strings: feature.levels },
          values_floats: { floats: feature.levels.map((_, index) => index) },
          default_float: { float: 0 },
        },
        { domain: "ai.onnx.ml" },
      );
      const exact = graph.node("Cast", [code], { to: { int: toDouble } });
      weighed = graph.node("Mul", [exact, double(perLevel)]);
    }
    sum = graph.node("Add", [sum, weighed]);
  }
  graph.output("prediction", graph.node("Exp", [sum]), "double");
  return graph.build({});
}
