// One TensorProto as a tensor: whatever of ONNX's ways to store values was taken, the values must be as many as the shape says.
import { InputError, quoted } from "../api/problem.ts";
import { fields } from "./model-proto.ts";
import { type ElementType, findElementType, sizeOf, type Tensor, tensorOf } from "./tensor.ts";
import { joined, type WireReader } from "./wire-reader.ts";

const maxRank = 4;
const rawWidths = { float: 4, double: 8, int64: 8, bool: 1 } as const;

function readRaw(type: Exclude<ElementType, "string">, raw: Uint8Array): number[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const width = rawWidths[type];
  if (raw.length % width !== 0)
    throw new InputError("model: a tensor's raw data is not a whole number of values");
  const values: number[] = [];
  for (let at = 0; at < raw.length; at += width) {
    if (type === "float") values.push(view.getFloat32(at, true));
    else if (type === "double") values.push(view.getFloat64(at, true));
    else if (type === "int64") values.push(Number(view.getBigInt64(at, true)));
    else values.push(view.getUint8(at) === 0 ? 0 : 1);
  }
  return values;
}

/** Reads a TensorProto. Throws InputError for external data, unknown element types, and shapes that do not fit the values. */
export function readTensor(reader: WireReader): { name: string; tensor: Tensor } {
  const field = fields.tensor;
  const dims: number[] = [];
  const numbers: (Int32Array | Float64Array)[] = [];
  const texts: string[] = [];
  let name = "";
  let code = 0;
  let raw: Uint8Array | undefined;
  while (reader.next()) {
    if (reader.field === field.dims) for (const dim of reader.integers()) dims.push(dim);
    else if (reader.field === field.dataType) code = reader.integer();
    else if (reader.field === field.name) name = reader.string();
    else if (reader.field === field.rawData) raw = reader.raw();
    else if (reader.field === field.floatData) numbers.push(Float64Array.from(reader.floats()));
    else if (reader.field === field.doubleData) numbers.push(reader.doubles());
    else if (reader.field === field.int64Data || reader.field === field.int32Data)
      numbers.push(reader.integers());
    else if (reader.field === field.stringData) texts.push(reader.string());
    else if (reader.field === field.externalData || reader.field === field.dataLocation) {
      throw new InputError(
        `model: tensor ${quoted(name)} keeps its data outside the file; expected it inside`,
      );
    } else reader.skip();
  }
  const type = findElementType(code);
  if (!type)
    throw new InputError(`model: tensor ${quoted(name)} has element type ${code}, which is not supported`);
  const where = `model: tensor ${quoted(name)}`;
  if (dims.length > maxRank || dims.some((dim) => dim < 1)) {
    throw new InputError(
      `${where} has the shape [${dims.slice(0, 8)}]; expected at most ${maxRank} dimensions of 1 or more`,
    );
  }
  if (type === "string" && raw) throw new InputError(`${where} has strings as raw data`);
  const values =
    type === "string" ? texts : raw ? readRaw(type, raw) : Array.from(joined(numbers, new Float64Array()));
  if (values.length !== sizeOf(dims)) {
    throw new InputError(`${where} has ${values.length} values; its shape [${dims}] expects ${sizeOf(dims)}`);
  }
  if (type === "int64" && !(values as number[]).every(Number.isSafeInteger)) {
    throw new InputError(`${where} has an integer beyond 2^53`);
  }
  return { name, tensor: tensorOf(type, dims, values) };
}
