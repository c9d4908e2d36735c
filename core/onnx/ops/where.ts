// Where: of two numbers of one type, the first where the condition holds.
import {
  type CompileNode,
  checkAttributes,
  checkInputCount,
  inputAt,
  nodeFault,
  widthOf,
} from "../operand.ts";
import { broadcast, stridesOf } from "./elementwise.ts";

export const compileWhere: CompileNode = (node, inputs) => {
  checkAttributes(node, []);
  checkInputCount(node, 3, 3);
  const condition = inputAt(node, inputs, 0, ["bool"]);
  const yes = inputAt(node, inputs, 1, ["float", "double"]);
  const no = inputAt(node, inputs, 2, ["float", "double"]);
  if (yes.type !== no.type) throw nodeFault(node, `expected one type; got ${yes.type} and ${no.type}`);
  const dims = broadcast(node, [condition, yes, no]);
  const width = widthOf(dims);
  const [c, y, n] = [condition, yes, no].map(stridesOf);
  return {
    type: yes.type,
    dims,
    bind:
      ({ numbers: to }) =>
      (rows) => {
        for (let row = 0, at = 0; row < rows; row++) {
          for (let column = 0; column < width; column++) {
            const holds = condition.numbers[row * c.row + column * c.column] !== 0;
            to[at++] = holds
              ? yes.numbers[row * y.row + column * y.column]
              : no.numbers[row * n.row + column * n.column];
          }
        }
      },
  };
};
