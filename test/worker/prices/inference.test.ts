// The Open Inference Protocol v2, as clients of KServe and Triton speak it: JSON and binary tensors, versions, errors.
import { beforeAll, describe, expect, it } from "vitest";
import { boats, diamonds, makeBundle, publish, register, setUp } from "../models/bundles.ts";
import { broken, resetStorage, Service } from "../service.ts";

const infer = "/v2/models/diamonds/infer";
const service = new Service();
let id: string;
let other: string;

beforeAll(async () => {
  await resetStorage();
  id = (await setUp(service, diamonds)).manifest.id;
  const bundle = await makeBundle(diamonds, { slope: 10 });
  await publish(service, diamonds, bundle);
  other = bundle.manifest.id;
  await register(service, boats);
});

interface Answer {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly outputs: readonly {
    name: string;
    datatype: string;
    shape: number[];
    data?: number[];
    parameters?: { binary_data_size: number };
  }[];
}

const tensor = (name: string, datatype: string, data: unknown[], shape = [data.length]) => ({
  ...{ name, datatype, shape, data },
});
const levels = (count: number) => [
  tensor("cut", "BYTES", Array(count).fill("Ideal")),
  tensor("color", "BYTES", Array(count).fill("G")),
  tensor("clarity", "BYTES", Array(count).fill("VS1")),
];
const inputs = (...carats: number[]) => [tensor("carat", "FP32", carats), ...levels(carats.length)];

const ask = async (json: object, path = infer) => {
  const answer = await service.fetch(path, { json });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return answer.json<Answer>();
};

describe("health and metadata", () => {
  it("answer as the protocol has them", async () => {
    const read = async (path: string) => (await service.fetch(path)).json();
    expect(await read("/v2")).toEqual({
      ...{ name: "appraise", version: "1" },
      extensions: ["binary_tensor_data"],
    });
    expect(await read("/v2/health/live")).toEqual({ live: true });
    expect(await read("/v2/health/ready")).toEqual({ ready: true });
    expect(await read("/v2/models/diamonds/ready")).toEqual({ name: "diamonds", ready: true });
    expect(await read(`/v2/models/diamonds/versions/${other}/ready`)).toEqual({
      ...{ name: "diamonds", ready: true },
    });
  });

  it("names the tensors, and the models as versions", async () => {
    const metadata = await (await service.fetch("/v2/models/diamonds")).json<{
      name: string;
      versions: string[];
      inputs: object[];
      outputs: object[];
    }>();
    expect(metadata.name).toBe("diamonds");
    expect([...metadata.versions].sort()).toEqual([id, other].sort());
    expect(metadata.inputs).toHaveLength(diamonds.features.length);
    expect(metadata.inputs.slice(0, 2)).toEqual([
      { name: "carat", datatype: "FP32", shape: [-1, 1] },
      { name: "cut", datatype: "BYTES", shape: [-1, 1] },
    ]);
    expect(metadata.outputs[0]).toEqual({ name: "prediction", datatype: "FP64", shape: [-1, 1] });
  });

  it("are not ready where no model is, and need a token where the dataset is not public", async () => {
    expect((await service.fetch("/v2/models/boats/ready")).status).toBe(401);
    const answer = await service.fetch("/v2/models/boats/ready", { token: "admin" });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: "no model of boats is published yet" });
    const cold = new Service({ DB: broken("no D1"), BUCKET: broken("no R2") });
    expect((await cold.fetch("/v2/health/ready")).status).toBe(503);
    expect((await cold.fetch("/v2/health/live")).status).toBe(200);
  });

  it("still names the champion while the database is away", async () => {
    const warm = new Service();
    await warm.fetch("/v2/models/diamonds");
    warm.env = { ...warm.env, DB: broken("no D1") };
    expect(await (await warm.fetch("/v2/models/diamonds")).json()).toMatchObject({ versions: [id] });
  });
});

describe("infer", () => {
  it("prices rows out of JSON tensors", async () => {
    const answer = await ask({ id: "mine", inputs: inputs(1, 2.5), parameters: { priority: 1 } });
    expect(answer).toEqual({
      model_name: "diamonds",
      model_version: id,
      id: "mine",
      parameters: { unit: "USD", coverage: 0.9 },
      outputs: [
        { name: "prediction", datatype: "FP64", shape: [2, 1], data: [4000, 10000] },
        { name: "low", datatype: "FP64", shape: [2, 1], data: [3900, 9900] },
        { name: "high", datatype: "FP64", shape: [2, 1], data: [4100, 10100] },
      ],
    });
  });

  it("takes [N, 1], nested rows, FP64, whole numbers, and null and empty texts as missing", async () => {
    const given = [
      tensor("carat", "FP64", [[1], [2]], [2, 1]),
      ...levels(2),
      tensor("depth", "INT64", [61, null]),
      tensor("table", "FP32", [null, null]),
    ];
    const { outputs } = await ask({ inputs: given, outputs: [{ name: "prediction" }] });
    expect(outputs).toEqual([{ name: "prediction", datatype: "FP64", shape: [2, 1], data: [4000, 8000] }]);
  });

  it("prices by another version, and with the coverage asked for", async () => {
    const path = `/v2/models/diamonds/versions/${other}/infer`;
    const { model_version, outputs } = await ask({ inputs: inputs(2), parameters: { coverage: 0.5 } }, path);
    expect(model_version).toBe(other);
    expect(outputs.map(({ data }) => data)).toEqual([[20], [10], [30]]);
    const unknown = "/v2/models/diamonds/versions/linear-000000000000/infer";
    expect((await service.fetch(unknown, { json: { inputs: inputs(2) } })).status).toBe(404);
  });

  it.each([
    ["an unknown tensor", [...inputs(1), tensor("karat", "FP32", [1])], "/inputs/4/name"],
    ["a tensor twice", [...inputs(1), tensor("carat", "FP32", [1])], "/inputs/4/name"],
    ["tensors of different length", [tensor("carat", "FP32", [1, 2]), ...levels(1)], "/inputs/1/shape"],
    ["fewer data than the shape says", [tensor("carat", "FP32", [1], [2]), ...levels(2)], "/inputs/0/data"],
    ["a shape of a billion", [tensor("carat", "FP32", [1], [1e9]), ...levels(1)], "/inputs/0/shape"],
    ["two columns", [tensor("carat", "FP32", [1, 2], [1, 2]), ...levels(1)], "/inputs/0/shape"],
    ["a datatype that is not taken", [tensor("carat", "FP16", [1]), ...levels(1)], "/inputs/0/datatype"],
    ["texts for numbers", [tensor("carat", "FP32", ["1"]), ...levels(1)], "/inputs/0/data/0"],
    ["a number out of range", inputs(1, 99), "/inputs/0/data/1"],
    ["no carat", levels(1), "/inputs"],
    ["no tensors", [], "/inputs"],
  ])("refuses %s, in the protocol's words too", async (_, given, pointer) => {
    const answer = await service.fetch(infer, { json: { inputs: given } });
    expect(answer.status).toBe(422);
    const { errors, error } = await answer.json<{ errors: { pointer: string }[]; error: string }>();
    expect(errors[0].pointer).toBe(pointer);
    expect(error).toContain(pointer);
  });

  it("refuses another output and another coverage", async () => {
    for (const change of [{ outputs: [{ name: "price" }] }, { parameters: { coverage: 2 } }]) {
      const answer = await service.fetch(infer, { json: { inputs: inputs(1), ...change } });
      expect(answer.status).toBe(422);
    }
    expect((await service.fetch("/v2/models/nosuch/infer", { json: { inputs: inputs(1) } })).status).toBe(
      404,
    );
  });
});

/** Bytes of BYTES: a length before each text. */
function packTexts(texts: readonly string[]): Uint8Array {
  const parts = texts.map((text) => new TextEncoder().encode(text));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  let at = 0;
  for (const part of parts) {
    new DataView(bytes.buffer).setUint32(at, part.length, true);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

describe("binary tensors", () => {
  const binary = (name: string, datatype: string, count: number, bytes: Uint8Array) => ({
    header: { name, datatype, shape: [count, 1], parameters: { binary_data_size: bytes.length } },
    bytes,
  });
  const carats = new Uint8Array(Float32Array.from([1, 2.5]).buffer);
  const tensors = () => [
    binary("carat", "FP32", 2, carats),
    binary("cut", "BYTES", 2, packTexts(["Ideal", "Fair"])),
    binary("color", "BYTES", 2, packTexts(["G", "G"])),
    binary("clarity", "BYTES", 2, packTexts(["VS1", "IF"])),
    binary("depth", "FP64", 2, new Uint8Array(Float64Array.from([Number.NaN, 60]).buffer)),
    binary("table", "INT64", 2, new Uint8Array(BigInt64Array.from([57n, 58n]).buffer)),
  ];

  /** Sends as Triton's client does: no Content-Type, the length of the JSON in a header. */
  const send = (
    parts: ReturnType<typeof tensors>,
    more: object = {},
    headers: Record<string, string> = {},
  ) => {
    const json = new TextEncoder().encode(
      JSON.stringify({ inputs: parts.map(({ header }) => header), ...more }),
    );
    const body = new Uint8Array(json.length + parts.reduce((sum, { bytes }) => sum + bytes.length, 0));
    body.set(json);
    let at = json.length;
    for (const { bytes } of parts) {
      body.set(bytes, at);
      at += bytes.length;
    }
    const length = { "inference-header-content-length": String(json.length), ...headers };
    return service.fetch(infer, { method: "POST", headers: length, body });
  };

  it("come in, and go out where they are wanted so", async () => {
    const answer = await send(tensors(), { parameters: { binary_data_output: true } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    const length = Number(answer.headers.get("inference-header-content-length"));
    const bytes = await answer.arrayBuffer();
    const head = JSON.parse(new TextDecoder().decode(bytes.slice(0, length))) as Answer;
    expect(head.outputs.map(({ parameters }) => parameters?.binary_data_size)).toEqual([16, 16, 16]);
    expect(bytes.byteLength).toBe(length + 48);
    expect([...new Float64Array(bytes.slice(length))]).toEqual([4000, 10000, 3900, 9900, 4100, 10100]);
  });

  it("go out for some outputs and not for others", async () => {
    const outputs = [{ name: "high" }, { name: "prediction", parameters: { binary_data: true } }];
    const answer = await send(tensors(), { outputs });
    const length = Number(answer.headers.get("inference-header-content-length"));
    const bytes = await answer.arrayBuffer();
    const head = JSON.parse(new TextDecoder().decode(bytes.slice(0, length))) as Answer;
    expect(head.outputs).toEqual([
      { name: "high", datatype: "FP64", shape: [2, 1], data: [4100, 10100] },
      { name: "prediction", datatype: "FP64", shape: [2, 1], parameters: { binary_data_size: 16 } },
    ]);
    expect([...new Float64Array(bytes.slice(length))]).toEqual([4000, 10000]);
    const plain = await send(tensors());
    expect((await plain.json<Answer>()).outputs[0].data).toEqual([4000, 10000]);
  });

  it("are refused where their lengths lie", async () => {
    const [first, cut, ...rest] = tensors();
    const forge = (bytes: Uint8Array, size = bytes.length) =>
      send([first, { header: { ...cut.header, parameters: { binary_data_size: size } }, bytes }, ...rest]);
    const huge = packTexts(["Ideal", "Fair"]);
    new DataView(huge.buffer).setUint32(0, 0xffffffff, true);
    const faults = [
      await forge(huge),
      await forge(packTexts(["Ideal"])),
      await forge(packTexts(["Ideal", "Fair", "Good"])),
      await forge(new Uint8Array(3)),
      await forge(cut.bytes, 1e12),
      await forge(cut.bytes, -1),
      await forge(cut.bytes, 1.5),
      await forge(cut.bytes, cut.bytes.length - 1),
      await forge(Uint8Array.from([1, 0, 0, 0, 0xff, 0, 0, 0, 0])),
      await send([{ ...first, bytes: new Uint8Array(0) }]),
    ];
    for (const answer of faults) expect(answer.status).toBe(422);
    for (const length of ["-1", "1e9", "x", "999999"]) {
      const answer = await send(tensors(), {}, { "inference-header-content-length": length });
      expect(answer.status).toBe(400);
    }
  });
});
