// Identity: gives a value a second name, which is how a graph names its output.
import { type CompileNode, checkAttributes, widthOf } from "../operand.ts";
import { rowInput } from "./unary.ts";

export const compileIdentity: CompileNode = (node, inputs) => {
  checkAttributes(node, []);
  const input = rowInput(node, inputs, ["float", "double", "int64", "bool", "string"]);
  const width = widthOf(input.dims);
  return {
    type: input.type,
    dims: input.dims,
    bind: (output) => (rows) => {
      if (input.type === "string") {
        for (let i = 0; i < rows * width; i++) output.texts[i] = input.texts[i];
        return;
      }
      for (let i = 0; i < rows * width; i++) output.numbers[i] = input.numbers[i];
    },
  };
};
