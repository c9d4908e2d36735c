import { describe, expect, test } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { type Attributes, GraphBuilder } from "#core/onnx/graph-builder.ts";
import { loadModel } from "#core/onnx/model.ts";
import { seeded } from "../../../trainer/random.ts";
import { randomEnsemble } from "./random-ensemble.ts";
import { buildGraph, runInOnnxruntime } from "./run-graph.ts";

/** A stump on one number, x against 2: 10 where the test holds, 20 where not. */
const stump = {
  nodes_treeids: { ints: [0, 0, 0] },
  nodes_nodeids: { ints: [0, 1, 2] },
  nodes_featureids: { ints: [0, 0, 0] },
  nodes_modes: { strings: ["BRANCH_LT", "LEAF", "LEAF"] },
  nodes_values: { floats: [2, 0, 0] },
  nodes_truenodeids: { ints: [1, 0, 0] },
  nodes_falsenodeids: { ints: [2, 0, 0] },
  nodes_missing_value_tracks_true: { ints: [0, 0, 0] },
  target_treeids: { ints: [0, 0] },
  target_nodeids: { ints: [1, 2] },
  target_ids: { ints: [0, 0] },
  target_weights: { floats: [10, 20] },
  n_targets: { int: 1 },
} satisfies Attributes;

function graphOf(change: Attributes): Uint8Array {
  const graph = new GraphBuilder();
  const input = graph.input("x", "float");
  const sum = graph.node("TreeEnsembleRegressor", [input], { ...stump, ...change }, { domain: "ai.onnx.ml" });
  graph.output("prediction", sum, "float");
  return graph.build({});
}

const x = Float32Array.of(1, 2, 3, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);

describe("every mode does what onnxruntime does", () => {
  test.each(["BRANCH_LT", "BRANCH_LEQ", "BRANCH_GT", "BRANCH_GTE", "BRANCH_EQ", "BRANCH_NEQ"])(
    "%s",
    async (mode) => {
      for (const missing of [0, 1]) {
        const bytes = graphOf({
          nodes_modes: { strings: [mode, "LEAF", "LEAF"] },
          nodes_missing_value_tracks_true: { ints: [missing, 0, 0] },
        });
        const own = loadModel(bytes).predict({ x }, x.length);
        expect(Array.from(own)).toEqual(Array.from(await runInOnnxruntime(bytes, { x }, x.length)));
        expect(own[3]).toBe(missing || mode === "BRANCH_NEQ" ? 10 : 20);
      }
    },
  );

  test("base values, leaves without weight, ids that are no counts, a table without missing values", async () => {
    const { nodes_missing_value_tracks_true: _, ...without } = stump;
    const graph = new GraphBuilder();
    const attributes: Attributes = {
      ...without,
      nodes_nodeids: { ints: [1, 2, 0] },
      nodes_truenodeids: { ints: [2, 0, 0] },
      nodes_falsenodeids: { ints: [0, 0, 0] },
      target_treeids: { ints: [0] },
      target_nodeids: { ints: [0] },
      target_ids: { ints: [0] },
      target_weights: { floats: [0.1] },
      base_values: { floats: [0.7] },
    };
    const input = graph.input("x", "float");
    graph.output(
      "prediction",
      graph.node("TreeEnsembleRegressor", [input], attributes, { domain: "ai.onnx.ml" }),
      "float",
    );
    const bytes = graph.build({});
    const own = loadModel(bytes).predict({ x }, x.length);
    expect(Array.from(own)).toEqual(Array.from(await runInOnnxruntime(bytes, { x }, x.length)));
    expect(own[0]).toBe(Math.fround(0.7));
    expect(own[1]).toBe(Math.fround(Math.fround(0.1) + Math.fround(0.7)));
  });
});

describe("a hostile table is refused when it is loaded", () => {
  test.each<[string, Attributes, RegExp]>([
    [
      "a node that leads to itself",
      { nodes_truenodeids: { ints: [0, 0, 0] } },
      /more than one node leads to node 0 of tree 0/,
    ],
    [
      "two nodes that lead to one",
      { nodes_falsenodeids: { ints: [1, 0, 0] } },
      /more than one node leads to node 1/,
    ],
    [
      "a node that nothing leads to",
      { nodes_modes: { strings: ["LEAF", "LEAF", "LEAF"] } },
      /nothing leads to node 1 of tree 0/,
    ],
    ["a node that is not there", { nodes_truenodeids: { ints: [9, 0, 0] } }, /tree 0 has no node 9/],
    [
      "a feature that is not there",
      { nodes_featureids: { ints: [3, 0, 0] } },
      /expected features below 1; got 3/,
    ],
    [
      "an unknown mode",
      { nodes_modes: { strings: ["BRANCH_MAYBE", "LEAF", "LEAF"] } },
      /unknown mode BRANCH_MAYBE/,
    ],
    ["a threshold of NaN", { nodes_values: { floats: [Number.NaN, 0, 0] } }, /compares with NaN/],
    ["columns of other lengths", { nodes_values: { floats: [1] } }, /expected 3 nodes_values; got 1/],
    ["one id twice", { nodes_nodeids: { ints: [0, 1, 1] } }, /two nodes of one id/],
    ["a tree in two places", { nodes_treeids: { ints: [0, 1, 0] } }, /nodes of tree 0 together/],
    [
      "a weight for a node that is not there",
      { target_nodeids: { ints: [1, 8] } },
      /node 8 of tree 0, which is not there/,
    ],
    ["two weights for a node", { target_nodeids: { ints: [1, 1] } }, /two weights for node 1/],
    ["an infinite weight", { target_weights: { floats: [Number.POSITIVE_INFINITY, 1] } }, /finite weights/],
    ["a target out of range", { target_ids: { ints: [0, 1] } }, /expected targets below 1; got 1/],
    ["an absurd number of targets", { n_targets: { int: 2 ** 40 } }, /expected 1 to 1000 targets/],
    ["another aggregate", { aggregate_function: { string: "MAX" } }, /expected SUM as aggregate_function/],
    [
      "an attribute that nobody knows",
      { nodes_hitrates_as_tensor: { floats: [] } },
      /nodes_hitrates_as_tensor is not supported/,
    ],
  ])("%s", (_, change, message) => {
    expect(() => loadModel(graphOf(change))).toThrow(message);
  });

  test("a chain that winds on itself", () => {
    const change = {
      nodes_modes: { strings: ["BRANCH_EQ", "LEAF", "BRANCH_EQ"] },
      nodes_truenodeids: { ints: [1, 0, 1] },
      nodes_falsenodeids: { ints: [2, 0, 0] },
    };
    expect(() => loadModel(graphOf(change))).toThrow(/more than one node leads to node 0/);
  });

  test("flipped bytes give a model or an InputError, never anything else", () => {
    const ensemble = randomEnsemble(6, { trees: 6, depth: 3 });
    const sound = buildGraph(ensemble);
    const random = seeded(8);
    let refused = 0;
    for (let i = 0; i < 600; i++) {
      const bytes = sound.slice();
      bytes[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
      try {
        loadModel(bytes);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(50);
  });
});
