// Div: the quotient of two inputs, with broadcasting.
import { compileBinary } from "./binary.ts";

// Not of integers: ONNX rounds those towards zero, and no graph of ours divides any.
export const compileDiv = compileBinary(["float", "double"], (left, right) => left / right);
