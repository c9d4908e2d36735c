// Cast: numbers to float or double, where rounding is defined alike by every runtime.
import { type CompileNode, checkAttributes, intOf, nodeFault, widthOf } from "../operand.ts";
import { findElementType } from "../tensor.ts";
import { rowInput } from "./unary.ts";

export const compileCast: CompileNode = (node, inputs) => {
  checkAttributes(node, ["to"]);
  const input = rowInput(node, inputs, ["float", "double", "int64", "bool"]);
  const type = findElementType(intOf(node, "to", 0));
  if (type !== "float" && type !== "double") throw nodeFault(node, "expected a cast to float or double");
  const width = widthOf(input.dims);
  return {
    type,
    dims: input.dims,
    bind: ({ numbers: to }) => {
      const from = input.numbers;
      if (type === "double") {
        return (rows) => {
          for (let i = 0; i < rows * width; i++) to[i] = from[i];
        };
      }
      return (rows) => {
        for (let i = 0; i < rows * width; i++) to[i] = Math.fround(from[i]);
      };
    },
  };
};
