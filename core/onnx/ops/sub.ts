// Sub: the difference of two inputs, with broadcasting.
import { compileBinary } from "./binary.ts";

export const compileSub = compileBinary(["float", "double", "int64"], (left, right) => left - right);
