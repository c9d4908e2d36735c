// Batches: three formats in, three out, the same prices in all; a bad row fails alone; whatever is held is let go again.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BodyBudget, HeldBody } from "../../../worker/batches/held-body.ts";
import { limits } from "../../../worker/http/limits.ts";
import { diamonds, makeBundle, point, publish, setUp, stone } from "../models/bundles.ts";
import { resetStorage, Service } from "../service.ts";

const path = "/v1/diamonds/predict/batch";
const json = "application/json";
const csv = "text/csv";
const ndjson = "application/x-ndjson";

interface Item {
  readonly index: number;
  readonly prediction?: number;
  readonly interval?: { low: number; high: number };
  readonly missing?: string[];
  readonly warnings?: { pointer: string }[];
  readonly errors?: { pointer: string; detail: string }[];
}

const service = new Service();
let id: string;

beforeAll(async () => {
  await resetStorage();
  id = (await setUp(service, diamonds)).manifest.id;
});

const send = (body: BodyInit, type: string, accept?: string, query = "") =>
  service.fetch(path + query, {
    method: "POST",
    headers: { "content-type": type, ...(accept ? { accept } : {}) },
    body,
    // Large batches are for callers with a key.
    token: "admin",
  });

const rows = [
  stone,
  { ...stone, cut: "Perfect" },
  { ...stone, carat: 2, depth: 61.5 },
  { ...stone, carat: -1 },
  { ...stone, carat: 9 },
];
const header = "carat,cut,color,clarity,depth";
const bodies: Record<string, string> = {
  [json]: JSON.stringify({ rows }),
  [ndjson]: rows.map((row) => JSON.stringify(row)).join("\n"),
  [csv]: [
    header,
    ...rows.map(({ carat, cut, color, clarity, ...rest }) =>
      [carat, cut, color, clarity, "depth" in rest ? rest.depth : ""].join(","),
    ),
  ].join("\r\n"),
};

async function itemsOf(answer: Response): Promise<Item[]> {
  const text = await answer.text();
  const type = answer.headers.get("content-type");
  if (type === json) return (JSON.parse(text) as { items: Item[] }).items;
  expect(type).toBe(ndjson);
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("a batch", () => {
  it.each([json, ndjson, csv])("in %s is priced row by row, and a bad row fails alone", async (type) => {
    for (const accept of [json, ndjson]) {
      const answer = await send(bodies[type], type, accept);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("x-model")).toBe(id);
      expect(answer.headers.get("vary")).toContain("Accept");
      const items = await itemsOf(answer);
      expect(items.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
      expect(items[0]).toMatchObject({ prediction: 4000 * Math.fround(1.01), warnings: [] });
      expect(items[0].missing).toEqual(["depth", "table", "x", "y", "z"]);
      expect(items[2].missing).toEqual(["table", "x", "y", "z"]);
      expect(items[1].errors?.[0].pointer).toBe("/cut");
      expect(items[1].errors?.[0].detail).toContain('Ideal; got "Perfect"');
      expect(items[3].errors?.[0]).toMatchObject({ pointer: "/carat" });
      expect(items[4].warnings?.[0].pointer).toBe("/carat");
    }
  });

  it("answers in CSV, line by line", async () => {
    const text = await (await send(bodies[json], json, csv)).text();
    const lines = text.split("\r\n");
    const price = 4000 * Math.fround(1.01);
    expect(lines[0]).toBe("index,prediction,low,high,missing,warnings,errors");
    expect(lines[1]).toBe(`0,${price},${price - 100},${price + 100},depth table x y z,,`);
    expect(lines[2]).toBe(
      '1,,,,,,"/cut: expected one of Fair, Good, Very Good, Premium, Ideal; got ""Perfect"""',
    );
    expect(lines[5]).toContain("9 is beyond");
    expect(lines.slice(6)).toEqual([""]);
  });

  it("names model and request once in JSON", async () => {
    const answer = await send(bodies[json], json);
    expect(await answer.json()).toMatchObject({
      id: answer.headers.get("x-request-id"),
      unit: "USD",
      model: { id, family: "linear", alias: "champion" },
    });
  });

  it("answers in the form of the body, unless Accept wants another", async () => {
    const typeFor = async (type: string, accept?: string) => {
      const answer = await send(bodies[type], type, accept);
      await answer.text();
      return answer.headers.get("content-type")?.split(";")[0];
    };
    for (const type of [json, ndjson, csv]) {
      expect(await typeFor(type)).toBe(type);
      expect(await typeFor(type, "*/*")).toBe(type);
    }
    expect(await typeFor(csv, "text/*")).toBe(csv);
    expect(await typeFor(csv, "application/json;q=0.5, application/x-ndjson;q=0.9")).toBe(ndjson);
    expect(await typeFor(csv, "text/csv;q=0, */*;q=0.1")).toBe(json);
    expect((await send(bodies[csv], csv, "image/png")).status).toBe(406);
    expect((await send(bodies[csv], "text/plain")).status).toBe(415);
  });

  it("takes model and coverage from the query", async () => {
    const other = await makeBundle(diamonds, { slope: 5000 });
    await publish(service, diamonds, other);
    await point(service, diamonds, other.manifest.id, "trial");
    const [item] = await itemsOf(await send(bodies[json], json, ndjson, "?model=trial&coverage=0.5"));
    const price = 5000 * Math.fround(1.01);
    expect(item).toMatchObject({ prediction: price, interval: { low: price - 10, high: price + 10 } });
    expect((await send(bodies[json], json, ndjson, "?model=nosuch")).status).toBe(404);
  });
});

describe("CSV", () => {
  const errorsOf = async (body: string) => {
    const answer = await send(body, csv);
    expect(answer.status).toBe(422);
    return (await answer.json<{ errors: { pointer: string; detail: string }[] }>()).errors;
  };

  it("refuses a header that the spec does not know, before any row", async () => {
    expect((await errorsOf("carat,cut,color,clarity,karat\n"))[0]).toMatchObject({ pointer: "/karat" });
    expect((await errorsOf("carat,cut,color\n"))[0]).toMatchObject({ pointer: "/clarity" });
    expect((await errorsOf("carat,carat,cut,color,clarity\n"))[0].detail).toContain("twice");
    expect(await errorsOf("")).toHaveLength(4);
  });

  it("takes columns in any order, a byte order mark, quotes, empty lines and cells without a value", async () => {
    const body =
      '\uFEFF"clarity",cut , color,carat,table\r\n\r\nVS1,"Ideal",G,1.01,NA\r\nVS1,"Very Good",G,+2e0,';
    const items = await itemsOf(await send(body, csv, ndjson));
    expect(items.map(({ prediction }) => prediction)).toEqual([4000 * Math.fround(1.01), 8000]);
    expect(items[0].missing).toContain("table");
  });

  it("fails rows of another length, of another number format and with broken quotes, alone", async () => {
    const body = `${header}\n1,Ideal,G,VS1\n"1"x,Ideal,G,VS1,\n1;5,Ideal,G,VS1,\n2,Ideal,G,VS1,60\n"1,Ideal`;
    const items = await itemsOf(await send(body, csv, ndjson));
    expect(items.map(({ errors }) => errors?.[0].detail)).toEqual([
      "expected 5 cells, as the header has; got 4",
      "not CSV: text stands after a closing quote",
      expect.stringContaining('got "1;5"'),
      undefined,
      "not CSV: a quote is never closed",
    ]);
  });
});

describe("NDJSON", () => {
  it("fails a line that is not JSON alone, and skips empty ones", async () => {
    const body = `\n${JSON.stringify(stone)}\r\n{\n\n[1]\nnull`;
    const items = await itemsOf(await send(body, ndjson));
    expect(items.map(({ index, errors }) => [index, errors?.[0].detail])).toEqual([
      [0, undefined],
      [1, expect.stringContaining("not JSON")],
      [2, expect.stringContaining("expected an object")],
      [3, expect.stringContaining("expected an object")],
    ]);
  });

  it("answers nothing for nothing", async () => {
    const answer = await send("", ndjson);
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
  });
});

describe("JSON", () => {
  it.each([
    ['{"rows":[]}', 0],
    [' { "rows" : [ {} , 1,"a]},", [2], null ] } ', 5],
    ['{"\\u0072ows":[{"cut":"\\\\\\""}]}', 1],
  ])("takes %s", async (body, count) => {
    expect(await itemsOf(await send(body, json))).toHaveLength(count);
  });

  it.each([
    ["", 400],
    ["{", 400],
    ['{"rows":[', 400],
    ['{"rows":[1', 400],
    ['{"rows":[1]', 400],
    ['{"rows":[1,]}', 400],
    ['{"rows":[,1]}', 400],
    ['{"rows":[1}', 400],
    ['{"rows":[{]}', 400],
    ['{"rows":[NaN]}', 400],
    ['{"rows":[1]}x', 400],
    ['{"rows":[1]]', 400],
    ["rows", 400],
    ["[]", 422],
    ["7", 422],
    ["{}", 422],
    ['{"rows":5}', 422],
    ['{"rows":{}}', 422],
    ['{"rows":[],"row":1}', 422],
    ['{"row":1,"rows":[]}', 422],
    ['{"rows":[],"rows":[]}', 422],
  ])("refuses %s", async (body, status) => {
    expect((await send(body, json)).status).toBe(status);
  });
});

describe("a large batch", () => {
  const many = limits.batchRows;
  const largeBody = `${header}\n${"1.01,Ideal,G,VS1,\n".repeat(many)}`;

  beforeEach(() => service.settle());

  it("of as many rows as are taken comes back whole, in order, in any size of pieces", async () => {
    const bytes = new TextEncoder().encode(largeBody);
    let at = 0;
    const pieces = new ReadableStream<Uint8Array>({
      pull(controller) {
        const size = 1 + ((at * 7919) % 50_000);
        if (at < bytes.length) controller.enqueue(bytes.slice(at, at + size));
        else controller.close();
        at += size;
      },
    });
    const answer = await send(pieces, csv, ndjson);
    expect(answer.status).toBe(200);
    const lines = (await answer.text()).trimEnd().split("\n");
    expect(lines).toHaveLength(many);
    for (const index of [0, 511, 512, many - 1]) expect(JSON.parse(lines[index])).toMatchObject({ index });
    expect(service.isolate.batches.heldBytes).toBe(0);
  });

  it("is priced only as fast as it is read, and let go when its reader leaves", async () => {
    const answer = await send(largeBody, csv);
    const reader = answer.body?.getReader();
    await reader?.read();
    expect(service.isolate.batches.heldBytes).toBe(largeBody.length);
    await reader?.cancel();
    expect(service.isolate.batches.heldBytes).toBe(0);
  });

  it("is let go when it is refused", async () => {
    expect((await send(`${largeBody}1,Ideal,G,VS1,\n`, csv)).status).toBe(422);
    expect((await send(largeBody, csv, csv, "?model=nosuch")).status).toBe(404);
    expect(service.isolate.batches.heldBytes).toBe(0);
  });

  it("waits its turn where the isolate holds too much already", async () => {
    const budget = new BodyBudget(100);
    const chunks = async function* (size: number) {
      yield new Uint8Array(size);
    };
    const held = await HeldBody.read(chunks(80), budget);
    await expect(HeldBody.read(chunks(30), budget)).rejects.toMatchObject({ kind: "unavailable" });
    expect(budget.heldBytes).toBe(80);
    held.release();
    held.release();
    expect(budget.heldBytes).toBe(0);
    (await HeldBody.read(chunks(100), budget)).release();
  });

  it("leaves its beginning in the log, and not the rest", async () => {
    const sent: string[] = [];
    const sendBatch = async (messages: Iterable<{ body: string }>) => {
      sent.push(...[...messages].map(({ body }) => body));
    };
    const logged = new Service({ REQUEST_LOG: { sendBatch } as unknown as Queue<string> });
    const headers = { "content-type": csv };
    await (await logged.fetch(path, { method: "POST", headers, body: largeBody, token: "admin" })).text();
    await (await logged.fetch(path, { method: "POST", headers, body: bodies[csv] })).text();
    await logged.settle();
    const [large, small] = sent.flatMap((text) => JSON.parse(text));
    expect(large.requestBody).toMatch(/^carat,cut.*\[truncated\]$/s);
    expect(large.responseBody).toMatch(/^index,prediction.*\[truncated\]$/s);
    expect(JSON.stringify(large).length).toBeLessThan(64 * 1024);
    expect(small.requestBody).toBe(bodies[csv]);
    expect(small.responseBody.split("\r\n")).toHaveLength(7);
    expect(small.modelId).toBe(id);
  });
});
