// Min: the smaller of two inputs, with broadcasting; NaN if either is.
import { compileBinary } from "./binary.ts";

export const compileMin = compileBinary(["float", "double"], Math.min);
