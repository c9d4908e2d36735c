// Exp: Natural exponential of doubles, the same last digit everywhere.
import { exponential } from "../exponential.ts";
import { compileUnary } from "./unary.ts";

export const compileExp = compileUnary(exponential);
