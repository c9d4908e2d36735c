// Add: the sum of two inputs, with broadcasting.
import { compileBinary } from "./binary.ts";

export const compileAdd = compileBinary(["float", "double", "int64"], (left, right) => left + right);
