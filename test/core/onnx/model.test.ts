// Loading refuses what cannot be run, in words; whatever the bytes are, nothing but InputError comes out.
import fc from "fast-check";
import { onnx } from "onnx-proto";
import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { feedsOf, feedsOfTable } from "#core/onnx/feeds.ts";
import { GraphBuilder } from "#core/onnx/graph-builder.ts";
import { loadModel } from "#core/onnx/model.ts";
import { families } from "../../../trainer/families/index.ts";
import { exportModel } from "../../../trainer/onnx/export.ts";
import { seeded } from "../../../trainer/random.ts";
import { drawWorkshops, workshops, workshopTable } from "../../synthetic-dataset.ts";

const rows = drawWorkshops(400);
const table = workshopTable(rows);
let bytes: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const { params } = families.linear.candidates(workshops)[0];
  const fitted = await families.linear.fit(params, table, { spec: workshops, random: seeded(1) });
  const options = { spec: workshops, family: "linear", specHash: "0", dataSha256: "0", params, seed: 1 };
  ({ bytes } = await exportModel(fitted, options));
});

/** Loads and runs whatever loads; the only error that may come out is InputError. */
function tryAll(hostile: Uint8Array): boolean {
  try {
    const model = loadModel(hostile);
    model.predict(feedsOfTable(workshops, table), table.rows);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

describe("hostile bytes", () => {
  it("random ones are refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (random) => tryAll(random) === false),
      { numRuns: 2000 },
    );
  });

  it("every truncation is refused or a whole model", () => {
    const step = 7;
    for (let length = 0; length < bytes.length; length += step) tryAll(bytes.subarray(0, length));
    expect(tryAll(bytes.subarray(0, bytes.length - 1))).toBe(false);
    expect(tryAll(bytes)).toBe(true);
  });

  it("mutations are refused or run", () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const mutated = bytes.slice();
        for (const [at, byte] of changes) mutated[at % mutated.length] = byte;
        tryAll(mutated);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["a forged length", [0x3a, 0xff, 0xff, 0xff, 0xff, 0x07], "claims 2147483647 bytes where 0 are left"],
    ["a length beyond 2^53", [0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "beyond 2^53"],
    [
      "a negative length",
      [0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
      "claims -1 bytes",
    ],
    ["a number without end", [0x08, ...new Array(11).fill(0x80)], "longer than ten bytes"],
    ["field number 0", [0x00, 0x00], "field number out of range"],
    ["a group", [0x0b], "wire type 3"],
    ["text that is not UTF-8", [0x12, 0x01, 0xff], "not UTF-8"],
    ["nothing", [], "IR version"],
  ])("%s is named", (_, given, message) => {
    expect(() => loadModel(Uint8Array.from(given))).toThrow(message);
    expect(() => loadModel(Uint8Array.from(given))).toThrow(InputError);
  });
});

interface Parts {
  readonly node?: onnx.INodeProto[];
  readonly initializer?: onnx.ITensorProto[];
  readonly input?: onnx.IValueInfoProto[];
  readonly output?: onnx.IValueInfoProto[];
  readonly opsetImport?: onnx.IOperatorSetIdProto[];
}

const valueInfo = (name: string, elemType: number, dim: onnx.TensorShapeProto.IDimension[]) => ({
  name,
  type: { tensorType: { elemType, shape: { dim } } },
});
const free = [{ dimParam: "N" }, { dimValue: 1 }];

function assembled({ opsetImport, ...graph }: Parts): Uint8Array {
  return onnx.ModelProto.encode({
    irVersion: 9,
    opsetImport: opsetImport ?? [{ domain: "", version: 19 }],
    graph: {
      name: "g",
      input: [valueInfo("x", 1, free)],
      output: [valueInfo("prediction", 1, free)],
      node: [{ opType: "Identity", input: ["x"], output: ["prediction"] }],
      ...graph,
    },
  }).finish();
}

describe("graph checks", () => {
  it("accepts the plainest graph", () => {
    expect(loadModel(assembled({})).predict({ x: Float32Array.of(3, Number.NaN) }, 2)).toEqual(
      Float64Array.of(3, Number.NaN),
    );
  });

  const faults: [string, Parts, string][] = [
    [
      "an unknown op",
      { node: [{ opType: "Loop", input: ["x"], output: ["prediction"] }] },
      'the op "Loop" of "ai.onnx" is not supported',
    ],
    [
      "an unknown domain",
      { opsetImport: [{ domain: "com.example", version: 1 }] },
      'the domain "com.example" is not supported',
    ],
    [
      "an opset of the future",
      { opsetImport: [{ domain: "", version: 99 }] },
      "expected ai.onnx 13 to 21; got 99",
    ],
    ["a domain that is not imported", { opsetImport: [] }, "its domain is not imported"],
    [
      "a cycle",
      {
        node: [
          { opType: "Identity", input: ["b"], output: ["a"] },
          { opType: "Identity", input: ["a"], output: ["b"] },
          { opType: "Identity", input: ["b"], output: ["prediction"] },
        ],
      },
      'its input "b" is not defined before it',
    ],
    [
      "an input from nowhere",
      { node: [{ opType: "Identity", input: ["y"], output: ["prediction"] }] },
      '"y" is not defined before it',
    ],
    [
      "a name defined twice",
      {
        node: [
          { opType: "Identity", input: ["x"], output: ["prediction"] },
          { opType: "Identity", input: ["x"], output: ["prediction"] },
        ],
      },
      "defined twice",
    ],
    ["no output", { output: [] }, 'expected an output called "prediction"'],
    ["an output nobody computes", { node: [] }, 'no node computes the output "prediction"'],
    [
      "an output of another type",
      { output: [valueInfo("prediction", 11, free)] },
      "not the numbers it claims to be",
    ],
    [
      "an input of two columns",
      { input: [valueInfo("x", 1, [{ dimParam: "N" }, { dimValue: 2 }])] },
      "to be [N, 1]; got [N,2]",
    ],
    ["an input of another type", { input: [valueInfo("x", 7, free)] }, "to be float or string; got int64"],
    [
      "an element type we do not know",
      { initializer: [{ name: "c", dataType: 10, dims: [1] }] },
      "element type 10",
    ],
    [
      "data outside the file",
      {
        initializer: [
          {
            name: "c",
            dataType: 1,
            dims: [1],
            externalData: [{ key: "location", value: "/etc/passwd" }],
            dataLocation: 1,
          },
        ],
      },
      "keeps its data outside the file",
    ],
    [
      "a shape that its values do not fill",
      { initializer: [{ name: "c", dataType: 11, dims: [1e9, 1e6], doubleData: [1] }] },
      "has 1 values; its shape",
    ],
    [
      "an empty dimension",
      { initializer: [{ name: "c", dataType: 11, dims: [0, 2 ** 50] }] },
      "of 1 or more",
    ],
    [
      "an attribute that changes an op",
      {
        node: [
          {
            opType: "Identity",
            input: ["x"],
            output: ["prediction"],
            attribute: [{ name: "twist", type: onnx.AttributeProto.AttributeType.INT, i: 1 }],
          },
        ],
      },
      "the attribute twist is not supported",
    ],
    [
      "too many inputs of a node",
      { node: [{ opType: "Identity", input: ["x", "x"], output: ["prediction"] }] },
      "expected 1 inputs; got 2",
    ],
  ];

  it.each(faults)("%s is refused", (_, parts, message) => {
    expect(() => loadModel(assembled(parts))).toThrow(message);
    expect(() => loadModel(assembled(parts))).toThrow(InputError);
  });

  it("too much is refused before it costs anything", () => {
    const limits = { bytes: 1000, nodes: 2, initializers: 1, values: 10 };
    const node = (output: string) => ({ opType: "Identity", input: ["x"], output: [output] });
    const many = assembled({ node: [node("a"), node("b"), node("prediction")] });
    expect(() => loadModel(many, limits)).toThrow("at most 2 nodes; got 3");
    expect(() => loadModel(new Uint8Array(1001), limits)).toThrow("at most 1000 bytes; got 1001");
    const wide = Array.from({ length: 20_000 }, () => "x");
    const concat = {
      opType: "Concat",
      input: wide,
      output: ["w"],
      attribute: [{ name: "axis", type: 2, i: 1 }],
    };
    expect(() => loadModel(assembled({ node: [concat, node("prediction")] }))).toThrow(
      "at most 16384 values a row",
    );
  });
});

describe("predict", () => {
  it("gives a row the price that it has in a table of many", () => {
    const model = loadModel(bytes);
    const together = model.predict(feedsOfTable(workshops, table), table.rows);
    const alone = rows.map(({ row }) => model.predict(feedsOf(workshops, [row]), 1)[0]);
    expect(Float64Array.from(alone)).toEqual(together);
    expect(model.predict(feedsOf(workshops, []), 0)).toHaveLength(0);
  });

  it("tells its inputs and metadata", () => {
    const model = loadModel(bytes);
    const expected = workshops.features.map(({ name, type }) => ({
      name,
      type: type === "number" ? "float" : "string",
    }));
    expect(model.inputs).toEqual(expected);
    expect(model.outputs).toEqual(["prediction"]);
    expect(model.metadata).toMatchObject({ dataset: "workshops", family: "linear" });
  });

  it("names a feed that is missing, mistyped or short", () => {
    const model = loadModel(bytes);
    const feeds = feedsOf(workshops, [rows[0].row]);
    const { area: _, ...rest } = feeds;
    expect(() => model.predict(rest, 1)).toThrow('feed "area": expected numbers as Float32Array');
    expect(() => model.predict({ ...feeds, area: ["1"] }, 1)).toThrow('feed "area": expected numbers');
    expect(() => model.predict({ ...feeds, district: Float32Array.of(1) }, 1)).toThrow(
      'feed "district": expected texts',
    );
    expect(() => model.predict(feeds, 2)).toThrow("expected 2 values; got 1");
  });
});

describe("graph builder", () => {
  it("refuses a name twice and a value from nowhere", () => {
    const graph = new GraphBuilder();
    graph.input("x", "float");
    expect(() => graph.input("x", "string")).toThrow('"x" already names a value');
    expect(() => graph.node("Exp", ["y"])).toThrow('Exp: "y" is not defined yet');
    expect(() => graph.output("prediction", "y", "double")).toThrow('"y" is not defined');
    expect(() => graph.constant("double", [2], [1])).toThrow("expected 2 values");
  });
});
