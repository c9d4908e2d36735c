// One row's way down the tree that was just grown, over its bins: shared by the plain kernels and the tests of routing.
import { node, nodeBytes, type Offsets, tableBytes } from "./layout.ts";

/** The value of the leaf that the row whose bins start at `cells` falls into. */
export function leafValue(doubles: Float64Array, bytes: Uint8Array, at: Offsets, cells: number): number {
  let id = 0;
  for (;;) {
    const record = (at.nodes + id * nodeBytes) >> 3;
    const left = doubles[record + node.left];
    if (left === 0) return doubles[record + node.value];
    const bin = bytes[cells + doubles[record + node.feature]];
    id = bytes[at.tables + id * tableBytes + bin] === 1 ? left : doubles[record + node.right];
  }
}
