// Derived columns as nodes of an ONNX graph: the float32 operations of deriveColumns (core/dataset/derive-columns.ts), in its order.
import type { Derived } from "../dataset/derived.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import type { GraphBuilder } from "../onnx/graph-builder.ts";

/** `inputs` (feature name to a [N,1] value) with one more [N,1] float value a derived column. */
export function addDerived(
  graph: GraphBuilder,
  spec: DatasetSpec,
  derived: readonly Derived[],
  inputs: Readonly<Record<string, string>>,
): Record<string, string> {
  const places = new Map<string, string>();
  const columnOf = (name: string): string => {
    const feature = spec.features.find((one) => one.name === name);
    if (feature?.type !== "category") return inputs[name];
    const known = places.get(name);
    if (known) return known;
    const attributes = {
      keys_strings: { strings: feature.levels },
      values_floats: { floats: feature.levels.map((_, level) => level + 1) },
      default_float: { float: Number.NaN },
    };
    const place = graph.node("LabelEncoder", [inputs[name]], attributes, { domain: "ai.onnx.ml" });
    places.set(name, place);
    return place;
  };
  const chain = (op: string, values: readonly string[]) =>
    values.reduce((left, right) => graph.node(op, [left, right]));
  const product = (factors: Derived["multiply"]) =>
    chain(
      "Mul",
      factors.map((factor) => chain("Add", [factor].flat().map(columnOf))),
    );
  const added = derived.map(({ name, multiply, divide }) => {
    const parts = divide.length > 0 ? [product(multiply), product(divide)] : [product(multiply)];
    return [name, chain("Div", parts)] as const;
  });
  return { ...inputs, ...Object.fromEntries(added) };
}
