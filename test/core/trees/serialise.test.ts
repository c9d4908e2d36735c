import { describe, expect, test } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { base64ToBytes, bytesToBase64 } from "#core/trees/base64.ts";
import { checkEnsemble } from "#core/trees/check-ensemble.ts";
import { splitKind, type Tree, type TreeEnsemble } from "#core/trees/ensemble.ts";
import { type EnsembleJson, ensembleFromJson, ensembleToJson } from "#core/trees/serialise.ts";
import { randomEnsemble } from "./random-ensemble.ts";

const sound = () => randomEnsemble(3, { trees: 5, depth: 4, fullness: 1 });

describe("an ensemble as JSON", () => {
  test("comes back with every bit but the gains", () => {
    for (const seed of [1, 2, 3]) {
      const ensemble = randomEnsemble(seed, { trees: 7, depth: 5, outputs: seed });
      const text = JSON.stringify(ensembleToJson(ensemble));
      const back = ensembleFromJson(JSON.parse(text));
      expect(back.features).toEqual(ensemble.features);
      expect(back.baseScore).toEqual(ensemble.baseScore);
      expect(back.link).toBe(ensemble.link);
      back.trees.forEach((tree, index) => {
        const { kind } = ensemble.trees[index];
        const splits = (column: ArrayLike<number>) =>
          Array.from(column).filter((_, node) => kind[node] !== splitKind.leaf);
        for (const column of ["kind", "value", "cover", "left", "right"] as const) {
          expect(tree[column]).toEqual(ensemble.trees[index][column]);
        }
        for (const column of ["feature", "threshold", "defaultLeft"] as const) {
          expect(splits(tree[column])).toEqual(splits(ensemble.trees[index][column]));
        }
        expect(tree.members).toEqual(ensemble.trees[index].members);
        expect(tree.output).toBe(ensemble.trees[index].output);
      });
    }
  });

  test("is refused where it lies", () => {
    const refusal = (change: Partial<Record<keyof EnsembleJson, unknown>>) => () =>
      ensembleFromJson({ ...ensembleToJson(sound()), ...change });
    expect(refusal({})).not.toThrow();
    expect(refusal({ format: 2 })).toThrow(/expected format 1; got 2/);
    expect(refusal({ link: "cosine" })).toThrow(/expected a link of identity/);
    expect(refusal({ sizes: [2 ** 40, 1, 1, 1, 1] })).toThrow(/expected at most 8000000 nodes/);
    expect(refusal({ sizes: [1, 2] })).toThrow(/one size and one output a tree/);
    expect(refusal({ covers: "AAAA" })).toThrow(/expected base64 of \d+ bytes in covers/);
    expect(refusal({ kinds: ensembleToJson(sound()).kinds.replace(/./, "*") })).toThrow(/base64/);
    expect(refusal({ features: [{ name: 1 }] })).toThrow(/features with name and type/);
    expect(refusal({ features: [{ name: "a", type: "number" }] })).toThrow(/expected a feature below 1/);
    expect(refusal({ members: [[0, 0]] })).toThrow(/members as/);
    expect(() => ensembleFromJson(null)).toThrow(InputError);
  });

  test("base64 is the usual one, at every length", () => {
    for (let length = 0; length < 20; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + 200) % 256);
      expect(bytesToBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
      expect(base64ToBytes(bytesToBase64(bytes))).toEqual(bytes);
    }
    expect(base64ToBytes("abc")).toBeUndefined();
    expect(base64ToBytes("ab\u0141d")).toBeUndefined();
  });
});

describe("an ensemble is checked", () => {
  const broken = (change: (tree: Record<string, never>, ensemble: TreeEnsemble) => void) => () => {
    const ensemble = structuredClone(sound());
    change(ensemble.trees[0] as unknown as Record<string, never>, ensemble);
    checkEnsemble(ensemble);
  };
  type Broken = ReturnType<typeof JSON.parse>;
  const rootOf = (tree: Tree) => ({ left: tree.left[0], right: tree.right[0] });

  test.each<[string, (tree: Broken, ensemble: Broken) => void, RegExp]>([
    [
      "a child before its parent",
      (tree) => (tree.left[tree.left[0]] = 0),
      /tree 0, node \d+: expected children after it/,
    ],
    [
      "a child beyond the end",
      (tree) => (tree.right[0] = 1e6),
      /expected children after it and below \d+; got 1000000/,
    ],
    [
      "a node with two parents",
      (tree) => (tree.right[0] = rootOf(tree).left),
      /more than one node leads here|no node leads here/,
    ],
    ["an unknown kind", (tree) => (tree.kind[0] = 9), /unknown kind of split: 9/],
    ["a feature out of range", (tree) => (tree.feature[0] = -1), /expected a feature below \d; got -1/],
    ["a leaf that is no number", (tree) => tree.value.fill(Number.NaN), /expected a finite leaf; got NaN/],
    ["a negative cover", (tree) => (tree.cover[0] = -1), /expected a cover of 0 or more; got -1/],
    [
      "a column of another length",
      (tree) => (tree.gain = new Float32Array(1)),
      /expected \d+ entries in gain; got 1/,
    ],
    ["an output out of range", (tree) => (tree.output = 1), /expected an output below 1; got 1/],
    [
      "an infinite base score",
      (_, ensemble) => (ensemble.baseScore = [Number.POSITIVE_INFINITY]),
      /finite base scores/,
    ],
    [
      "softmax of one output",
      (_, ensemble) => (ensemble.link = "softmax"),
      /two or more outputs for softmax; got 1/,
    ],
    ["no features", (_, ensemble) => (ensemble.features = []), /at least one feature/],
  ])("%s is refused", (_, change, message) => {
    expect(broken(change)).toThrow(message);
  });
});
