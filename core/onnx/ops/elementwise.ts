// What element-by-element ops share: numpy broadcasting of up to two dimensions, reduced to one stride a row and one a column.

import type { NodeProto } from "../model-proto.ts";
import { type Dims, hasRows, nodeFault, type Operand } from "../operand.ts";

/** How a kernel walks an operand: element (r, c) is numbers[r * rowStride + c * columnStride]. */
export interface Strides {
  readonly row: number;
  readonly column: number;
}

export function stridesOf(operand: Operand): Strides {
  const width = operand.dims.length === 0 ? 1 : Number(operand.dims[operand.dims.length - 1]);
  return { row: hasRows(operand.dims) ? width : 0, column: width === 1 ? 0 : 1 };
}

/** The shape all inputs broadcast to: [N, width]. Throws InputError for shapes that do not go together. */
export function broadcast(node: NodeProto, inputs: readonly Operand[]): Dims {
  let width = 1;
  for (const { dims } of inputs) {
    const own = dims.length === 0 ? 1 : dims[dims.length - 1];
    const flat = hasRows(dims) ? dims.length === 2 : dims.length < 2 || (dims.length === 2 && dims[0] === 1);
    if (!flat || typeof own !== "number") {
      throw nodeFault(node, `expected shapes [N, width], [1, width], [width] or []; got [${dims}]`);
    }
    if (own !== 1 && width !== 1 && own !== width) throw nodeFault(node, `widths ${width} and ${own} differ`);
    if (own !== 1) width = own;
  }
  if (!inputs.some(({ dims }) => hasRows(dims)))
    throw nodeFault(node, "expected an input that depends on the rows");
  return ["N", width];
}
