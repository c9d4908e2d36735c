// Gather: rows of a constant table picked by index (axis 0), which is how a category's level gets its numbers and a class its name.
import { InputError } from "../../api/problem.ts";
import {
  type CompileNode,
  checkAttributes,
  checkInputCount,
  constantAt,
  hasRows,
  inputAt,
  intOf,
  nodeFault,
  widthOf,
} from "../operand.ts";

export const compileGather: CompileNode = (node, inputs) => {
  checkAttributes(node, ["axis"]);
  checkInputCount(node, 2, 2);
  if (intOf(node, "axis", 0) !== 0) throw nodeFault(node, "expected the axis 0");
  const table = constantAt(node, inputs, 0, ["float", "double", "int64", "string"]);
  const indices = inputAt(node, inputs, 1, ["int64"]);
  const [length, ...rest] = table.dims as readonly number[];
  const isList = table.type === "string";
  if (length === undefined || rest.length !== (isList ? 0 : 1))
    throw nodeFault(
      node,
      `expected ${isList ? "a list of texts" : "a table of two dimensions"}; got [${table.dims}]`,
    );
  if (!hasRows(indices.dims) || widthOf(indices.dims) !== 1) {
    throw nodeFault(node, `expected one index a row; got [${indices.dims}]`);
  }
  const placeOf = (row: number): number => {
    const given = indices.numbers[row];
    const index = given < 0 ? given + length : given;
    if (index >= 0 && index < length) return index;
    throw new InputError(`model: index ${given} is outside a table of ${length}`);
  };
  if (isList) {
    return {
      type: table.type,
      dims: indices.dims,
      bind: (output) => (rows) => {
        for (let row = 0; row < rows; row++) output.texts[row] = table.texts[placeOf(row)];
      },
    };
  }
  const [width] = rest;
  return {
    type: table.type,
    dims: [...indices.dims, width],
    bind:
      ({ numbers: to }) =>
      (rows) => {
        for (let row = 0, at = 0; row < rows; row++) {
          const index = placeOf(row);
          for (let i = index * width; i < (index + 1) * width; i++) to[at++] = table.numbers[i];
        }
      },
  };
};
