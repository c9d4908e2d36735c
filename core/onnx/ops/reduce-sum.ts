// ReduceSum over the columns (axis 1, keepdims): the terms of a row are added in column order, starting at 0.
import {
  type CompileNode,
  checkAttributes,
  checkInputCount,
  constantAt,
  hasRows,
  inputAt,
  intOf,
  nodeFault,
  widthOf,
} from "../operand.ts";

export const compileReduceSum: CompileNode = (node, inputs) => {
  checkAttributes(node, ["keepdims"]);
  checkInputCount(node, 2, 2);
  const input = inputAt(node, inputs, 0, ["double"]);
  const axes = Array.from(constantAt(node, inputs, 1, ["int64"]).numbers);
  if (axes.length !== 1 || (axes[0] !== 1 && axes[0] !== -1) || intOf(node, "keepdims", 1) !== 1) {
    throw nodeFault(node, "expected to sum over the axis 1, keeping the dimension");
  }
  if (!hasRows(input.dims) || input.dims.length !== 2)
    throw nodeFault(node, `expected [N, width]; got [${input.dims}]`);
  const width = widthOf(input.dims);
  return {
    type: "double",
    dims: ["N", 1],
    bind:
      ({ numbers: to }) =>
      (rows) => {
        for (let row = 0, i = 0; row < rows; row++) {
          let sum = 0;
          for (let column = 0; column < width; column++) sum += input.numbers[i++];
          to[row] = sum;
        }
      },
  };
};
