// Tensors of the Open Inference Protocol: as JSON numbers and texts, or as the bytes of Triton's binary tensor extension.
import { InputError, quoted } from "./problem.ts";

/** Bytes an element in binary; BYTES elements carry their own length. */
const numberTypes = {
  FP32: { bytes: 4, read: (view: DataView, at: number) => view.getFloat32(at, true) },
  FP64: { bytes: 8, read: (view: DataView, at: number) => view.getFloat64(at, true) },
  INT32: { bytes: 4, read: (view: DataView, at: number) => view.getInt32(at, true) },
  INT64: { bytes: 8, read: (view: DataView, at: number) => Number(view.getBigInt64(at, true)) },
} as const;

export type NumberType = keyof typeof numberTypes;
export const tensorTypes = [...(Object.keys(numberTypes) as NumberType[]), "BYTES"] as const;
export type TensorType = (typeof tensorTypes)[number];

/** An element; null is missing. */
export type Element = number | string | null;

const isMissing = (value: number) => Number.isNaN(value);

function fault(pointer: string, detail: string): InputError {
  return new InputError([{ pointer, detail }]);
}

/** Elements out of JSON data, flat or nested one level as [N, 1] is. */
export function readJsonElements(data: readonly unknown[], type: TensorType, pointer: string): Element[] {
  return data.map((given, at) => {
    const value = Array.isArray(given) && given.length === 1 ? given[0] : given;
    if (value === null || typeof value === (type === "BYTES" ? "string" : "number")) return value as Element;
    const wanted = type === "BYTES" ? "a text" : "a number";
    throw fault(
      `${pointer}/${at}`,
      `expected ${wanted} or null in a tensor of ${type}; got ${quoted(value)}`,
    );
  });
}

/** Elements out of BYTES: each a 32-bit little-endian length and so many bytes of UTF-8. */
function readTexts(bytes: Uint8Array, count: number, pointer: string): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  const texts: string[] = [];
  let at = 0;
  while (texts.length < count) {
    const length = at + 4 <= bytes.length ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    // A length is only believed within the bytes that are there.
    if (length > bytes.length - at - 4)
      throw fault(pointer, `its bytes break off in element ${texts.length}`);
    try {
      texts.push(decoder.decode(bytes.subarray(at + 4, at + 4 + length)));
    } catch {
      throw fault(pointer, `element ${texts.length} is not UTF-8`);
    }
    at += 4 + length;
  }
  if (at !== bytes.length)
    throw fault(pointer, `expected ${at} bytes for ${count} elements; got ${bytes.length}`);
  return texts;
}

/** Elements out of the bytes of one tensor; NaN is missing. */
export function readBinaryElements(
  bytes: Uint8Array,
  type: TensorType,
  count: number,
  pointer: string,
): Element[] {
  if (type === "BYTES") return readTexts(bytes, count, pointer);
  const { bytes: size, read } = numberTypes[type];
  if (bytes.length !== size * count)
    throw fault(
      pointer,
      `expected ${size * count} bytes for ${count} elements of ${type}; got ${bytes.length}`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, at) => {
    const value = read(view, at * size);
    return isMissing(value) ? null : value;
  });
}

/** Numbers as little-endian FP64. */
export function doubleBytes(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of values.entries()) view.setFloat64(at * 8, value, true);
  return bytes;
}
