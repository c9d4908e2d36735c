// Ensembles and rows from a seed, with every kind of split, repeated features, missing values and thresholds that rows hit exactly.
import { type EnsembleFeature, splitKind, type Tree, type TreeEnsemble } from "#core/trees/ensemble.ts";
import { nextFloat, previousFloat } from "#core/trees/float32.ts";
import { type Random, seeded } from "../../../trainer/random.ts";

export interface EnsembleShape {
  readonly trees: number;
  readonly depth: number;
  readonly outputs?: number;
  /** Chance that a node above the deepest level splits; 1 gives perfect trees. */
  readonly fullness?: number;
  readonly numbers?: number;
  readonly categories?: readonly number[];
}

/** Few values, so that rows meet thresholds and their neighbours. */
const grid = [-2, -1, -0.1, 0, 0.1, 1 / 3, 0.5, 1, 2, 3.75];

export function randomEnsemble(seed: number, shape: EnsembleShape): TreeEnsemble {
  const random = seeded(seed);
  const numbers = shape.numbers ?? 3;
  const features: EnsembleFeature[] = [
    ...Array.from({ length: numbers }, (_, index) => ({ name: `number${index}`, type: "number" }) as const),
    ...(shape.categories ?? [3, 7]).map((count, index) => ({
      name: `category${index}`,
      type: "category" as const,
      levels: Array.from({ length: count }, (_, level) => `level ${level}`),
    })),
  ];
  const outputs = shape.outputs ?? 1;
  return {
    features,
    trees: Array.from({ length: shape.trees }, (_, index) =>
      randomTree(random, features, shape, index % outputs),
    ),
    baseScore: Array.from({ length: outputs }, () => Math.fround(random() * 4 - 2)),
    link: outputs > 1 ? "softmax" : "identity",
  };
}

interface Draft {
  kind: number;
  feature: number;
  threshold: number;
  left: number;
  right: number;
  defaultLeft: number;
  value: number;
  cover: number;
}

function randomTree(
  random: Random,
  features: readonly EnsembleFeature[],
  shape: EnsembleShape,
  output: number,
): Tree {
  const nodes: Draft[] = [];
  const members = new Map<number, readonly number[]>();
  const grow = (depth: number): number => {
    const node: Draft = {
      kind: splitKind.leaf,
      feature: 0,
      threshold: 0,
      left: -1,
      right: -1,
      defaultLeft: 0,
      value: Math.fround(random() - 0.5),
      cover: 1 + Math.floor(random() * 50),
    };
    const index = nodes.push(node) - 1;
    if (depth >= shape.depth || random() >= (shape.fullness ?? 0.8)) return index;
    node.feature = Math.floor(random() * features.length);
    node.defaultLeft = random() < 0.5 ? 1 : 0;
    const feature = features[node.feature];
    node.kind = random() < 0.5 ? splitKind.less : splitKind.lessOrEqual;
    if (feature.type === "number") node.threshold = Math.fround(grid[Math.floor(random() * grid.length)]);
    else if (random() < 0.3) node.threshold = Math.floor(random() * feature.levels.length);
    else {
      node.kind = splitKind.memberLeft;
      members.set(
        index,
        feature.levels.flatMap((_, level) => (random() < 0.5 ? [level] : [])),
      );
    }
    node.value = 0;
    node.left = grow(depth + 1);
    node.right = grow(depth + 1);
    node.cover = nodes[node.left].cover + nodes[node.right].cover;
    return index;
  };
  grow(0);
  return {
    kind: Uint8Array.from(nodes, (node) => node.kind),
    feature: Int32Array.from(nodes, (node) => node.feature),
    threshold: Float32Array.from(nodes, (node) => node.threshold),
    left: Int32Array.from(nodes, (node) => node.left),
    right: Int32Array.from(nodes, (node) => node.right),
    defaultLeft: Uint8Array.from(nodes, (node) => node.defaultLeft),
    value: Float32Array.from(nodes, (node) => node.value),
    cover: Float32Array.from(nodes, (node) => node.cover),
    gain: new Float32Array(nodes.length),
    members,
    output,
  };
}

/** One encoded row: grid values, their float32 neighbours, infinities, levels, NaN. */
export function randomRow(random: Random, features: readonly EnsembleFeature[]): Float32Array {
  return Float32Array.from(features, (feature) => {
    if (random() < 0.15) return Number.NaN;
    if (feature.type === "category") return Math.floor(random() * feature.levels.length);
    const value = Math.fround(grid[Math.floor(random() * grid.length)]);
    const kind = random();
    if (kind < 0.4) return value;
    if (kind < 0.55) return nextFloat(value);
    if (kind < 0.7) return previousFloat(value);
    if (kind < 0.75) return random() < 0.5 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return random() * 8 - 4;
  });
}
