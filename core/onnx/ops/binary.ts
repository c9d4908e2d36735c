// Ops of two numbers with broadcasting: Add, Sub, Mul, Div, and the larger and smaller of two.
import {
  type CompileNode,
  checkAttributes,
  checkInputCount,
  inputAt,
  nodeFault,
  widthOf,
} from "../operand.ts";
import type { ElementType } from "../tensor.ts";
import { broadcast, stridesOf } from "./elementwise.ts";

/** Compiles an op of two inputs of one type. float results are rounded to float32, as one float32 operation would. */
export function compileBinary(
  types: readonly ElementType[],
  apply: (left: number, right: number) => number,
): CompileNode {
  return (node, inputs) => {
    checkAttributes(node, []);
    checkInputCount(node, 2, 2);
    const left = inputAt(node, inputs, 0, types);
    const right = inputAt(node, inputs, 1, types);
    if (left.type !== right.type)
      throw nodeFault(node, `expected one type; got ${left.type} and ${right.type}`);
    const dims = broadcast(node, [left, right]);
    const width = widthOf(dims);
    const l = stridesOf(left);
    const r = stridesOf(right);
    const { type } = left;
    return {
      type,
      dims,
      bind: ({ numbers: to }) => {
        const a = left.numbers;
        const b = right.numbers;
        return (rows) => {
          for (let row = 0, at = 0; row < rows; row++) {
            let i = row * l.row;
            let j = row * r.row;
            for (let column = 0; column < width; column++, i += l.column, j += r.column) {
              const value = apply(a[i], b[j]);
              to[at++] = type === "float" ? Math.fround(value) : value;
            }
          }
        };
      },
    };
  };
}
