// A model as ONNX bytes. Equal models give equal bytes: names are written in a fixed order, nothing tells time or place.
import {
  type Attribute,
  attributeTypes,
  fields,
  type ModelProto,
  type NodeProto,
  type ValueProto,
} from "./model-proto.ts";
import { elementTypeCodes, type Tensor } from "./tensor.ts";
import { WireWriter } from "./wire-writer.ts";

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function rawBytes({ type, data }: Tensor): Uint8Array {
  const numbers = data as ArrayLike<number>;
  const width = type === "bool" ? 1 : type === "float" ? 4 : 8;
  const bytes = new Uint8Array(numbers.length * width);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < numbers.length; i++) {
    if (type === "float") view.setFloat32(i * 4, numbers[i], true);
    else if (type === "double") view.setFloat64(i * 8, numbers[i], true);
    else if (type === "int64") view.setBigInt64(i * 8, BigInt(numbers[i]), true);
    else view.setUint8(i, numbers[i]);
  }
  return bytes;
}

function writeTensor(writer: WireWriter, name: string, tensor: Tensor): void {
  writer.packedIntegers(fields.tensor.dims, tensor.dims);
  writer.integer(fields.tensor.dataType, elementTypeCodes[tensor.type]);
  if (tensor.type === "string") {
    for (const text of tensor.data as readonly string[]) writer.string(fields.tensor.stringData, text);
  }
  if (name) writer.string(fields.tensor.name, name);
  if (tensor.type !== "string") writer.raw(fields.tensor.rawData, rawBytes(tensor));
}

function writeAttribute(writer: WireWriter, name: string, attribute: Attribute): void {
  const field = fields.attribute;
  writer.string(field.name, name);
  if ("float" in attribute) writer.float(field.f, attribute.float);
  else if ("int" in attribute) writer.integer(field.i, attribute.int);
  else if ("string" in attribute) writer.string(field.s, attribute.string);
  else if ("floats" in attribute) writer.packedFloats(field.floats, attribute.floats);
  else if ("ints" in attribute) writer.packedIntegers(field.ints, attribute.ints);
  else if ("strings" in attribute) for (const text of attribute.strings) writer.string(field.strings, text);
  else writer.message(field.t, (inner) => writeTensor(inner, name, attribute.tensor));
  const kinds = Object.keys(attributeTypes) as (keyof typeof attributeTypes)[];
  const kind = kinds.find((one) => one in attribute) as keyof typeof attributeTypes;
  writer.integer(field.type, attributeTypes[kind]);
}

function writeNode(writer: WireWriter, node: NodeProto): void {
  for (const input of node.inputs) writer.string(fields.node.input, input);
  for (const output of node.outputs) writer.string(fields.node.output, output);
  writer.string(fields.node.name, node.outputs[0]);
  writer.string(fields.node.opType, node.op);
  for (const [name, attribute] of sorted(node.attributes)) {
    writer.message(fields.node.attribute, (inner) => writeAttribute(inner, name, attribute));
  }
  if (node.domain) writer.string(fields.node.domain, node.domain);
}

function writeValue(writer: WireWriter, value: ValueProto): void {
  writer.string(fields.value.name, value.name);
  writer.message(fields.value.type, (type) =>
    type.message(fields.type.tensor, (tensor) => {
      tensor.integer(fields.tensorType.elementType, elementTypeCodes[value.type]);
      tensor.message(fields.tensorType.shape, (shape) => {
        for (const dim of value.dims) {
          shape.message(fields.shape.dim, (inner) =>
            typeof dim === "number"
              ? inner.integer(fields.dim.value, dim)
              : inner.string(fields.dim.param, dim),
          );
        }
      });
    }),
  );
}

/** ONNX bytes of `model`. */
export function encodeModel(model: ModelProto): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  writer.integer(fields.model.irVersion, model.irVersion);
  writer.string(fields.model.producerName, model.producer);
  writer.message(fields.model.graph, (graph) => {
    for (const node of model.nodes) graph.message(fields.graph.node, (inner) => writeNode(inner, node));
    graph.string(fields.graph.name, "price");
    for (const [name, tensor] of Object.entries(model.initializers)) {
      graph.message(fields.graph.initializer, (inner) => writeTensor(inner, name, tensor));
    }
    for (const value of model.inputs) graph.message(fields.graph.input, (inner) => writeValue(inner, value));
    for (const value of model.outputs)
      graph.message(fields.graph.output, (inner) => writeValue(inner, value));
  });
  for (const [domain, version] of sorted(model.opsets)) {
    writer.message(fields.model.opsetImport, (opset) => {
      if (domain) opset.string(fields.opset.domain, domain);
      opset.integer(fields.opset.version, version);
    });
  }
  for (const [key, value] of sorted(model.metadata)) {
    writer.message(fields.model.metadataProps, (entry) => {
      entry.string(fields.entry.key, key);
      entry.string(fields.entry.value, value);
    });
  }
  return writer.finish();
}
