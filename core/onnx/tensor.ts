// Tensors as this code handles them: element types by name, data in the plainest array that holds it exactly.

/** ONNX TensorProto.DataType of every element type that the graphs here use. */
export const elementTypeCodes = { float: 1, int64: 7, string: 8, bool: 9, double: 11 } as const;

export type ElementType = keyof typeof elementTypeCodes;

/** The name of an ONNX element type; undefined where this code does not use it. */
export function findElementType(code: number): ElementType | undefined {
  return (Object.keys(elementTypeCodes) as ElementType[]).find((name) => elementTypeCodes[name] === code);
}

/** Values in row-major order: float as float32, int64 as safe integers in doubles, bool as 0 and 1. */
export type TensorData = Float32Array | Float64Array | Uint8Array | readonly string[];

/** A constant tensor. */
export interface Tensor {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((size, dim) => size * dim, 1);
}

/** A tensor of the given values, converted to its element type. Throws RangeError where they do not fit. */
export function tensorOf(
  type: ElementType,
  dims: readonly number[],
  values: ArrayLike<number> | readonly string[],
): Tensor {
  if (values.length !== sizeOf(dims)) {
    throw new RangeError(`expected ${sizeOf(dims)} values for [${dims}]; got ${values.length}`);
  }
  if (type === "string") return { type, dims, data: Array.from(values as readonly string[]) };
  const numbers = values as ArrayLike<number>;
  if (type === "float") return { type, dims, data: Float32Array.from(numbers) };
  if (type === "bool") return { type, dims, data: Uint8Array.from(numbers) };
  const data = Float64Array.from(numbers);
  if (type === "int64" && !data.every(Number.isSafeInteger)) throw new RangeError("expected safe integers");
  return { type, dims, data };
}
