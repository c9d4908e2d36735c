// The typed client against a scripted server: what it sends, what it tries again, and how it tells what went wrong.
import { afterEach, describe, expect, it } from "vitest";
import { ApiFault } from "../../../sdk/api-fault.ts";
import { Client } from "../../../trainer/client/client.ts";
import { houses } from "../dataset/fixture.ts";
import { type Answer, type Asked, type ScriptedServer, startServer } from "../scripted-server.ts";

let server: ScriptedServer;

async function clientOf(answer: (asked: Asked) => Answer): Promise<Client> {
  server = await startServer(answer);
  return new Client(server.url, "secret-token");
}

/** Answers in turn; the last one again and again. */
function inTurn(...answers: Answer[]): () => Answer {
  return () => (answers.length > 1 ? (answers.shift() as Answer) : answers[0]);
}

afterEach(() => server.close());

const problem = {
  title: "Unprocessable Content",
  detail: "the spec breaks its schema",
  errors: [{ pointer: "/target/minimum", detail: "expected a minimum above 0" }],
};

describe("Client", () => {
  it("sends the spec with the token", async () => {
    const client = await clientOf(() => ({ status: 201 }));
    await client.registerDataset(houses);
    const [asked] = server.asked;
    expect(asked).toMatchObject({ method: "PUT", path: "/v1/datasets/houses" });
    expect(asked.headers).toMatchObject({
      authorization: "Bearer secret-token",
      "content-type": "application/json",
    });
    expect(JSON.parse(asked.body.toString())).toEqual(houses);
  });

  it("tells a problem document in one line, and no token", async () => {
    const client = await clientOf(() => ({ status: 422, body: problem }));
    const failure = await client.registerDataset(houses).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiFault);
    expect((failure as ApiFault).status).toBe(422);
    expect((failure as Error).message).toBe(
      "PUT /v1/datasets/houses: 422 the spec breaks its schema; /target/minimum: expected a minimum above 0",
    );
    expect(server.asked.length).toBe(1);
  });

  it("waits out a 503 that says how long", async () => {
    const busy = { status: 503, headers: { "retry-after": "0" }, body: { title: "starting" } };
    const client = await clientOf(inTurn(busy, busy, { body: { rows: 12 } }));
    expect(await client.findDataset("houses")).toEqual({ rows: 12 });
    expect(server.asked.length).toBe(3);
  });

  it("gives up on a 503 that stays", async () => {
    const client = await clientOf(() => ({
      status: 503,
      headers: { "retry-after": "0" },
      body: { title: "starting" },
    }));
    await expect(client.findDataset("houses")).rejects.toThrow("GET /v1/houses: 503 starting");
    expect(server.asked.length).toBe(4);
  });

  it("tries again where the connection breaks, with the whole body", async () => {
    const done = { body: { inserted: 1, updated: 0, rejected: [] } };
    const client = await clientOf(inTurn({ hangUp: true }, done));
    expect(await client.importItems("houses", '{"id":"1"}\n')).toMatchObject(done.body);
    expect(server.asked.map(({ body }) => body.toString())).toEqual(['{"id":"1"}\n', '{"id":"1"}\n']);
  });

  it.each([400, 401, 403, 409, 500])("does not repeat a %i", async (status) => {
    const client = await clientOf(() => ({ status }));
    await expect(client.putSnapshot("houses", "ab", new Uint8Array([1]))).rejects.toBeInstanceOf(ApiFault);
    expect(server.asked.length).toBe(1);
  });

  it("says who does not answer", async () => {
    const client = await clientOf(() => ({}));
    await server.close();
    const failure = await client.findDataset("houses").catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiFault);
    expect((failure as Error).message).toBe(`GET /v1/houses: no answer from ${server.url}: ECONNREFUSED`);
  });

  it("takes an unknown dataset, alias or history for what it is", async () => {
    const client = await clientOf(() => ({ status: 404 }));
    expect(await client.findDataset("houses")).toBeUndefined();
    expect(await client.findAlias("houses", "champion")).toBeUndefined();
    expect(await client.listModels("houses")).toEqual([]);
  });

  it("refuses an answer that is not what the API promises", async () => {
    const client = await clientOf(() => ({ body: { rows: "many" } }));
    await expect(client.findDataset("houses")).rejects.toThrow(/unexpected answer: rows: /);
  });

  it("publishes a bundle as one part a file", async () => {
    const client = await clientOf(() => ({ status: 201 }));
    const manifest = new TextEncoder().encode('{"format":1}');
    const files = new Map([
      ["manifest.json", manifest],
      ["model.onnx", new Uint8Array([8, 9, 0, 255])],
    ]);
    await client.publishModel("houses", files);
    const [{ headers, body }] = server.asked;
    const form = await new Response(new Uint8Array(body), {
      headers: { "content-type": String(headers["content-type"]) },
    }).formData();
    expect([...form.keys()]).toEqual(["manifest.json", "model.onnx"]);
    expect(await (form.get("manifest.json") as File).text()).toBe('{"format":1}');
    expect([...(await (form.get("model.onnx") as File).bytes())]).toEqual([8, 9, 0, 255]);
  });

  it("moves an alias only from where it was seen", async () => {
    const client = await clientOf(({ method }) =>
      method === "GET"
        ? { headers: { etag: '"7"' }, body: { model: "linear-000000000001" } }
        : { status: 412 },
    );
    const state = await client.findAlias("houses", "champion");
    expect(state).toEqual({ model: "linear-000000000001", etag: '"7"' });
    const to = { model: "linear-000000000002", reason: "better", gate: {} };
    expect(await client.moveAlias("houses", "champion", state, to)).toBe(false);
    expect(await client.moveAlias("houses", "champion", undefined, to)).toBe(false);
    expect(server.asked[1].headers["if-match"]).toBe('"7"');
    expect(server.asked[2].headers["if-none-match"]).toBe("*");
    expect(JSON.parse(server.asked[1].body.toString())).toEqual(to);
  });

  it("follows the history page by page", async () => {
    const metrics = {
      heldOut: {
        rows: 5,
        meanAbsoluteError: 1,
        rootMeanSquaredError: 2,
        meanAbsolutePercentageError: null,
        r2Score: 0.5,
      },
    };
    const model = (id: string) => ({
      id,
      family: "linear",
      specHash: "a",
      dataSha256: "b",
      seed: 1,
      metrics,
    });
    const client = await clientOf(({ path }) => ({
      body: path.includes("cursor=p%262")
        ? { items: [model("linear-2")], next: null }
        : { items: [model("linear-1")], next: "p&2" },
    }));
    expect((await client.listModels("houses")).map(({ id }) => id)).toEqual(["linear-1", "linear-2"]);
  });
});

describe("new Client", () => {
  it.each(["localhost:8787", "ftp://example.org", "", "8787"])("refuses %j as a URL", (url) => {
    expect(() => new Client(url)).toThrow(/expected http:\/\/... or https:\/\/.../);
  });
});
