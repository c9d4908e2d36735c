// An ONNX graph in the making: families add inputs, constants and nodes by name, build() gives the bytes.
import { encodeModel } from "./encode.ts";
import type { Attributes, NodeProto, ValueProto } from "./model-proto.ts";
import { type ElementType, type Tensor, tensorOf } from "./tensor.ts";

export type { Attributes } from "./model-proto.ts";

/** What the graphs are written for: onnxruntime 1.15 and newer, native and web. Equal takes strings from opset 19 on. */
export const opsets = { "": 19, "ai.onnx.ml": 3 } as const;
export const irVersion = 9;

/** The free dimension of every input and output: the number of rows. */
export const rowsDimension = "N";

export class GraphBuilder {
  private readonly inputs: ValueProto[] = [];
  private readonly outputs: ValueProto[] = [];
  private readonly initializers = new Map<string, Tensor>();
  private readonly constantNames = new Map<string, string>();
  private readonly nodes: NodeProto[] = [];
  private readonly taken = new Set<string>();

  private take(name: string): string {
    if (this.taken.has(name)) throw new RangeError(`"${name}" already names a value of the graph`);
    this.taken.add(name);
    return name;
  }

  private fresh(prefix: string, from: number): string {
    let number = from;
    while (this.taken.has(`${prefix}_${number}`)) number++;
    return this.take(`${prefix}_${number}`);
  }

  /** Declares a [N,1] graph input; returns its name. */
  input(name: string, type: "float" | "string"): string {
    this.inputs.push({ name: this.take(name), type, dims: [rowsDimension, 1] });
    return name;
  }

  /** The name of an initializer with these values; equal constants share one. Throws RangeError where sizes differ. */
  constant(
    type: ElementType,
    dims: readonly number[],
    values: ArrayLike<number> | readonly string[],
  ): string {
    const tensor = tensorOf(type, dims, values);
    const key = JSON.stringify([type, dims, Array.from(tensor.data as ArrayLike<number | string>, spelled)]);
    const known = this.constantNames.get(key);
    if (known !== undefined) return known;
    const name = this.fresh("constant", this.initializers.size);
    this.initializers.set(name, tensor);
    this.constantNames.set(key, name);
    return name;
  }

  /**
   * Adds a node; returns the name of its first output (output k > 0 is called `${first}.${k}`).
   * Inputs must exist already, so the nodes are in topological order; "" omits an optional input.
   */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    options: { readonly domain?: string; readonly outputs?: number } = {},
  ): string {
    for (const input of inputs) {
      if (input !== "" && !this.taken.has(input))
        throw new RangeError(`${op}: "${input}" is not defined yet`);
    }
    const first = this.fresh(op.toLowerCase(), this.nodes.length);
    const outputs = [first];
    for (let k = 1; k < (options.outputs ?? 1); k++) outputs.push(this.take(`${first}.${k}`));
    this.nodes.push({ op, domain: options.domain ?? "", inputs: [...inputs], outputs, attributes });
    return first;
  }

  /** Gives `value`, a tensor of `type` and the shape [N, ...widths], to the world as the graph output `name`. */
  output(
    name: string,
    value: string,
    type: "float" | "double" | "string",
    widths: readonly number[] = [1],
  ): void {
    if (!this.taken.has(value)) throw new RangeError(`output ${name}: "${value}" is not defined`);
    this.take(name);
    this.nodes.push({ op: "Identity", domain: "", inputs: [value], outputs: [name], attributes: {} });
    this.outputs.push({ name, type, dims: [rowsDimension, ...widths] });
  }

  /** ONNX bytes; the same calls and metadata give the same bytes. */
  build(metadata: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
    const domains = new Set(["", ...this.nodes.map((node) => node.domain)]);
    return encodeModel({
      irVersion,
      producer: "appraise",
      opsets: Object.fromEntries(Object.entries(opsets).filter(([domain]) => domains.has(domain))),
      metadata,
      inputs: this.inputs,
      outputs: this.outputs,
      initializers: Object.fromEntries(this.initializers),
      nodes: this.nodes,
    });
  }
}

/** JSON has neither NaN, infinities nor a negative zero: as constants they must stay apart. */
function spelled(value: number | string): number | string {
  if (typeof value === "string") return `"${value}`;
  return Number.isFinite(value) && !Object.is(value, -0)
    ? value
    : Object.is(value, -0)
      ? "-0"
      : String(value);
}
