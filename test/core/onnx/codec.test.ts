// The codec against an independent reader and writer of the same format, and against itself on arbitrary models.
import fc from "fast-check";
import { onnx } from "onnx-proto";
import { describe, expect, it } from "vitest";
import { decodeModel } from "#core/onnx/decode.ts";
import { encodeModel } from "#core/onnx/encode.ts";
import { GraphBuilder } from "#core/onnx/graph-builder.ts";
import type { Attribute, ModelProto } from "#core/onnx/model-proto.ts";
import { type ElementType, sizeOf, type Tensor, tensorOf } from "#core/onnx/tensor.ts";

const name = fc.string({ unit: "grapheme", maxLength: 12 });
const integer = fc.maxSafeInteger();
const float = fc.float();

const tensor: fc.Arbitrary<Tensor> = fc
  .tuple(
    fc.constantFrom<ElementType>("float", "double", "int64", "bool", "string"),
    fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
  )
  .chain(([type, dims]) => {
    const value: fc.Arbitrary<number | string> = {
      float,
      double: fc.double(),
      int64: integer,
      bool: fc.constantFrom(0, 1),
      string: name,
    }[type];
    const length = sizeOf(dims);
    return fc
      .array(value, { minLength: length, maxLength: length })
      .map((values) => tensorOf(type, dims, values as number[]));
  });

const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  fc.record({ float }),
  fc.record({ int: integer }),
  fc.record({ string: name }),
  fc.record({ floats: fc.array(float).map((values) => Float32Array.from(values)) }),
  fc.record({ ints: fc.array(integer).map((values) => Float64Array.from(values)) }),
  fc.record({ strings: fc.array(name) }),
  fc.record({ tensor }),
);

const names = fc.array(name, { maxLength: 3 });
const value = fc.record({
  name,
  type: fc.constantFrom<ElementType>("float", "double", "string"),
  dims: fc.array(fc.oneof(fc.integer({ min: 0, max: 1000 }), name), { maxLength: 3 }),
});

const model: fc.Arbitrary<ModelProto> = fc.record({
  irVersion: fc.nat(),
  producer: name,
  opsets: fc.dictionary(
    name.filter((domain) => domain !== "ai.onnx"),
    fc.nat(),
    { maxKeys: 3 },
  ),
  metadata: fc.dictionary(name, name, { maxKeys: 4 }),
  inputs: fc.array(value, { maxLength: 3 }),
  outputs: fc.array(value, { maxLength: 2 }),
  initializers: fc.dictionary(name, tensor, { maxKeys: 4 }),
  nodes: fc.array(
    fc.record({
      op: name,
      domain: name.filter((domain) => domain !== "ai.onnx"),
      inputs: names,
      outputs: fc.array(name, { minLength: 1, maxLength: 2 }),
      attributes: fc.dictionary(name, attribute, { maxKeys: 4 }),
    }),
    { maxLength: 4 },
  ),
});

/** A model as plain data: dictionaries without a prototype and lists in whatever array hold the same. */
function plain(one: ModelProto): ModelProto {
  const plainAttribute = (given: Attribute): Attribute => {
    if ("ints" in given) return { ints: Float64Array.from(given.ints) };
    return "strings" in given ? { strings: [...given.strings] } : given;
  };
  const nodes = one.nodes.map((node) => ({
    ...node,
    attributes: Object.fromEntries(
      Object.entries(node.attributes).map(([key, given]) => [key, plainAttribute(given)]),
    ),
  }));
  return structuredClone({ ...one, nodes });
}

describe("codec", () => {
  it("reads back every model it writes", () => {
    fc.assert(
      fc.property(model, (one) => {
        expect(plain(decodeModel(encodeModel(one)))).toEqual(plain(one));
      }),
    );
  });

  it("reads what another implementation wrote of it, packed or not", () => {
    fc.assert(
      fc.property(model, (one) => {
        const rewritten = onnx.ModelProto.encode(onnx.ModelProto.decode(encodeModel(one))).finish();
        expect(plain(decodeModel(rewritten))).toEqual(plain(one));
      }),
    );
  });

  it("reads back lists of numbers of every length and of texts that repeat", () => {
    const number = fc.oneof(fc.nat(127), fc.nat(20_000), fc.nat(2 ** 22), integer);
    const lists = fc.record({
      ints: fc.array(number, { maxLength: 200 }),
      texts: fc.array(fc.constantFrom("LEAF", "BRANCH_LT", "BRANCH_EQ", "leaf", "ä", "x".repeat(200), ""), {
        maxLength: 200,
      }),
    });
    fc.assert(
      fc.property(lists, ({ ints, texts }) => {
        const graph = new GraphBuilder();
        const attributes = { keys_strings: { strings: texts }, values_int64s: { ints } };
        graph.output("prediction", graph.node("Whatever", [graph.input("x", "float")], attributes), "float");
        const [read] = plain(decodeModel(graph.build({}))).nodes;
        expect(read.attributes.keys_strings ?? { strings: [] }).toEqual({ strings: texts });
        expect(read.attributes.values_int64s ?? { ints: new Float64Array() }).toEqual({
          ints: Float64Array.from(ints),
        });
      }),
      { numRuns: 500 },
    );
  });

  it("gives equal models equal bytes, whatever the order of keys", () => {
    const build = (metadata: Record<string, string>, reversed: boolean) => {
      const graph = new GraphBuilder();
      const x = graph.input("x", "float");
      const attributes: Record<string, Attribute> = reversed
        ? { default_int64: { int: 1 }, keys_strings: { strings: [] } }
        : { keys_strings: { strings: [] }, default_int64: { int: 1 } };
      graph.output("prediction", graph.node("Whatever", [x], attributes), "float");
      return graph.build(metadata);
    };
    expect(build({ a: "1", b: "2" }, false)).toEqual(build({ b: "2", a: "1" }, true));
  });

  it("is understood by an independent reader", () => {
    const graph = new GraphBuilder();
    const x = graph.input("x", "float");
    const half = graph.constant("double", [1, 2], [0.5, Number.NaN]);
    expect(graph.constant("double", [1, 2], [0.5, Number.NaN])).toBe(half);
    const cast = graph.node("Cast", [x], { to: { int: 11 } });
    const product = graph.node("Mul", [cast, half]);
    graph.output("prediction", product, "double");
    const read = onnx.ModelProto.decode(graph.build({ family: "linear" }));
    expect(read.graph?.node?.map(({ opType, input, output }) => ({ opType, input, output }))).toEqual([
      { opType: "Cast", input: ["x"], output: [cast] },
      { opType: "Mul", input: [cast, half], output: [product] },
      { opType: "Identity", input: [product], output: ["prediction"] },
    ]);
    expect(read.graph?.node?.[0].attribute?.[0]).toMatchObject({
      name: "to",
      type: onnx.AttributeProto.AttributeType.INT,
    });
    const [{ dims, dataType, rawData }] = read.graph?.initializer ?? [];
    expect([dims?.map(Number), dataType]).toEqual([[1, 2], onnx.TensorProto.DataType.DOUBLE]);
    expect(new DataView(Uint8Array.from(rawData as Uint8Array).buffer).getFloat64(0, true)).toBe(0.5);
    expect(read.metadataProps).toMatchObject([{ key: "family", value: "linear" }]);
    expect(
      read.graph?.input?.[0].type?.tensorType?.shape?.dim?.map((dim) => dim.dimParam || Number(dim.dimValue)),
    ).toEqual(["N", 1]);
  });

  it.each([
    ["float", { dataType: 1, floatData: [0.5, -2] }, Float32Array.of(0.5, -2)],
    ["double", { dataType: 11, doubleData: [0.1, -2] }, Float64Array.of(0.1, -2)],
    ["int64", { dataType: 7, int64Data: [-5, 2 ** 40] }, Float64Array.of(-5, 2 ** 40)],
    ["bool", { dataType: 9, int32Data: [0, 1] }, Uint8Array.of(0, 1)],
  ])("reads a %s tensor whose values are a list", (type, fields, expected) => {
    const bytes = onnx.ModelProto.encode({
      graph: { initializer: [{ name: "t", dims: [2], ...fields }] },
    }).finish();
    expect(decodeModel(bytes).initializers.t).toEqual({ type, dims: [2], data: expected });
  });
});
