// Ops of one number: a function applied to every element, the shape kept.
import type { NodeProto } from "../model-proto.ts";
import {
  type CompileNode,
  checkAttributes,
  checkInputCount,
  hasRows,
  inputAt,
  nodeFault,
  type Operand,
  widthOf,
} from "../operand.ts";
import type { ElementType } from "../tensor.ts";

/** A row-dependent number input, the only kind these ops take. */
export function rowInput(
  node: NodeProto,
  inputs: readonly (Operand | undefined)[],
  types: readonly ElementType[],
): Operand {
  checkInputCount(node, 1, 1);
  const input = inputAt(node, inputs, 0, types);
  if (!hasRows(input.dims)) throw nodeFault(node, "expected an input that depends on the rows");
  return input;
}

/** Compiles an op that maps doubles to doubles. */
export function compileUnary(apply: (value: number) => number): CompileNode {
  return (node, inputs) => {
    checkAttributes(node, []);
    const input = rowInput(node, inputs, ["double"]);
    const width = widthOf(input.dims);
    return {
      type: "double",
      dims: input.dims,
      bind: (output) => {
        const from = input.numbers;
        const to = output.numbers;
        return (rows) => {
          for (let i = 0; i < rows * width; i++) to[i] = apply(from[i]);
        };
      },
    };
  };
}
