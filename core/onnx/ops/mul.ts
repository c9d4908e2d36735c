// Mul: the product of two inputs, with broadcasting.
import { compileBinary } from "./binary.ts";

export const compileMul = compileBinary(["float", "double", "int64"], (left, right) => left * right);
