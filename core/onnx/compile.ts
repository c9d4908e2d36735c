// A decoded model made ready to run: names resolved, shapes inferred, buffers planned, every op compiled. Nothing hostile gets past here.
import { InputError, quoted } from "../api/problem.ts";
import { rowsDimension } from "./graph-builder.ts";
import type { ModelProto, ValueProto } from "./model-proto.ts";
import {
  blockRows,
  hasRows,
  type Kernel,
  nodeFault,
  type Operand,
  type ValueShape,
  widthOf,
} from "./operand.ts";
import { ops } from "./ops/index.ts";
import type { Tensor } from "./tensor.ts";

/** Elements a row over all values: what bounds the memory of a compiled model. */
const maxWidth = 16_384;

const supported: Readonly<Record<string, { least: number; most: number }>> = {
  "": { least: 13, most: 21 },
  "ai.onnx.ml": { least: 2, most: 3 },
};

export interface CompiledModel {
  readonly inputs: ReadonlyMap<string, Operand>;
  readonly outputs: ReadonlyMap<string, Operand>;
  readonly kernels: readonly Kernel[];
}

function checkOpsets(model: ModelProto): void {
  if (model.irVersion < 3 || model.irVersion > 13) {
    throw new InputError(`model: expected an ONNX IR version of 3 to 13; got ${model.irVersion}`);
  }
  for (const [domain, version] of Object.entries(model.opsets)) {
    const range = Object.hasOwn(supported, domain) ? supported[domain] : undefined;
    if (!range) throw new InputError(`model: the domain ${quoted(domain)} is not supported`);
    if (version < range.least || version > range.most) {
      const name = domain || "ai.onnx";
      throw new InputError(`model: expected ${name} ${range.least} to ${range.most}; got ${version}`);
    }
  }
}

function refuseShape({ name, dims }: ValueProto, kind: string, allowed: string): never {
  throw new InputError(
    `model: expected the ${kind} ${quoted(name)} to be ${allowed}; got [${dims.slice(0, 8)}]`,
  );
}

const isFree = (dim: number | string | undefined) => dim === rowsDimension || typeof dim === "string";

function checkInput(value: ValueProto): void {
  const { dims } = value;
  if (dims.length !== 2 || !isFree(dims[0]) || dims[1] !== 1) refuseShape(value, "input", "[N, 1]");
}

/** Numbers, one or more a row; or one text a row, with or without a dimension of its own. */
function checkOutput(value: ValueProto, operand: Operand): void {
  const { dims, type } = value;
  const width = widthOf(operand.dims);
  if (type === "string") {
    if (dims.length > 2 || !isFree(dims[0]) || (dims[1] ?? 1) !== 1 || width !== 1)
      refuseShape(value, "output", "[N] or [N, 1]");
  } else if (dims.length !== 2 || !isFree(dims[0]) || dims[1] !== width)
    refuseShape(value, "output", operand.dims.length === 2 && width > 1 ? `[N, ${width}]` : "[N, 1]");
}

function constantOperand(tensor: Tensor): Operand {
  const text = tensor.type === "string";
  return {
    type: tensor.type,
    dims: tensor.dims,
    numbers: text ? new Float64Array(0) : Float64Array.from(tensor.data as ArrayLike<number>),
    texts: text ? [...(tensor.data as readonly string[])] : [],
    constant: tensor,
  };
}

/** Checks the graph and plans its run. Throws InputError naming the node or value that cannot be. */
export function compileModel(model: ModelProto): CompiledModel {
  checkOpsets(model);
  const operands = new Map<string, Operand>();
  let planned = 0;
  const define = (name: string, operand: Operand): Operand => {
    if (name === "" || operands.has(name))
      throw new InputError(`model: ${quoted(name)} is defined twice or has no name`);
    operands.set(name, operand);
    return operand;
  };
  const plan = ({ type, dims }: ValueShape): Operand => {
    const width = widthOf(dims);
    planned += width;
    if (planned > maxWidth) throw new InputError(`model: expected at most ${maxWidth} values a row`);
    const text = type === "string";
    return {
      type,
      dims,
      numbers: new Float64Array(text ? 0 : width * blockRows),
      texts: text ? new Array<string>(width * blockRows).fill("") : [],
      constant: undefined,
    };
  };
  for (const [name, tensor] of Object.entries(model.initializers)) define(name, constantOperand(tensor));
  const inputs = new Map<string, Operand>();
  for (const value of model.inputs) {
    // Old exporters list initializers among the inputs.
    if (Object.hasOwn(model.initializers, value.name)) continue;
    checkInput(value);
    if (value.type !== "float" && value.type !== "string") {
      throw new InputError(
        `model: expected the input ${quoted(value.name)} to be float or string; got ${value.type}`,
      );
    }
    inputs.set(value.name, define(value.name, plan({ type: value.type, dims: ["N", 1] })));
  }
  const kernels = model.nodes.map((node) => {
    const compile = ops.get(`${node.domain}:${node.op}`);
    if (!compile)
      throw new InputError(
        `model: the op ${quoted(node.op)} of ${quoted(node.domain || "ai.onnx")} is not supported`,
      );
    if (!Object.hasOwn(model.opsets, node.domain)) throw nodeFault(node, "its domain is not imported");
    if (node.outputs.length !== 1) throw nodeFault(node, `expected one output; got ${node.outputs.length}`);
    const given = node.inputs.map((name) => {
      const operand = operands.get(name);
      // Nodes come in topological order, so a cycle shows as an input that is not there yet.
      if (name !== "" && !operand)
        throw nodeFault(node, `its input ${quoted(name)} is not defined before it`);
      return operand;
    });
    const compiled = compile(node, given);
    return compiled.bind(define(node.outputs[0], plan(compiled)));
  });
  const outputs = new Map<string, Operand>();
  for (const value of model.outputs) {
    const operand = operands.get(value.name);
    if (!operand || operand.constant || !hasRows(operand.dims)) {
      throw new InputError(`model: no node computes the output ${quoted(value.name)}`);
    }
    checkOutput(value, operand);
    if (operand.type !== value.type) {
      throw new InputError(
        `model: the output ${quoted(value.name)} is not the ${value.type === "string" ? "texts" : "numbers"} it claims to be`,
      );
    }
    outputs.set(value.name, operand);
  }
  return { inputs, outputs, kernels };
}
