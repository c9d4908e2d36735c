// ONNX bytes as a model, as far as the format goes: whether the graph makes sense is checked when it is compiled.
import { InputError, quoted } from "../api/problem.ts";
import { readTensor } from "./decode-tensor.ts";
import {
  type Attribute,
  attributeTypes,
  fields,
  type ModelProto,
  type NodeProto,
  type ValueProto,
} from "./model-proto.ts";
import { findElementType, type Tensor } from "./tensor.ts";
import { TextList } from "./text-list.ts";
import { joined, WireReader } from "./wire-reader.ts";

/** What a model may cost at most. */
export interface ModelLimits {
  readonly bytes: number;
  readonly nodes: number;
  readonly initializers: number;
  readonly values: number;
}

export const defaultLimits: ModelLimits = {
  bytes: 32 * 2 ** 20,
  nodes: 5000,
  initializers: 5000,
  values: 512,
};

/** The texts that come by the ten thousand, in the order of nodeModes (ops/tree-ensemble-nodes.ts), which then needs not look at them. */
const treeModes = ["LEAF", "BRANCH_LT", "BRANCH_LEQ", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];

function refuse(what: string, count: number, most: number): void {
  if (count > most) throw new InputError(`model: expected at most ${most} ${what}; got ${count}`);
}

function readAttribute(reader: WireReader): [string, Attribute] {
  const field = fields.attribute;
  let name = "";
  let type = 0;
  let float = 0;
  let int = 0;
  let string = "";
  let tensor: Tensor | undefined;
  const floats: Float32Array[] = [];
  const ints: (Int32Array | Float64Array)[] = [];
  const texts = new TextList(treeModes);
  while (reader.next()) {
    if (reader.field === field.name) name = reader.string();
    else if (reader.field === field.type) type = reader.integer();
    else if (reader.field === field.f) float = reader.float();
    else if (reader.field === field.i) int = reader.integer();
    else if (reader.field === field.s) string = reader.string();
    else if (reader.field === field.t) tensor = readTensor(reader.message()).tensor;
    else if (reader.field === field.floats) floats.push(reader.floats());
    else if (reader.field === field.ints) ints.push(reader.integers());
    else if (reader.field === field.strings) reader.strings(texts);
    else reader.skip();
  }
  if (type === attributeTypes.float) return [name, { float }];
  if (type === attributeTypes.int) return [name, { int }];
  if (type === attributeTypes.string) return [name, { string }];
  if (type === attributeTypes.floats) return [name, { floats: joined(floats, new Float32Array()) }];
  if (type === attributeTypes.ints) return [name, { ints: joined(ints, new Float64Array()) }];
  if (type === attributeTypes.strings) return [name, texts.finish()];
  if (type === attributeTypes.tensor && tensor) return [name, { tensor }];
  throw new InputError(`model: attribute ${quoted(name)} has type ${type}, which is not supported`);
}

function readNode(reader: WireReader): NodeProto {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: [string, Attribute][] = [];
  let op = "";
  let domain = "";
  while (reader.next()) {
    if (reader.field === fields.node.input) inputs.push(reader.string());
    else if (reader.field === fields.node.output) outputs.push(reader.string());
    else if (reader.field === fields.node.opType) op = reader.string();
    else if (reader.field === fields.node.domain) domain = reader.string();
    else if (reader.field === fields.node.attribute) attributes.push(readAttribute(reader.message()));
    else reader.skip();
  }
  return {
    op,
    domain: domain === "ai.onnx" ? "" : domain,
    inputs,
    outputs,
    attributes: Object.fromEntries(attributes),
  };
}

function readDims(shape: WireReader): (number | string)[] {
  const dims: (number | string)[] = [];
  while (shape.next()) {
    if (shape.field !== fields.shape.dim) {
      shape.skip();
      continue;
    }
    const reader = shape.message();
    let dim: number | string = "";
    while (reader.next()) {
      if (reader.field === fields.dim.value) dim = reader.integer();
      else if (reader.field === fields.dim.param) dim = reader.string();
      else reader.skip();
    }
    dims.push(dim);
  }
  return dims;
}

function readValue(reader: WireReader): ValueProto {
  let name = "";
  let code = 0;
  let dims: (number | string)[] = [];
  while (reader.next()) {
    if (reader.field === fields.value.name) name = reader.string();
    else if (reader.field === fields.value.type) {
      const type = reader.message();
      while (type.next()) {
        if (type.field !== fields.type.tensor) {
          type.skip();
          continue;
        }
        const tensor = type.message();
        while (tensor.next()) {
          if (tensor.field === fields.tensorType.elementType) code = tensor.integer();
          else if (tensor.field === fields.tensorType.shape) dims = readDims(tensor.message());
          else tensor.skip();
        }
      }
    } else reader.skip();
  }
  const type = findElementType(code);
  if (!type) throw new InputError(`model: ${quoted(name)} has element type ${code}, which is not supported`);
  return { name, type, dims };
}

function readPair(reader: WireReader, key: number, value: number): [string, WireReader | undefined] {
  let text = "";
  let rest: WireReader | undefined;
  while (reader.next()) {
    if (reader.field === key) text = reader.string();
    else if (reader.field === value) {
      rest = reader;
      break;
    } else reader.skip();
  }
  return [text, rest];
}

/** Reads ONNX bytes. Throws InputError for what is no ONNX, uses a feature that is not supported, or exceeds `limits`. */
export function decodeModel(bytes: Uint8Array, limits: ModelLimits = defaultLimits): ModelProto {
  refuse("bytes", bytes.length, limits.bytes);
  const reader = new WireReader(bytes);
  const opsets: [string, number][] = [];
  const metadata: [string, string][] = [];
  const inputs: ValueProto[] = [];
  const outputs: ValueProto[] = [];
  const initializers = new Map<string, Tensor>();
  const nodes: NodeProto[] = [];
  let irVersion = 0;
  let producer = "";
  const readGraph = (graph: WireReader): void => {
    while (graph.next()) {
      if (graph.field === fields.graph.node) nodes.push(readNode(graph.message()));
      else if (graph.field === fields.graph.initializer) {
        const { name, tensor } = readTensor(graph.message());
        if (initializers.has(name))
          throw new InputError(`model: two initializers are called ${quoted(name)}`);
        initializers.set(name, tensor);
      } else if (graph.field === fields.graph.input) inputs.push(readValue(graph.message()));
      else if (graph.field === fields.graph.output) outputs.push(readValue(graph.message()));
      else if (graph.field === fields.graph.sparseInitializer) {
        throw new InputError("model: sparse initializers are not supported");
      } else graph.skip();
      refuse("nodes", nodes.length, limits.nodes);
      refuse("initializers", initializers.size, limits.initializers);
      refuse("inputs and outputs", inputs.length + outputs.length, limits.values);
    }
  };
  while (reader.next()) {
    if (reader.field === fields.model.irVersion) irVersion = reader.integer();
    else if (reader.field === fields.model.producerName) producer = reader.string();
    else if (reader.field === fields.model.graph) readGraph(reader.message());
    else if (reader.field === fields.model.opsetImport) {
      const [domain, rest] = readPair(reader.message(), fields.opset.domain, fields.opset.version);
      opsets.push([domain === "ai.onnx" ? "" : domain, rest?.integer() ?? 0]);
    } else if (reader.field === fields.model.metadataProps) {
      const [key, rest] = readPair(reader.message(), fields.entry.key, fields.entry.value);
      metadata.push([key, rest?.string() ?? ""]);
      refuse("metadata entries", metadata.length, limits.values);
    } else reader.skip();
  }
  return {
    irVersion,
    producer,
    opsets: Object.fromEntries(opsets),
    metadata: Object.fromEntries(metadata),
    inputs,
    outputs,
    initializers: Object.fromEntries(initializers),
    nodes,
  };
}
