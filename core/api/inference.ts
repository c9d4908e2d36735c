// The Open Inference Protocol, version 2 (github.com/kserve/open-inference-protocol): one tensor a feature in, prices out.
import * as z from "zod";
import { checkRow, type Row } from "../dataset/row.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import { type FieldError, InputError, quoted } from "./problem.ts";
import { type Element, readBinaryElements, readJsonElements, tensorTypes } from "./tensors.ts";

const Parameters = z.record(z.string(), z.unknown());

const InputTensor = z.object({
  name: z.string().max(64),
  shape: z.array(z.int().min(0)).min(1).max(2),
  datatype: z.enum(tensorTypes),
  parameters: Parameters.optional(),
  data: z.array(z.unknown()).optional(),
});

const binaryOutputs = "binary_data_output";

export const outputNames = ["prediction", "low", "high"] as const;
export type OutputName = (typeof outputNames)[number];

/** Unknown members and parameters are left alone: clients send some that mean nothing here, such as priorities. */
export const InferRequest = z.object({
  id: z.string().max(200).optional(),
  parameters: Parameters.optional(),
  inputs: z.array(InputTensor).min(1).max(200),
  outputs: z
    .array(z.object({ name: z.enum(outputNames), parameters: Parameters.optional() }))
    .max(outputNames.length)
    .optional(),
});

export type InferRequest = z.infer<typeof InferRequest>;
type InputTensor = z.infer<typeof InputTensor>;

const TensorDescription = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.int()),
});

export const ModelMetadata = z.object({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(TensorDescription),
  outputs: z.array(TensorDescription),
});

export const ServerMetadata = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
});

export const InferAnswer = z.object({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
  outputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.string(),
      shape: z.array(z.int()),
      parameters: z.object({ binary_data_size: z.int() }).optional(),
      data: z.array(z.number()).optional(),
    }),
  ),
});

export type InferAnswer = z.infer<typeof InferAnswer>;

/** The tensors that a model of `spec` takes and gives, one row a line. */
export function describeTensors(
  spec: DatasetSpec,
): Pick<z.infer<typeof ModelMetadata>, "inputs" | "outputs"> {
  const shape = [-1, 1];
  return {
    inputs: spec.features.map(({ name, type }) => ({
      ...{ name, shape },
      datatype: type === "number" ? "FP32" : "BYTES",
    })),
    outputs: outputNames.map((name) => ({ name, datatype: "FP64", shape })),
  };
}

function countRows({ shape, name }: InputTensor, at: number, maxRows: number): number {
  const [rows, width = 1] = shape;
  const pointer = `/inputs/${at}/shape`;
  if (width !== 1)
    throw new InputError([{ pointer, detail: `expected [N] or [N, 1] for ${name}; got [${shape}]` }]);
  if (rows < 1 || rows > maxRows)
    throw new InputError([{ pointer, detail: `expected 1 to ${maxRows} rows; got ${rows}` }]);
  return rows;
}

/** Reads the tensors' elements one after the other; binary ones follow each other in `tail`. */
class TensorReader {
  #at = 0;
  private readonly tail: Uint8Array;

  constructor(tail: Uint8Array) {
    this.tail = tail;
  }

  read(tensor: InputTensor, at: number, rows: number): Element[] {
    const size = tensor.parameters?.binary_data_size;
    const pointer = `/inputs/${at}/data`;
    if (size === undefined) {
      const given = tensor.data ?? [];
      // Looked at before anything is made of it: a shape may promise what the data do not hold.
      if (given.length !== rows)
        throw new InputError([
          { pointer, detail: `expected ${rows} elements, as the shape says; got ${given.length}` },
        ]);
      return readJsonElements(given, tensor.datatype, pointer);
    }
    const left = this.tail.length - this.#at;
    if (typeof size !== "number" || !Number.isInteger(size) || size < 0 || size > left) {
      const detail = `expected at most the ${left} bytes that are left; got ${quoted(size)}`;
      throw new InputError([{ pointer: `/inputs/${at}/parameters/binary_data_size`, detail }]);
    }
    const bytes = this.tail.subarray(this.#at, this.#at + size);
    this.#at += size;
    return readBinaryElements(bytes, tensor.datatype, rows, pointer);
  }

  end(): void {
    const left = this.tail.length - this.#at;
    if (left > 0) throw new InputError(`${left} bytes stand after the last tensor`);
  }
}

function checkNames(spec: DatasetSpec, inputs: readonly InputTensor[]): void {
  const names = spec.features.map(({ name }) => name);
  inputs.forEach(({ name }, at) => {
    const pointer = `/inputs/${at}/name`;
    if (!names.includes(name))
      throw new InputError([{ pointer, detail: `expected one of ${names.join(", ")}; got ${quoted(name)}` }]);
    if (inputs.findIndex((input) => input.name === name) < at)
      throw new InputError([{ pointer, detail: `${name} is given twice` }]);
  });
}

/** A fault of a row as a fault of the tensor that holds the value. */
function relocate({ pointer, detail }: FieldError, request: InferRequest, row: number): FieldError {
  const input = request.inputs.findIndex(({ name }) => pointer === `/${name}`);
  if (input < 0) return { pointer: "/inputs", detail: `${pointer.slice(1)}: ${detail}` };
  return { pointer: `/inputs/${input}/data/${row}`, detail };
}

/** The rows that the tensors hold, checked; `tail`: the bytes after the JSON. Throws InputError naming tensor and element. */
export function readInferRows(
  spec: DatasetSpec,
  request: InferRequest,
  tail: Uint8Array,
  maxRows: number,
): Row[] {
  checkNames(spec, request.inputs);
  const rows = countRows(request.inputs[0], 0, maxRows);
  const reader = new TensorReader(tail);
  const columns = request.inputs.map((tensor, at) => {
    if (countRows(tensor, at, maxRows) !== rows)
      throw new InputError([
        { pointer: `/inputs/${at}/shape`, detail: `expected ${rows} rows, as the first tensor has` },
      ]);
    return reader.read(tensor, at, rows);
  });
  reader.end();
  return Array.from({ length: rows }, (_, row) => {
    const entries = request.inputs.map(({ name }, at) => [
      name,
      columns[at][row] === "" ? null : columns[at][row],
    ]);
    try {
      return checkRow(spec, Object.fromEntries(entries));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(error.errors.map((one) => relocate(one, request, row)));
    }
  });
}

/** The outputs that a request wants, all where it names none, and which of them as bytes. */
export function wantedOutputs(request: InferRequest): { name: OutputName; isBinary: boolean }[] {
  const all = request.parameters?.[binaryOutputs] === true;
  const named = request.outputs?.length
    ? request.outputs
    : outputNames.map((name) => ({ name, parameters: undefined }));
  return named.map(({ name, parameters }) => ({ name, isBinary: (parameters?.binary_data ?? all) === true }));
}
