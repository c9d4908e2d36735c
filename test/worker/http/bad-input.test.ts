// Everything that a careless or hostile sender may do, and the answer that tells what would have been right.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { boats, diamonds, makeBundle, register, setUp, stone } from "../models/bundles.ts";
import { type Call, resetStorage, Service } from "../service.ts";

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly errors: readonly { pointer: string; detail: string }[];
}

const predict = "/v1/diamonds/predict";
const jsonType = { "content-type": "application/json" };
const raw = (body: string): Call => ({ method: "POST", headers: jsonType, body });

let service: Service;

beforeAll(resetStorage);
beforeEach(async () => {
  service = new Service();
  if ((await service.fetch("/v1/diamonds")).status === 404) await setUp(service, diamonds);
});

async function refusal(path: string, call: Call, status: number): Promise<Problem & { headers: Headers }> {
  const answer = await service.fetch(path, call);
  const text = await answer.text();
  expect(`${answer.status} ${text}`).toMatch(new RegExp(`^${status} `));
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const problem = JSON.parse(text) as Problem;
  expect(problem).toMatchObject({ status, instance: answer.headers.get("x-request-id") });
  expect(problem.type && problem.title && problem.detail).toBeTruthy();
  return { ...problem, headers: answer.headers };
}

describe("bodies that are not JSON", () => {
  it.each([
    ["broken off", '{"carat": 1.0'],
    ["empty", ""],
    ["a bare word", "carat"],
    ["NaN, which JSON has not", '{"carat": NaN}'],
    ["Infinity, which JSON has not", '{"carat": Infinity}'],
    ["-Infinity, which JSON has not", '{"carat": -Infinity}'],
    ["single quotes", "{'carat': 1}"],
    ["a trailing comma", '{"carat": 1,}'],
    ["two documents", "{} {}"],
  ])("400: %s", async (_, body) => {
    const problem = await refusal(predict, raw(body), 400);
    expect(problem.detail).toContain("not JSON");
  });

  it("400: bytes that are not UTF-8", async () => {
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
    expect((await refusal(predict, { headers: jsonType, body }, 400)).detail).toContain("UTF-8");
  });

  it("400: nested ten thousand deep", async () => {
    const body = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    expect((await refusal(predict, raw(body), 400)).detail).toContain("nested");
    const inText = await service.fetch(predict, { json: { ...stone, cut: "[".repeat(10_000) } });
    expect(inText.status).toBe(422);
  });

  it.each([
    undefined,
    "text/plain",
    "application/xml",
    "multipart/form-data; boundary=x",
    "application/json; charset=latin1",
  ])("415: Content-Type %s", async (type) => {
    const body = new TextEncoder().encode(JSON.stringify(stone));
    const headers: Record<string, string> = type === undefined ? {} : { "content-type": type };
    const problem = await refusal(predict, { method: "POST", headers, body }, 415);
    expect(problem.detail).toContain("expected Content-Type application/json");
  });

  it("takes charset=utf-8 and a byte order mark", async () => {
    const headers = { "content-type": "application/json; charset=UTF-8" };
    const answer = await service.fetch(predict, { headers, body: `\uFEFF${JSON.stringify(stone)}` });
    expect(answer.status).toBe(200);
  });
});

describe("rows that break the spec", () => {
  const faults: [string, string, string, RegExp][] = [
    ["an unknown field", '{"karat": 1}', "/karat", /unknown field; did you mean "carat"\?/],
    ["a field of another case", '{"Carat": 1}', "/Carat", /did you mean "carat"/],
    ["a field that belongs to every object", '{"__proto__": 1}', "/__proto__", /unknown field/],
    [
      "an unknown level",
      '{"cut": "Perfect"}',
      "/cut",
      /Fair, Good, Very Good, Premium, Ideal; got "Perfect"/,
    ],
    ["a level of another case", '{"cut": "ideal"}', "/cut", /expected one of.*did you mean "Ideal"\?/],
    ["a level with a slip", '{"cut": "Premum"}', "/cut", /did you mean "Premium"\?/],
    ["1e309", '{"carat": 1e309}', "/carat", /finite number.*got Infinity/],
    ["-1e309", '{"carat": -1e309}', "/carat", /finite number.*got -Infinity/],
    ["a negative weight", '{"carat": -1}', "/carat", /at least 0.05 and at most 15 ct; got -1/],
    ["a weight of 0", '{"carat": 0}', "/carat", /at least 0.05/],
    ["a weight beyond the range", '{"carat": 16}', "/carat", /at most 15/],
    ["a numeric string", '{"carat": "1.1"}', "/carat", /expected a number.*got "1.1"/],
    ["true for a number", '{"carat": true}', "/carat", /expected a number.*got true/],
    ["an array for a number", '{"carat": [1]}', "/carat", /expected a number.*got an array/],
    ["an object for a level", '{"cut": {}}', "/cut", /expected one of.*got an object/],
    ["a number for a level", '{"cut": 5}', "/cut", /expected one of.*got 5/],
    ["null for what is required", '{"carat": null}', "/carat", /required/],
    ["a price among the features", '{"price": 1}', "/price", /unknown field/],
  ];

  it.each(faults)("422: %s", async (_, change, pointer, detail) => {
    // Spliced as text: JSON.stringify would lose 1e309 and __proto__.
    const name = /"(\w+)"/.exec(change)?.[1];
    const others = Object.entries(stone).filter(([one]) => one !== name);
    const base = JSON.stringify(Object.fromEntries(others)).slice(0, -1);
    const problem = await refusal(predict, raw(`${base},${change.slice(1)}`), 422);
    const fault = problem.errors.find((error) => error.pointer === pointer);
    expect(fault?.detail).toMatch(detail);
  });

  it.each(["[]", "null", "7", '"row"', "true"])("422: %s for an object", async (body) => {
    const problem = await refusal(predict, raw(body), 422);
    expect(problem.errors[0].detail).toContain("expected an object");
  });

  it("422: nothing at all, told field by field", async () => {
    const problem = await refusal(predict, { json: {} }, 422);
    expect(problem.errors.map(({ pointer }) => pointer)).toEqual(["/carat", "/cut", "/color", "/clarity"]);
  });

  it("never echoes more than a little of the body", async () => {
    const problem = await refusal(
      predict,
      { json: { ...stone, cut: "x".repeat(50_000), ["y".repeat(9000)]: 1 } },
      422,
    );
    expect(JSON.stringify(problem).length).toBeLessThan(2000);
  });
});

describe("too much", () => {
  it("413: two megabytes, with and without a Content-Length", async () => {
    const body = JSON.stringify({ ...stone, cut: "x".repeat(2 * 1024 * 1024) });
    await refusal(predict, raw(body), 413);
    let sent = 0;
    const chunk = new TextEncoder().encode("x".repeat(64 * 1024));
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += chunk.length;
        controller.enqueue(chunk);
      },
    });
    await refusal(predict, { method: "POST", headers: jsonType, body: endless }, 413);
    // The rest is dropped for a while so that the sender sees the answer, and then no more is taken.
    expect(sent).toBeLessThan(18 * 1024 * 1024);
  });

  it("413: a batch beyond 25 MB, while 5 MB of batch are read", async () => {
    const rows = (count: number) =>
      JSON.stringify({ rows: Array.from({ length: count }, () => ({ ...stone, cut: "y".repeat(1000) })) });
    await refusal(`${predict}/batch`, raw(rows(26_000)), 413);
    const answer = await service.fetch(`${predict}/batch`, { ...raw(rows(5000)), token: "admin" });
    expect(answer.status).toBe(200);
    expect((await answer.json<{ items: object[] }>()).items).toHaveLength(5000);
  });

  it("422: ten million rows, in every format, long before they are all read", async () => {
    const bodies = [
      ["application/json", `{"rows":[${"1,".repeat(10_000_000)}1]}`],
      ["application/x-ndjson", "1\n".repeat(10_000_000)],
      ["text/csv", `carat,cut,color,clarity\n${",\n".repeat(10_000_000)}`],
    ];
    for (const [type, body] of bodies) {
      const started = Date.now();
      const headers = { "content-type": type };
      const problem = await refusal(
        `${predict}/batch`,
        { method: "POST", headers, body, token: "admin" },
        422,
      );
      expect(problem.errors).toEqual([{ pointer: "/rows", detail: "expected at most 100000 rows" }]);
      expect(Date.now() - started).toBeLessThan(5000);
    }
  });

  it("413: CSV bombs: a field without end, a quote that is never closed, a million columns", async () => {
    const header = "carat,cut,color,clarity";
    const csv = (body: string) => ({ method: "POST", headers: { "content-type": "text/csv" }, body });
    for (const bomb of [
      `${header}\n1,${"x".repeat(5_000_000)}`,
      `${header}\n1,"Ideal\n${"1,Ideal,G,VS1\n".repeat(100_000)}`,
      ",".repeat(1_000_000),
    ]) {
      const problem = await refusal(`${predict}/batch`, csv(bomb), 413);
      expect(problem.detail).toContain("65536 characters");
    }
    const wide = await refusal(`${predict}/batch`, csv(`${header}${",x".repeat(10_000)}\n`), 422);
    expect(wide.errors.length).toBeLessThan(50);
  });

  it("400: rows nested without end, in JSON and in NDJSON", async () => {
    const deep = "[".repeat(10_000);
    for (const [type, body] of [
      ["application/json", `{"rows":[${deep}`],
      ["application/json", `{"rows":[{"cut":${deep}${"]".repeat(10_000)}}]}`],
      ["application/x-ndjson", `{"cut":${deep}`],
    ]) {
      const headers = { "content-type": type };
      const problem = await refusal(`${predict}/batch`, { method: "POST", headers, body }, 400);
      expect(problem.detail).toContain("nested");
    }
  });

  it("415: a compressed body, which is unpacked nowhere", async () => {
    const headers = { ...jsonType, "content-encoding": "gzip" };
    const problem = await refusal(predict, { method: "POST", headers, body: "x" }, 415);
    expect(problem.detail).toContain("Content-Encoding");
  });

  it("422 and 400: a sweep of a million points, a billion comparables", async () => {
    const sweep = (vary: object[]) =>
      refusal("/v1/diamonds/sweep", { json: { row: stone, vary } }, 422).then(({ errors }) => errors[0]);
    const steps = { feature: "carat", from: 0.1, to: 3, steps: 1e6 };
    expect(await sweep([steps])).toEqual({
      pointer: "/vary/0/steps",
      detail: "expected at most 1000; got 1000000",
    });
    const grid = [
      { ...steps, steps: 1000 },
      { feature: "depth", from: 50, to: 70, steps: 1000 },
    ];
    expect(await sweep(grid)).toEqual({
      pointer: "/vary",
      detail: "expected at most 1000 points; got 1000000",
    });
    expect((await sweep([{ ...steps, steps: 1e9 }])).pointer).toBe("/vary/0/steps");
    await refusal("/v1/diamonds/similar?n=1000000000", { json: stone }, 400);
  });

  it("422: an ONNX whose fields claim more bytes than there are", async () => {
    // Field 7 (graph) of a ModelProto, of 2^63 bytes, of 2^31, and of one more than follow.
    const forged = [
      [0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
      [0x3a, 0x80, 0x80, 0x80, 0x80, 0x08],
      [0x3a, 0x02, 0x00],
    ];
    for (const bytes of forged) {
      const { form } = await makeBundle(diamonds, { onnx: () => Uint8Array.from(bytes) });
      const problem = await refusal("/v1/diamonds/models", { body: form(), token: "admin" }, 422);
      expect(problem.errors[0].pointer).toBe("/model.onnx");
    }
  });
});

describe("paths, methods and queries", () => {
  it("404: an unknown dataset, with and without a token", async () => {
    for (const token of [undefined, "admin"]) {
      const problem = await refusal("/v1/nosuch/predict", { json: stone, token }, 404);
      expect(problem.detail).toContain('"nosuch"');
    }
  });

  it("404: an unknown model id, an unknown alias, an unknown item and request", async () => {
    const id = "linear-0123456789ab";
    expect((await refusal(`${predict}?model=${id}`, { json: stone }, 404)).detail).toContain(id);
    await refusal(`${predict}?model=nosuch`, { json: stone }, 404);
    for (const file of ["", "/model.onnx", "/card", "/explain.json"])
      await refusal(`/v1/diamonds/models/${id}${file}`, {}, 404);
    await refusal("/v1/diamonds/items/nosuch", { token: "admin" }, 404);
    await refusal("/v1/requests/nosuch", { token: "admin" }, 404);
    await refusal("/v1/diamonds/aliases/nosuch", {}, 404);
  });

  it("404: a path that is nobody's", async () => {
    for (const path of [
      "/v1",
      "/v1/",
      "/v1/diamonds/",
      "/v1/diamonds/nosuch",
      "/v2/diamonds",
      "/v1/requests/a/b",
    ]) {
      await refusal(path, {}, 404);
    }
  });

  it.each([
    [predict, "GET", "POST, OPTIONS"],
    [predict, "DELETE", "POST, OPTIONS"],
    ["/v1/diamonds", "POST", "GET, HEAD, OPTIONS"],
    ["/v1/diamonds/aliases/champion", "PATCH", "GET, HEAD, PUT, DELETE, OPTIONS"],
    ["/v1/datasets", "PUT", "GET, HEAD, OPTIONS"],
    ["/v1/oauth/token", "GET", "POST, OPTIONS"],
    ["/healthz", "POST", "GET, HEAD, OPTIONS"],
  ])("405: %s %s", async (path, method, allow) => {
    const problem = await refusal(path, { method }, 405);
    expect(problem.headers.get("allow")).toBe(allow);
  });

  it.each([
    ["?coverage=2", "/coverage"],
    ["?coverage=0.3", "/coverage"],
    ["?coverage=1", "/coverage"],
    ["?coverage=0.995", "/coverage"],
    ["?coverage=-0.9", "/coverage"],
    ["?coverage=", "/coverage"],
    ["?coverage=abc", "/coverage"],
    ["?coverage=NaN", "/coverage"],
    ["?coverage=Infinity", "/coverage"],
    ["?covrage=0.8", ""],
  ])("400: predict%s", async (query, pointer) => {
    const problem = await refusal(`${predict}${query}`, { json: stone }, 400);
    expect(problem.errors[0].pointer).toBe(pointer);
  });

  it.each(["?n=0", "?n=101", "?n=1.5", "?n=x"])("400: similar%s", async (query) => {
    const problem = await refusal(`/v1/diamonds/similar${query}`, { json: stone }, 400);
    expect(problem.errors[0].pointer).toBe("/n");
  });

  it("400: a cursor that no list gave", async () => {
    for (const cursor of ["x", "%00", btoa('["a",1,2]'), "e30"]) {
      await refusal(`/v1/diamonds/models?cursor=${encodeURIComponent(cursor)}`, {}, 400);
    }
  });

  it("503: no model published yet", async () => {
    await register(service, boats);
    const problem = await refusal(
      "/v1/boats/predict",
      { json: { length: 9, hull: "wood" }, token: "admin" },
      503,
    );
    expect(problem.detail).toContain("no model of boats is published yet");
    expect(problem.headers.get("retry-after")).toMatch(/^\d+$/);
  });
});
