// Abs: a number without its sign; exact in either type.
import { type CompileNode, checkAttributes, widthOf } from "../operand.ts";
import { rowInput } from "./unary.ts";

export const compileAbs: CompileNode = (node, inputs) => {
  checkAttributes(node, []);
  const input = rowInput(node, inputs, ["float", "double"]);
  const width = widthOf(input.dims);
  return {
    type: input.type,
    dims: input.dims,
    bind: (output) => (rows) => {
      for (let i = 0; i < rows * width; i++) output.numbers[i] = Math.abs(input.numbers[i]);
    },
  };
};
