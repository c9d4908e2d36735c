// The tree that was just grown, from the shared memory's records to plain arrays.
import { splitKind, type Tree } from "#core/trees/ensemble.ts";
import { node, search } from "../kernels/layout.ts";
import type { Views } from "../kernels/views.ts";

/** Larger than every cut: where all values go left and only missing ones right. */
const beyondAll = Math.fround(3.4028234663852886e38);

/** Levels of set features by bin, one array a level: -1 where no training row has it. */
export type BinsOfLevels = ReadonlyMap<number, Int16Array>;

/** The first `nodes` nodes as a tree that adds to `output`. */
export function recordTree(views: Views, nodes: number, output: number, binsOfLevels: BinsOfLevels): Tree {
  const hessianStep = views.settings[search.hessianStep];
  const members = new Map<number, readonly number[]>();
  const tree = {
    kind: new Uint8Array(nodes),
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    defaultLeft: new Uint8Array(nodes),
    value: new Float32Array(nodes),
    cover: new Float32Array(nodes),
    gain: new Float32Array(nodes),
    members,
    output,
  };
  for (let id = 0; id < nodes; id++) {
    tree.cover[id] = views.getNode(id, node.hessian) * hessianStep;
    const left = views.getNode(id, node.left);
    if (left === 0) {
      tree.value[id] = views.getNode(id, node.value);
      continue;
    }
    const feature = views.getNode(id, node.feature);
    tree.feature[id] = feature;
    tree.left[id] = left;
    tree.right[id] = left + 1;
    tree.defaultLeft[id] = views.getNode(id, node.defaultLeft);
    tree.gain[id] = views.getNode(id, node.gain);
    if (views.getNode(id, node.isSet) === 1) {
      tree.kind[id] = splitKind.memberLeft;
      const table = views.table(id);
      const bins = binsOfLevels.get(feature)!;
      const goesLeft = (level: number) =>
        bins[level] < 0 ? tree.defaultLeft[id] === 1 : table[bins[level]] === 1;
      members.set(id, Array.from(bins.keys()).filter(goesLeft));
    } else {
      tree.kind[id] = splitKind.less;
      const cuts = views.cuts(feature);
      const bin = views.getNode(id, node.bin);
      tree.threshold[id] = bin < cuts.length ? cuts[bin] : beyondAll;
    }
  }
  return tree;
}
