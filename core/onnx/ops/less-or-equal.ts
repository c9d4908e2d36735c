// LessOrEqual: whether the first input is at most the second, with broadcasting; false where either is NaN.
import {
  type CompileNode,
  checkAttributes,
  checkInputCount,
  inputAt,
  nodeFault,
  widthOf,
} from "../operand.ts";
import { broadcast, stridesOf } from "./elementwise.ts";

export const compileLessOrEqual: CompileNode = (node, inputs) => {
  checkAttributes(node, []);
  checkInputCount(node, 2, 2);
  const left = inputAt(node, inputs, 0, ["float", "double"]);
  const right = inputAt(node, inputs, 1, ["float", "double"]);
  if (left.type !== right.type)
    throw nodeFault(node, `expected one type; got ${left.type} and ${right.type}`);
  const dims = broadcast(node, [left, right]);
  const width = widthOf(dims);
  const [l, r] = [left, right].map(stridesOf);
  return {
    type: "bool",
    dims,
    bind:
      ({ numbers: to }) =>
      (rows) => {
        for (let row = 0, at = 0; row < rows; row++) {
          for (let column = 0; column < width; column++) {
            const holds =
              left.numbers[row * l.row + column * l.column] <= right.numbers[row * r.row + column * r.column];
            to[at++] = holds ? 1 : 0;
          }
        }
      },
  };
};
