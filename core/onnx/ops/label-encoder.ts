// ai.onnx.ml LabelEncoder: text to a number, one for every listed text and one for all others ("" is a text like any other).
import type { NodeProto } from "../model-proto.ts";
import { type CompileNode, checkAttributes, hasRows, inputAt, nodeFault, widthOf } from "../operand.ts";

function findList(node: NodeProto, name: string): ArrayLike<number> | undefined {
  const attribute = node.attributes[name];
  if (!attribute) return undefined;
  if ("ints" in attribute) return attribute.ints;
  if ("floats" in attribute) return attribute.floats;
  throw nodeFault(node, `expected the attribute ${name} to be a list of numbers`);
}

function defaultOf(node: NodeProto, type: "int64" | "float"): number {
  const attribute = node.attributes[`default_${type}`];
  if (attribute && "int" in attribute && type === "int64") return attribute.int;
  if (attribute && "float" in attribute && type === "float") return attribute.float;
  throw nodeFault(node, `expected a default_${type}`);
}

export const compileLabelEncoder: CompileNode = (node, inputs) => {
  checkAttributes(node, ["keys_strings", "values_int64s", "values_floats", "default_int64", "default_float"]);
  const input = inputAt(node, inputs, 0, ["string"]);
  if (!hasRows(input.dims) || widthOf(input.dims) !== 1) throw nodeFault(node, "expected one text a row");
  const keys = node.attributes.keys_strings;
  if (!keys || !("strings" in keys)) throw nodeFault(node, "expected keys_strings");
  const integers = findList(node, "values_int64s");
  const values = integers ?? findList(node, "values_floats");
  if (values?.length !== keys.strings.length) throw nodeFault(node, "expected as many values as keys");
  const type = integers ? "int64" : "float";
  const other = defaultOf(node, type);
  const byText = new Map(keys.strings.map((key, index) => [key, values[index]]));
  return {
    type,
    dims: input.dims,
    bind: (output) => (rows) => {
      for (let row = 0; row < rows; row++) output.numbers[row] = byText.get(input.texts[row]) ?? other;
    },
  };
};
