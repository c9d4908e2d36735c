// Clip: doubles kept between two constants; NaN stays NaN.
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

export const compileClip: CompileNode = (node, inputs) => {
  checkAttributes(node, []);
  checkInputCount(node, 1, 3);
  const input = inputAt(node, inputs, 0, ["double"]);
  if (!hasRows(input.dims)) throw nodeFault(node, "expected an input that depends on the rows");
  const bound = (index: number, fallback: number): number => {
    if (!inputs[index]) return fallback;
    const { numbers, dims } = constantAt(node, inputs, index, ["double"]);
    if (dims.length !== 0) throw nodeFault(node, `expected a scalar bound; got [${dims}]`);
    return numbers[0];
  };
  // The standard's defaults are the largest finite numbers: an infinity does not pass.
  const low = bound(1, -Number.MAX_VALUE);
  const high = bound(2, Number.MAX_VALUE);
  const width = widthOf(input.dims);
  return {
    type: "double",
    dims: input.dims,
    bind: (output) => (rows) => {
      for (let i = 0; i < rows * width; i++)
        output.numbers[i] = Math.min(Math.max(input.numbers[i], low), high);
    },
  };
};
