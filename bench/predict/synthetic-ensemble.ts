// Perfect trees over nine features from a seed: the shape of a boosted price model, with the 255 thresholds a feature that 256 bins give.
import { splitKind, type Tree, type TreeEnsemble } from "#core/trees/ensemble.ts";
import { type Random, seeded } from "../../trainer/random.ts";

const featureCount = 9;
const thresholds = 255;

export interface Shape {
  readonly trees: number;
  readonly depth: number;
}

export function syntheticEnsemble({ trees, depth }: Shape, seed: number): TreeEnsemble {
  const random = seeded(seed);
  const cuts = Array.from({ length: featureCount }, () =>
    Float32Array.from({ length: thresholds }, () => random()).sort(),
  );
  return {
    features: cuts.map((_, index) => ({ name: `x${index}`, type: "number" })),
    trees: Array.from({ length: trees }, () => syntheticTree(depth, cuts, random)),
    baseScore: [0.5],
    link: "identity",
  };
}

/** Columns of `rows` rows, one in fifty values missing. */
export function syntheticColumns(rows: number, seed: number): Record<string, Float32Array> {
  const random = seeded(seed);
  const column = () => Float32Array.from({ length: rows }, () => (random() < 0.02 ? Number.NaN : random()));
  return Object.fromEntries(Array.from({ length: featureCount }, (_, index) => [`x${index}`, column()]));
}

function syntheticTree(depth: number, cuts: readonly Float32Array[], random: Random): Tree {
  const splits = 2 ** depth - 1;
  const size = 2 * splits + 1;
  const isSplit = (node: number) => node < splits;
  const pick = (node: number, value: () => number) => (isSplit(node) ? value() : 0);
  const nodes = Array.from({ length: size }, (_, node) => {
    const feature = pick(node, () => Math.floor(random() * featureCount));
    return { feature, threshold: pick(node, () => cuts[feature][Math.floor(random() * thresholds)]) };
  });
  return {
    kind: Uint8Array.from(nodes, (_, node) => (isSplit(node) ? splitKind.less : splitKind.leaf)),
    feature: Int32Array.from(nodes, ({ feature }) => feature),
    threshold: Float32Array.from(nodes, ({ threshold }) => threshold),
    left: Int32Array.from(nodes, (_, node) => (isSplit(node) ? 2 * node + 1 : -1)),
    right: Int32Array.from(nodes, (_, node) => (isSplit(node) ? 2 * node + 2 : -1)),
    defaultLeft: Uint8Array.from(nodes, (_, node) => pick(node, () => (random() < 0.5 ? 1 : 0))),
    value: Float32Array.from(nodes, (_, node) => (isSplit(node) ? 0 : Math.fround(0.1 * (random() - 0.5)))),
    // As if every split halved its rows.
    cover: Float32Array.from(nodes, (_, node) => 2 ** (depth - Math.floor(Math.log2(node + 1)))),
    gain: new Float32Array(size),
    members: new Map(),
    output: 0,
  };
}
