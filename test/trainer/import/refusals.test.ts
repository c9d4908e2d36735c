import { describe, expect, test } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { importModel } from "../../../trainer/import/import-model.ts";
import { fixtures, importFixture, readModelFile, spec, treesOf } from "./fixtures.ts";

const encoder = new TextEncoder();
const text = (name: string) => new TextDecoder().decode(readModelFile(name));

function importText(source: string, fileName = "model.json") {
  return importModel(encoder.encode(source), { fileName, spec });
}

/** The XGBoost fixture with `edit` done to its parsed JSON. */
function edited(edit: (learner: Record<string, never>) => void, name = "xgboost-3-squared.json"): string {
  const model = JSON.parse(text(name));
  edit(model.learner);
  return JSON.stringify(model);
}

type Learner = ReturnType<typeof JSON.parse>;
const firstTree = (learner: Learner) => learner.gradient_booster.model.trees[0];

describe("what is not read is refused by name", () => {
  test.each([
    ["xgboost-3-multi-output.json", /num_target: 2; models of several targets/],
    ["lightgbm-4-linear-tree.txt", /linear_tree/],
  ])("%s", (name, message) => {
    expect(() => importModel(readModelFile(name), { fileName: name, spec })).toThrow(message);
    expect(() => importModel(readModelFile(name), { fileName: name, spec })).toThrow(`${name}: `);
  });

  test.each<[string, Uint8Array | string, RegExp]>([
    ["an empty file", "", /unknown format/],
    ["a gzip", Uint8Array.of(0x1f, 0x8b, 8), /gzip: unpack/],
    ["a pickle", Uint8Array.of(0x80, 4, 0x95), /pickle, which is a program and is never run/],
    ["the old binary format", "binf\u0000\u0000", /old binary format/],
    ["a dump", '[{"nodeid": 0, "leaf": 1}]', /save_model, not dump_model/],
    ["an ONNX file", Uint8Array.of(8, 9, 18, 8), /unknown format; expected XGBoost JSON/],
    ["text that is not UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0xfe), /UTF-8/],
  ])("%s", (_, source, message) => {
    const bytes = typeof source === "string" ? encoder.encode(source) : source;
    expect(() => importModel(bytes, { fileName: "m", spec })).toThrow(message);
  });

  test.each<[string, (learner: Learner) => void, RegExp]>([
    [
      "an objective that is no price",
      (l) => (l.objective.name = "rank:pairwise"),
      /objective: expected one of reg:squarederror.*got "rank:pairwise"/,
    ],
    ["no names", (l) => (l.feature_names = []), /holds no feature names.*name its 6 features/],
    [
      "a feature the spec lacks",
      (l) => (l.feature_names[1] = "breadth"),
      /does not have: breadth; the model lacks width, certificate; expected names among color, size/,
    ],
    ["a feature named twice", (l) => (l.feature_names[1] = "size"), /names feature size twice/],
    [
      "a base score that is no number",
      (l) => (l.learner_model_param.base_score = "[1,,2]"),
      /base_score: expected a number/,
    ],
    [
      "too many base scores",
      (l) => (l.learner_model_param.base_score = "[1,2]"),
      /base_score: expected 1 or 1 numbers; got 2/,
    ],
    [
      "an absurd number of features",
      (l) => (l.learner_model_param.num_feature = "4000000000"),
      /num_feature: expected at most 4096/,
    ],
    [
      "an absurd number of classes",
      (l) => (l.learner_model_param.num_class = "999999999"),
      /num_class: expected at most 1000/,
    ],
    [
      "a tree for a missing output",
      (l) => (l.gradient_booster.model.tree_info[0] = 3),
      /tree 0: expected an output below 1; got 3/,
    ],
    [
      "trees of another count",
      (l) => l.gradient_booster.model.tree_info.pop(),
      /tree_info: expected 10 numbers; got 9/,
    ],
    [
      "a node that leads to itself",
      (l) => (firstTree(l).left_children[0] = 0),
      /tree 0, node 0: more than one node leads here/,
    ],
    ["a cycle", (l) => (firstTree(l).right_children[1] = 0), /more than one node leads here/],
    [
      "a child that is not there",
      (l) => (firstTree(l).left_children[0] = 9999),
      /tree 0, node 9999: expected nodes from 0 to/,
    ],
    [
      "a feature that is not there",
      (l) => (firstTree(l).split_indices[0] = 77),
      /expected a feature below 6; got 77/,
    ],
    [
      "columns of other lengths",
      (l) => firstTree(l).split_conditions.pop(),
      /tree 0.split_conditions: expected \d+ numbers; got \d+/,
    ],
    [
      "a threshold of null",
      (l) => (firstTree(l).split_conditions[0] = null),
      /tree 0, node 0: expected a threshold; got NaN/,
    ],
    [
      "a tree that is text",
      (l) => (l.gradient_booster.model.trees[0] = "tree"),
      /trees.0: expected an object; got "tree"/,
    ],
    [
      "a leaf of several outputs",
      (l) => (firstTree(l).tree_param.size_leaf_vector = "4"),
      /a leaf with 4 outputs/,
    ],
  ])("%s", (_, edit, message) => {
    expect(() => importText(edited(edit))).toThrow(message);
  });

  test("a category where the spec has a number, a level the spec lacks, a code without level", () => {
    const name = "xgboost-3-categories.json";
    const asNumber = text(name).replace(
      '"feature_names":["size","width","cut"',
      '"feature_names":["cut","width","size"',
    );
    expect(() => importText(asNumber)).toThrow(
      /feature size: a category in the model, a number in dataset stones/,
    );
    // "Fair" is 70 97 105 114 in the list of bytes.
    const renamed = text(name).replace("70,97,105,114", "70,97,105,115");
    expect(() => importText(renamed)).toThrow(
      /feature cut: the model has levels Fais; expected Fair, Good, Fine, Ideal, Royal/,
    );
    const old = text("xgboost-1-categories.json").replace(/"categories":\[\d+/, '"categories":[31');
    expect(() => importText(old)).toThrow(/category 31 of c\w+; expected codes below/);
  });

  test("LightGBM files that contradict themselves", () => {
    const source = text("lightgbm-4-squared.txt");
    const refusal = (from: string | RegExp, to: string) => () =>
      importText(source.replace(from, to), "model.txt");
    expect(refusal("end of trees", "")).toThrow(/cut short/);
    expect(refusal("version=v4", "version=v9")).toThrow(/version: expected v3 or v4; got "v9"/);
    expect(refusal(/objective=\S+/, "objective=lambdarank")).toThrow(
      /objective: expected one of regression.*"lambdarank/,
    );
    expect(refusal(/num_leaves=\d+/, "num_leaves=4000000000")).toThrow(
      /tree 0: expected 4000000000 numbers in leaf_value/,
    );
    expect(refusal(/left_child=\S+/, "left_child=0")).toThrow(
      /tree 0, node 0: more than one node leads here/,
    );
    expect(refusal(/left_child=\S+/, "left_child=-99")).toThrow(
      /tree 0, node -99: expected leaves below 8; got 98/,
    );
    expect(refusal(/split_feature=\S+/, "split_feature=50")).toThrow(/no feature 50/);
    expect(refusal(/leaf_value=\S+/, "leaf_value=nan")).toThrow(/expected numbers in leaf_value; got "nan"/);
    expect(refusal("feature_names=size", "feature_names=sise")).toThrow(/does not have: sise/);
  });
});

describe("hostile files cost little", () => {
  const started = () => performance.now();

  test("nests, forged counts and truncations are refused within a second", () => {
    const begin = started();
    const nested = "[".repeat(200_000);
    expect(() => importText(`{"learner":${nested}`)).toThrow(/nested more than 32 levels deep/);
    const length = (n: number) => [...new Uint8Array(new BigInt64Array([BigInt(n)]).buffer)].reverse();
    const key = [0x69, 1, 97];
    for (const value of [
      // A packed list, an untyped list, a text and a list of values without bytes, each claiming 2^40 of them.
      [0x5b, 0x24, 0x64, 0x23, 0x4c, ...length(2 ** 40)],
      [0x5b, 0x23, 0x4c, ...length(2 ** 40)],
      [0x53, 0x4c, ...length(2 ** 40)],
      [0x5b, 0x24, 0x54, 0x23, 0x4c, ...length(2 ** 40)],
      [0x53, 0x4c, ...length(-5)],
      new Array<number>(100_000).fill(0x5b),
    ]) {
      const bytes = Uint8Array.from([0x7b, ...key, ...value]);
      expect(() => importModel(bytes, { fileName: "m.ubj", spec })).toThrow(InputError);
    }
    expect(started() - begin).toBeLessThan(1000);
  });

  test("every truncation is refused or is a whole model, never a crash", () => {
    for (const fixture of fixtures.filter(({ name }) => /squared|categories|dart/.test(name))) {
      for (let share = 0; share < 40; share++) {
        const bytes = fixture.bytes.subarray(0, Math.floor((fixture.bytes.length * share) / 40));
        // Between two of its closing sections a LightGBM file is whole as far as anyone can tell.
        const source = new TextDecoder().decode(bytes);
        const inParameters = source.includes("\nparameters:\n") && !source.includes("\nend of parameters\n");
        const isWhole = source.includes("\nend of trees\n") && !inParameters;
        if (isWhole && fixture.name.startsWith("lightgbm")) continue;
        expect(() => importModel(bytes, { fileName: fixture.model, spec })).toThrow(InputError);
      }
    }
  });

  test("flipped bytes give a model or an InputError, never anything else", () => {
    let refused = 0;
    for (const fixture of fixtures.filter(({ name }) =>
      /squared-ubj|lightgbm-4-categories|xgboost-3-one-hot/.test(name),
    )) {
      for (let at = 7; at < fixture.bytes.length; at += 23) {
        const bytes = fixture.bytes.slice();
        bytes[at] ^= 1 << (at % 8);
        try {
          importModel(bytes, { fileName: fixture.model, spec });
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
});

describe("what is read is told", () => {
  test("early stopping keeps the trees up to the best iteration", () => {
    const fixture = fixtures.find(({ name }) => name === "xgboost-3-early-stop");
    const { provenance } = importFixture(fixture as (typeof fixtures)[number]);
    expect(provenance.bestIteration).not.toBeNull();
    expect(provenance.treesKept).toBe((provenance.bestIteration as number) + 1);
    expect(provenance.treesRead).toBeGreaterThan(provenance.treesKept);
  });

  test("names for a model without names, target and unused features", () => {
    const bytes = encoder.encode(edited((learner) => Object.assign(learner, { feature_names: [] })));
    const featureNames = ["size", "width", "cut", "flaws", "color", "age"];
    const { provenance, ensemble } = treesOf(
      importModel(bytes, { fileName: "m.json", spec, featureNames, targetTransform: "log" }),
    );
    expect(provenance).toMatchObject({
      library: "xgboost",
      version: "3.2.0",
      format: "json",
      targetTransform: "log",
      unusedFeatures: ["certificate"],
      categories: "by order",
    });
    expect(ensemble.link).toBe("exp");
    expect(ensemble.features.map(({ name }) => name)).toEqual(featureNames);
  });

  test("levels are matched by name where the file names them", () => {
    const named = fixtures.filter(({ name }) => /(xgboost-3|lightgbm-4)-categories$/.test(name));
    for (const fixture of named) expect(importFixture(fixture).provenance.categories).toBe("by name");
    expect(named).toHaveLength(2);
  });
});
