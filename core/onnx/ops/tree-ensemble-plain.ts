// Trees as our exporter writes those without sets of levels, read in one pass over the columns and without copying them: children behind their
// parents, "less" tests only. Whatever is otherwise, sound or not, is left to the general reader, which also says what is wrong.
import { ensembleLimits } from "../../trees/check-ensemble.ts";
import { splitKind, type Tree } from "../../trees/ensemble.ts";
import type { Columns, Segment } from "./tree-ensemble-columns.ts";

const nothing = new Float32Array(0);
const noMembers: ReadonlyMap<number, readonly number[]> = new Map();

/** A reader of plain trees out of `columns`; it answers undefined for a tree that is not plain. */
export function planPlainTrees(
  columns: Columns,
  featureCount: number,
): (segment: Segment) => Tree | undefined {
  const { features, modes, values, whenTrue, whenFalse, weights } = columns;
  const missing = columns.missingTrue ?? new Int32Array(modes.length);
  const typed =
    features instanceof Int32Array &&
    whenTrue instanceof Int32Array &&
    whenFalse instanceof Int32Array &&
    missing instanceof Int32Array &&
    values instanceof Float32Array;
  if (!typed) return () => undefined;
  const defaultLeft = new Uint8Array(missing);
  /** Depth of a node once its parent was read; the root's is 0, and 0 elsewhere means that nothing leads there yet. */
  const depth = new Uint16Array(modes.length);

  /** The depth of the plain tree in rows `start` to `end`, where each but the first has one parent, which stands before it; -1 for another. */
  const depthOfPlain = (start: number, end: number): number => {
    let splits = 0;
    let deepest = 0;
    for (let row = start; row < end; row++) {
      const mode = modes[row];
      if (mode === splitKind.leaf) continue;
      const left = start + whenTrue[row];
      const right = start + whenFalse[row];
      const below = depth[row] + 1;
      const isSound =
        mode <= splitKind.lessOrEqual &&
        left > row &&
        left < end &&
        right > row &&
        right < end &&
        left !== right &&
        depth[left] === 0 &&
        depth[right] === 0 &&
        below <= ensembleLimits.depth &&
        features[row] >= 0 &&
        features[row] < featureCount &&
        missing[row] >>> 1 === 0 &&
        // False for NaN, and for Infinity, which only some tests may compare with.
        values[row] < Number.POSITIVE_INFINITY;
      if (!isSound) return -1;
      depth[left] = below;
      depth[right] = below;
      if (below > deepest) deepest = below;
      splits++;
    }
    return end - start === 2 * splits + 1 ? deepest : -1;
  };

  return ({ start, end, isCounted, output }) => {
    const deepest = isCounted ? depthOfPlain(start, end) : -1;
    if (deepest < 0) return undefined;
    return {
      depth: deepest,
      kind: modes.subarray(start, end),
      feature: features.subarray(start, end),
      threshold: values.subarray(start, end),
      left: whenTrue.subarray(start, end),
      right: whenFalse.subarray(start, end),
      defaultLeft: defaultLeft.subarray(start, end),
      value: weights.subarray(start, end),
      cover: nothing,
      gain: nothing,
      members: noMembers,
      output,
    };
  };
}
