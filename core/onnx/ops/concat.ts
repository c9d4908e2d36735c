// Concat: columns side by side (axis 1).
import {
  type CompileNode,
  checkAttributes,
  hasRows,
  inputAt,
  intOf,
  nodeFault,
  widthOf,
} from "../operand.ts";

export const compileConcat: CompileNode = (node, inputs) => {
  checkAttributes(node, ["axis"]);
  if (inputs.length === 0) throw nodeFault(node, "expected at least one input");
  const axis = intOf(node, "axis", 0);
  if (axis !== 1 && axis !== -1) throw nodeFault(node, `expected the axis 1; got ${axis}`);
  const { type } = inputAt(node, inputs, 0, ["float", "double", "int64"]);
  const parts = inputs.map((_, index) => {
    const part = inputAt(node, inputs, index, [type]);
    if (!hasRows(part.dims) || part.dims.length !== 2) {
      throw nodeFault(node, `expected inputs of shape [N, width]; got [${part.dims}]`);
    }
    return { from: part.numbers, width: widthOf(part.dims) };
  });
  const total = parts.reduce((sum, part) => sum + part.width, 0);
  return {
    type,
    dims: ["N", total],
    bind:
      ({ numbers: to }) =>
      (rows) => {
        let offset = 0;
        for (const { from, width } of parts) {
          for (let row = 0, i = 0; row < rows; row++) {
            const start = row * total + offset;
            for (let column = 0; column < width; column++) to[start + column] = from[i++];
          }
          offset += width;
        }
      },
  };
};
