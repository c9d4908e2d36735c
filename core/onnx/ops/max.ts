// Max: the larger of two inputs, with broadcasting; NaN if either is.
import { compileBinary } from "./binary.ts";

export const compileMax = compileBinary(["float", "double"], Math.max);
