// MatMul: rows times a constant matrix. Each dot product starts at 0 and adds its terms in column order, one rounding a step.
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

export const compileMatMul: CompileNode = (node, inputs) => {
  checkAttributes(node, []);
  checkInputCount(node, 2, 2);
  const left = inputAt(node, inputs, 0, ["double"]);
  const right = constantAt(node, inputs, 1, ["double"]);
  const [inner, width] = right.dims as readonly number[];
  if (
    !hasRows(left.dims) ||
    left.dims.length !== 2 ||
    right.dims.length !== 2 ||
    widthOf(left.dims) !== inner
  ) {
    throw nodeFault(node, `expected [N, k] times [k, m]; got [${left.dims}] times [${right.dims}]`);
  }
  // Column-major: a dot product then walks both of its operands forwards.
  const columns = new Float64Array(inner * width);
  for (let i = 0; i < inner; i++) {
    for (let j = 0; j < width; j++) columns[j * inner + i] = right.numbers[i * width + j];
  }
  return {
    type: "double",
    dims: ["N", width],
    bind: ({ numbers: to }) => {
      const from = left.numbers;
      return (rows) => {
        for (let row = 0, at = 0; row < rows; row++) {
          const start = row * inner;
          for (let j = 0; j < width; j++) {
            let sum = 0;
            for (let i = 0; i < inner; i++) sum += from[start + i] * columns[j * inner + i];
            to[at++] = sum;
          }
        }
      };
    },
  };
};
