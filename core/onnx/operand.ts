// Values of a graph as the compiled kernels see them: a plain buffer each, planned once, reused by every call.
import { InputError } from "../api/problem.ts";
import type { NodeProto } from "./model-proto.ts";
import type { ElementType, Tensor } from "./tensor.ts";

/** Rows that the kernels handle at once: the first dimension of every buffer that has one row a thing. */
export const blockRows = 128;

/** "N" is the number of rows; only a first dimension may be it. */
export type Dims = readonly (number | "N")[];

/** Type and shape of a value, known before anything runs. */
export interface ValueShape {
  readonly type: ElementType;
  readonly dims: Dims;
}

/**
 * A value with its storage, row-major. Numbers of every type are doubles (float ones rounded to float32, bool 0 or 1) and are in
 * `numbers`; strings are in `texts`. `constant` is there for initializers only.
 */
export interface Operand extends ValueShape {
  readonly numbers: Float64Array;
  readonly texts: string[];
  readonly constant: Tensor | undefined;
}

/** Computes the first `rows` rows of its output from its inputs' buffers; `rows` is at most `blockRows`. */
export type Kernel = (rows: number) => void;

/** A checked node: what it yields, and its kernel once the output has a buffer. */
export interface CompiledNode extends ValueShape {
  bind(output: Operand): Kernel;
}

/** Checks a node's attributes and inputs (undefined where an optional one is left out); throws InputError. */
export type CompileNode = (node: NodeProto, inputs: readonly (Operand | undefined)[]) => CompiledNode;

export function nodeFault(node: NodeProto, detail: string): InputError {
  return new InputError(`model: ${node.op} "${node.outputs[0]?.slice(0, 60)}": ${detail}`);
}

/** Elements a row, or of the whole value where it has no rows. */
export function widthOf(dims: Dims): number {
  return dims.reduce<number>((size, dim) => (dim === "N" ? size : size * dim), 1);
}

export function hasRows(dims: Dims): boolean {
  return dims[0] === "N";
}

/** The input at `index`, which must be given and of one of `types`. */
export function inputAt(
  node: NodeProto,
  inputs: readonly (Operand | undefined)[],
  index: number,
  types: readonly ElementType[],
): Operand {
  const input = inputs[index];
  if (!input) throw nodeFault(node, `expected an input ${index + 1}`);
  if (!types.includes(input.type)) {
    throw nodeFault(node, `expected input ${index + 1} to be ${types.join(" or ")}; got ${input.type}`);
  }
  return input;
}

/** The constant input at `index`. */
export function constantAt(
  node: NodeProto,
  inputs: readonly (Operand | undefined)[],
  index: number,
  types: readonly ElementType[],
): Operand {
  const input = inputAt(node, inputs, index, types);
  if (!input.constant) throw nodeFault(node, `expected input ${index + 1} to be a constant`);
  return input;
}

/** An int attribute, or `fallback` where it is left out. */
export function intOf(node: NodeProto, name: string, fallback: number): number {
  const attribute = node.attributes[name];
  if (!attribute) return fallback;
  if (!("int" in attribute)) throw nodeFault(node, `expected the attribute ${name} to be an int`);
  return attribute.int;
}

/** Refuses attributes that are not among `known`: they would change what the op does. */
export function checkAttributes(node: NodeProto, known: readonly string[]): void {
  for (const name of Object.keys(node.attributes)) {
    if (!known.includes(name)) throw nodeFault(node, `the attribute ${name.slice(0, 60)} is not supported`);
  }
}

export function checkInputCount(node: NodeProto, least: number, most: number): void {
  const { length } = node.inputs;
  if (length < least || length > most) {
    const allowed = least === most ? `${least}` : `${least} to ${most}`;
    throw nodeFault(node, `expected ${allowed} inputs; got ${length}`);
  }
}
