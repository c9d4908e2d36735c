// An ensemble as compact JSON for the bundle's explain.json: columns over all nodes of all trees, base64 of little-endian bytes.
import { InputError } from "../api/problem.ts";
import { base64ToBytes, bytesToBase64 } from "./base64.ts";
import { checkEnsemble, ensembleLimits } from "./check-ensemble.ts";
import { type EnsembleFeature, type Link, splitKind, type Tree, type TreeEnsemble } from "./ensemble.ts";

const format = 1;
const links: readonly Link[] = ["identity", "exp", "square", "sigmoid", "softmax"];

/** What TreeSHAP needs of an ensemble: everything but the gains. Numbers are exact: float32 in, the same float32 out. */
export interface EnsembleJson {
  readonly format: number;
  readonly features: readonly EnsembleFeature[];
  readonly link: Link;
  readonly baseScore: readonly number[];
  /** Nodes and output of each tree. */
  readonly sizes: readonly number[];
  readonly outputs: readonly number[];
  /** uint8 a node: kind, plus 4 where a missing value goes left. */
  readonly kinds: string;
  /** uint16 a node. */
  readonly splitFeatures: string;
  /** int32 a node: distance to the left and to the right child; 0 at leaves. */
  readonly lefts: string;
  readonly rights: string;
  /** float32 a node: the threshold of a split, the value of a leaf. */
  readonly numbers: string;
  readonly covers: string;
  /** [tree, node, levels that go left]. */
  readonly members: readonly (readonly [number, number, readonly number[]])[];
}

export function ensembleToJson(ensemble: TreeEnsemble): EnsembleJson {
  const sizes = ensemble.trees.map((tree) => tree.kind.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const kinds = new Uint8Array(total);
  const splitFeatures = new Uint16Array(total);
  const lefts = new Int32Array(total);
  const rights = new Int32Array(total);
  const numbers = new Float32Array(total);
  const covers = new Float32Array(total);
  const members: [number, number, readonly number[]][] = [];
  let at = 0;
  ensemble.trees.forEach((tree, index) => {
    for (let node = 0; node < tree.kind.length; node++, at++) {
      const leaf = tree.kind[node] === splitKind.leaf;
      kinds[at] = tree.kind[node] + (tree.defaultLeft[node] && !leaf ? 4 : 0);
      numbers[at] = leaf ? tree.value[node] : tree.threshold[node];
      covers[at] = tree.cover[node];
      if (leaf) continue;
      splitFeatures[at] = tree.feature[node];
      lefts[at] = tree.left[node] - node;
      rights[at] = tree.right[node] - node;
    }
    for (const [node, levels] of tree.members) members.push([index, node, levels]);
  });
  return {
    format,
    features: ensemble.features,
    link: ensemble.link,
    baseScore: ensemble.baseScore,
    sizes,
    outputs: ensemble.trees.map((tree) => tree.output),
    kinds: encode(kinds),
    splitFeatures: encode(splitFeatures),
    lefts: encode(lefts),
    rights: encode(rights),
    numbers: encode(numbers),
    covers: encode(covers),
    members,
  };
}

/** Reads what ensembleToJson wrote; gains come back as 0. Throws InputError for anything that is not a sound ensemble. */
export function ensembleFromJson(value: unknown): TreeEnsemble {
  const json = checkShape(value);
  const total = json.sizes.reduce((sum, size) => sum + size, 0);
  if (total > ensembleLimits.nodes)
    throw new InputError(`tree ensemble: expected at most ${ensembleLimits.nodes} nodes`);
  const bytes = (
    name: "kinds" | "splitFeatures" | "lefts" | "rights" | "numbers" | "covers",
    width: number,
  ) => decode(json[name], total * width, name);
  const kinds = bytes("kinds", 1);
  const splitFeatures = new Uint16Array(bytes("splitFeatures", 2).buffer);
  const lefts = new Int32Array(bytes("lefts", 4).buffer);
  const rights = new Int32Array(bytes("rights", 4).buffer);
  const numbers = new Float32Array(bytes("numbers", 4).buffer);
  const covers = new Float32Array(bytes("covers", 4).buffer);
  let start = 0;
  const trees = json.sizes.map((size, index): Tree => {
    const from = start;
    start += size;
    const kind = kinds.slice(from, start).map((bits) => bits & 3);
    const isLeaf = (node: number) => kind[node] === splitKind.leaf;
    const child = (distances: Int32Array) =>
      Int32Array.from({ length: size }, (_, node) => (isLeaf(node) ? -1 : node + distances[from + node]));
    return {
      kind,
      feature: Int32Array.from(splitFeatures.subarray(from, start)),
      threshold: numbers.slice(from, start).map((number, node) => (isLeaf(node) ? 0 : number)),
      left: child(lefts),
      right: child(rights),
      defaultLeft: kinds.slice(from, start).map((bits) => bits >> 2),
      value: numbers.slice(from, start).map((number, node) => (isLeaf(node) ? number : 0)),
      cover: covers.slice(from, start),
      gain: new Float32Array(size),
      members: new Map(),
      output: json.outputs[index],
    };
  });
  for (const [tree, node, levels] of json.members) {
    (trees[tree]?.members as Map<number, readonly number[]> | undefined)?.set(node, levels);
  }
  const ensemble = { features: json.features, trees, baseScore: json.baseScore, link: json.link };
  checkEnsemble(ensemble);
  return ensemble;
}

function checkShape(value: unknown): EnsembleJson {
  const fail = (detail: string): never => {
    throw new InputError(`tree ensemble: ${detail}`);
  };
  const json = (typeof value === "object" && value !== null ? value : {}) as Partial<EnsembleJson>;
  if (json.format !== format) fail(`expected format ${format}; got ${JSON.stringify(json.format)}`);
  if (!links.includes(json.link as Link)) fail(`expected a link of ${links.join(", ")}`);
  const isCounts = (list: unknown) =>
    Array.isArray(list) &&
    list.length <= ensembleLimits.trees &&
    list.every((n) => Number.isInteger(n) && n >= 0);
  if (!isCounts(json.sizes) || !isCounts(json.outputs) || json.sizes?.length !== json.outputs?.length) {
    fail("expected one size and one output a tree");
  }
  if (!Array.isArray(json.baseScore) || !json.baseScore.every((start) => typeof start === "number")) {
    fail("expected numbers as base scores");
  }
  const isStrings = (list: unknown) => Array.isArray(list) && list.every((item) => typeof item === "string");
  const isFeature = (feature: unknown) => {
    const { name, type, levels, zeroIsMissing } = (feature ?? {}) as Partial<
      Record<"name" | "type" | "levels" | "zeroIsMissing", unknown>
    >;
    const isKnown = type === "number" || (type === "category" && isStrings(levels));
    return typeof name === "string" && isKnown && ["undefined", "boolean"].includes(typeof zeroIsMissing);
  };
  if (!Array.isArray(json.features) || !json.features.every(isFeature))
    fail("expected features with name and type");
  const isMember = (entry: unknown) => Array.isArray(entry) && entry.length === 3 && Array.isArray(entry[2]);
  if (!Array.isArray(json.members) || !json.members.every(isMember))
    fail("expected members as [tree, node, levels]");
  return json as EnsembleJson;
}

function encode(column: Uint8Array | Uint16Array | Int32Array | Float32Array): string {
  return bytesToBase64(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
}

function decode(text: unknown, length: number, name: string): Uint8Array {
  // Four letters carry three bytes: the length is checked before anything is allocated.
  if (typeof text !== "string" || text.length !== Math.ceil(length / 3) * 4) {
    throw new InputError(`tree ensemble: expected base64 of ${length} bytes in ${name}`);
  }
  const bytes = base64ToBytes(text);
  if (bytes?.length !== length)
    throw new InputError(`tree ensemble: expected base64 of ${length} bytes in ${name}`);
  return bytes;
}
