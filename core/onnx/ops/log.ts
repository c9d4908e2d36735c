// Log: Natural logarithm of doubles, the same last digit everywhere.
import { logarithm } from "../logarithm.ts";
import { compileUnary } from "./unary.ts";

export const compileLog = compileUnary(logarithm);
