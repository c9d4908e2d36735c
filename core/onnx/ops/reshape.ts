// Reshape: [N, 1, k] as [N, k]; the elements stay where they are.
import {
  type CompileNode,
  checkAttributes,
  checkInputCount,
  constantAt,
  hasRows,
  inputAt,
  nodeFault,
  widthOf,
} from "../operand.ts";

export const compileReshape: CompileNode = (node, inputs) => {
  checkAttributes(node, []);
  checkInputCount(node, 2, 2);
  const input = inputAt(node, inputs, 0, ["float", "double", "int64"]);
  const shape = Array.from(constantAt(node, inputs, 1, ["int64"]).numbers);
  const width = widthOf(input.dims);
  const rest = shape.slice(1);
  if (!hasRows(input.dims) || shape[0] !== -1 || rest.length === 0 || rest.some((dim) => dim < 1)) {
    throw nodeFault(node, `expected to reshape rows to [-1, width]; got [${shape.slice(0, 8)}]`);
  }
  if (widthOf(rest) !== width)
    throw nodeFault(node, `expected ${width} elements a row; got [${shape.slice(0, 8)}]`);
  return {
    type: input.type,
    dims: ["N", ...rest],
    bind: (output) => (rows) => {
      for (let i = 0; i < rows * width; i++) output.numbers[i] = input.numbers[i];
    },
  };
};
