// ArgMax over the columns (axis 1): the place of a row's largest number, the first of equal ones.
import {
  type CompileNode,
  checkAttributes,
  checkInputCount,
  hasRows,
  inputAt,
  intOf,
  nodeFault,
  widthOf,
} from "../operand.ts";

export const compileArgMax: CompileNode = (node, inputs) => {
  checkAttributes(node, ["axis", "keepdims", "select_last_index"]);
  checkInputCount(node, 1, 1);
  const input = inputAt(node, inputs, 0, ["float", "double"]);
  const axis = intOf(node, "axis", 0);
  if (axis !== 1 && axis !== -1) throw nodeFault(node, "expected the axis 1");
  if (intOf(node, "select_last_index", 0) !== 0) throw nodeFault(node, "expected the first of equal numbers");
  if (!hasRows(input.dims) || input.dims.length !== 2)
    throw nodeFault(node, `expected [N, width]; got [${input.dims}]`);
  const width = widthOf(input.dims);
  return {
    type: "int64",
    dims: intOf(node, "keepdims", 1) === 1 ? ["N", 1] : ["N"],
    bind:
      ({ numbers: to }) =>
      (rows) => {
        for (let row = 0; row < rows; row++) {
          const start = row * width;
          let best = 0;
          for (let column = 1; column < width; column++)
            if (input.numbers[start + column] > input.numbers[start + best]) best = column;
          to[row] = best;
        }
      },
  };
};
