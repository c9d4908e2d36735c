// IsNaN: where a number is missing.
import { type CompileNode, checkAttributes, widthOf } from "../operand.ts";
import { rowInput } from "./unary.ts";

export const compileIsNaN: CompileNode = (node, inputs) => {
  checkAttributes(node, []);
  const input = rowInput(node, inputs, ["float", "double"]);
  const width = widthOf(input.dims);
  return {
    type: "bool",
    dims: input.dims,
    bind: (output) => (rows) => {
      for (let i = 0; i < rows * width; i++) output.numbers[i] = Number.isNaN(input.numbers[i]) ? 1 : 0;
    },
  };
};
