// Every op of the table against onnxruntime, on random values with NaN, infinities, zeros and empty text among them.
import { describe, expect, it } from "vitest";
import { GraphBuilder } from "#core/onnx/graph-builder.ts";
import { loadModel } from "#core/onnx/model.ts";
import { ops } from "#core/onnx/ops/index.ts";
import { runInOnnxruntime } from "../../../trainer/onnx/runtime.ts";
import { seeded } from "../../../trainer/random.ts";

const random = seeded(11);
const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -1, 3.4e38, 1e-45];
const rows = 300;
const numbers = (scale: number) =>
  Float32Array.from({ length: rows }, (_, i) => (i < special.length ? special[i] : (random() - 0.5) * scale));
const feeds = {
  x: numbers(20),
  y: numbers(3).reverse(),
  s: Array.from({ length: rows }, (_, i) => ["a", "b", "", "B", "ä", "not listed"][i % 6]),
};

interface Case {
  readonly width: number;
  /** 0 where every runtime must give the same bits. */
  readonly tolerance?: number;
  readonly build: (graph: GraphBuilder, x: string, y: string, s: string) => string;
}

const double = (graph: GraphBuilder, value: string) => graph.node("Cast", [value], { to: { int: 11 } });
const wide = (graph: GraphBuilder, x: string, y: string) =>
  graph.node("Concat", [double(graph, x), double(graph, y), double(graph, x)], { axis: { int: 1 } });
const encode = (graph: GraphBuilder, s: string) =>
  graph.node(
    "LabelEncoder",
    [s],
    {
      keys_strings: { strings: ["a", "b", "ä"] },
      values_int64s: { ints: [2, 0, -1] },
      default_int64: { int: 1 },
    },
    { domain: "ai.onnx.ml" },
  );
const gather = (graph: GraphBuilder, s: string) =>
  graph.node("Gather", [graph.constant("double", [3, 2], [1, 2, 3, 4, 5, 6.5]), encode(graph, s)], {
    axis: { int: 0 },
  });
const binary = (op: string): Case[] => [
  { width: 3, build: (graph, x, y) => graph.node(op, [wide(graph, x, y), double(graph, y)]) },
  { width: 3, build: (graph, x, y) => graph.node(op, [double(graph, x), wide(graph, x, y)]) },
  {
    width: 3,
    build: (graph, x, y) =>
      graph.node(op, [wide(graph, x, y), graph.constant("double", [1, 3], [1.5, -2, 0])]),
  },
  {
    width: 2,
    build: (graph, x) => graph.node(op, [graph.constant("double", [2], [1e300, -1]), double(graph, x)]),
  },
  { width: 1, build: (graph, x) => graph.node(op, [double(graph, x), graph.constant("double", [], [0.1])]) },
  { width: 1, build: (graph, x, y) => double(graph, graph.node(op, [x, y])) },
];

const cases: Record<string, Case[]> = {
  ":ArgMax": [
    {
      width: 1,
      build: (graph, _x, _y, s) => {
        const scores = graph.node("Mul", [
          double(graph, encode(graph, s)),
          graph.constant("double", [1, 3], [1, -2, 1]),
        ]);
        return double(graph, graph.node("ArgMax", [scores], { axis: { int: 1 }, keepdims: { int: 1 } }));
      },
    },
  ],
  ":Abs": [
    { width: 3, build: (graph, x, y) => graph.node("Abs", [wide(graph, x, y)]) },
    { width: 1, build: (graph, x) => double(graph, graph.node("Abs", [x])) },
  ],
  ":Add": binary("Add"),
  ":Sub": binary("Sub"),
  ":Mul": [
    ...binary("Mul"),
    {
      width: 1,
      build: (graph, _x, _y, s) =>
        double(graph, graph.node("Mul", [encode(graph, s), graph.constant("int64", [], [7])])),
    },
  ],
  ":Div": binary("Div"),
  ":Max": binary("Max"),
  ":Min": binary("Min"),
  ":Cast": [
    { width: 1, build: (graph, x) => double(graph, x) },
    {
      width: 1,
      build: (graph, x) => double(graph, graph.node("Cast", [double(graph, x)], { to: { int: 1 } })),
    },
    { width: 1, build: (graph, x) => double(graph, graph.node("IsNaN", [x])) },
    { width: 1, build: (graph, _x, _y, s) => double(graph, encode(graph, s)) },
  ],
  ":Clip": [
    {
      width: 1,
      build: (graph, x) =>
        graph.node("Clip", [
          double(graph, x),
          graph.constant("double", [], [-1]),
          graph.constant("double", [], [2]),
        ]),
    },
    {
      width: 3,
      build: (graph, x, y) => graph.node("Clip", [wide(graph, x, y), graph.constant("double", [], [0.5])]),
    },
    {
      width: 1,
      build: (graph, x) => graph.node("Clip", [double(graph, x), "", graph.constant("double", [], [0.5])]),
    },
  ],
  ":Concat": [{ width: 3, build: wide }],
  ":Exp": [{ width: 3, tolerance: 4e-16, build: (graph, x, y) => graph.node("Exp", [wide(graph, x, y)]) }],
  ":Log": [{ width: 3, tolerance: 4e-16, build: (graph, x, y) => graph.node("Log", [wide(graph, x, y)]) }],
  ":Identity": [{ width: 3, build: (graph, x, y) => graph.node("Identity", [wide(graph, x, y)]) }],
  ":IsNaN": [
    { width: 3, build: (graph, x, y) => double(graph, graph.node("IsNaN", [wide(graph, x, y)])) },
    { width: 1, build: (graph, x) => double(graph, graph.node("IsNaN", [x])) },
  ],
  ":LessOrEqual": [
    { width: 1, build: (graph, x, y) => double(graph, graph.node("LessOrEqual", [x, y])) },
    {
      width: 3,
      build: (graph, x, y) => double(graph, graph.node("LessOrEqual", [wide(graph, x, y), double(graph, x)])),
    },
  ],
  ":Gather": [
    {
      width: 2,
      build: (graph, _x, _y, s) =>
        graph.node("Reshape", [gather(graph, s), graph.constant("int64", [2], [-1, 2])]),
    },
  ],
  ":Reshape": [
    {
      width: 2,
      build: (graph, x, _y, s) => {
        const flat = graph.node("Reshape", [gather(graph, s), graph.constant("int64", [2], [-1, 2])]);
        return graph.node("Mul", [flat, double(graph, x)]);
      },
    },
  ],
  ":MatMul": [
    {
      width: 2,
      tolerance: 1e-14,
      build: (graph, x, y) =>
        graph.node("MatMul", [
          wide(graph, x, y),
          graph.constant("double", [3, 2], [0.1, 2, -0.3, 4, 5, 0.6]),
        ]),
    },
  ],
  ":ReduceSum": [
    {
      width: 1,
      tolerance: 1e-14,
      build: (graph, x, y) =>
        graph.node("ReduceSum", [wide(graph, x, y), graph.constant("int64", [1], [1])], {
          keepdims: { int: 1 },
        }),
    },
  ],
  ":Where": [
    {
      width: 3,
      build: (graph, x, y) =>
        graph.node("Where", [
          graph.node("IsNaN", [wide(graph, x, y)]),
          graph.constant("double", [], [9]),
          double(graph, y),
        ]),
    },
    {
      width: 1,
      build: (graph, x, y) =>
        graph.node("Where", [graph.node("IsNaN", [x]), double(graph, y), double(graph, x)]),
    },
  ],
  "ai.onnx.ml:LabelEncoder": [
    { width: 1, build: (graph, _x, _y, s) => double(graph, encode(graph, s)) },
    {
      width: 1,
      build: (graph, _x, _y, s) =>
        double(
          graph,
          graph.node(
            "LabelEncoder",
            [s],
            {
              keys_strings: { strings: ["", "b"] },
              values_floats: { floats: [0.1, 7] },
              default_float: { float: -3.3 },
            },
            { domain: "ai.onnx.ml" },
          ),
        ),
    },
  ],
};

/** One column of a [N, width] value as [N, 1]: the others become 0 first, since NaN would spoil a sum. */
function column(graph: GraphBuilder, value: string, width: number, index: number): string {
  const mask = graph.constant(
    "bool",
    [1, width],
    Array.from({ length: width }, (_, at) => (at === index ? 1 : 0)),
  );
  const only = graph.node("Where", [mask, value, graph.constant("double", [], [0])]);
  return graph.node("ReduceSum", [only, graph.constant("int64", [1], [1])], { keepdims: { int: 1 } });
}

function isClose(own: number, reference: number, tolerance: number): boolean {
  if (Number.isNaN(own) || Number.isNaN(reference)) return Number.isNaN(own) && Number.isNaN(reference);
  return (
    own === reference ||
    Math.abs(own - reference) <= tolerance * Math.max(Math.abs(reference), tolerance && 1)
  );
}

const flat = Object.entries(cases).flatMap(([op, list]) => list.map((one, index) => ({ op, index, ...one })));

describe("ops", () => {
  // Tree ensembles have reference values and tests of their own.
  it("has a case for every op of the table", () => {
    const missing = [...ops.keys()].filter((op) => !(op in cases) && !op.includes("TreeEnsemble"));
    expect(missing).toEqual([]);
  });

  it.each(flat)("$op, case $index, prices as onnxruntime does", async ({ width, tolerance = 0, build }) => {
    for (let index = 0; index < width; index++) {
      const graph = new GraphBuilder();
      const [x, y, s] = [graph.input("x", "float"), graph.input("y", "float"), graph.input("s", "string")];
      graph.output("prediction", column(graph, build(graph, x, y, s), width, index), "double");
      const bytes = graph.build({});
      const reference = (await runInOnnxruntime(bytes, feeds, rows)).prediction;
      const own = loadModel(bytes).predict(feeds, rows);
      const apart = Array.from(own.keys()).filter((row) => !isClose(own[row], reference[row], tolerance));
      const shown = apart.map((row) => `row ${row}: ${own[row]} against ${reference[row]}`);
      expect(shown).toEqual([]);
      expect(new Set(reference.map((value) => (Number.isNaN(value) ? 0.123 : value))).size).toBeGreaterThan(
        1,
      );
    }
  });
});
