// The typed client against the Worker, and the committed description that its types are made from.
import { beforeAll, describe, expect, it } from "vitest";
import committed from "../../../sdk/generated/openapi.json";
import { ApiFault, createClient, dataOf } from "../../../sdk/index.ts";
import { diamonds, setUp, stone } from "../models/bundles.ts";
import { env, origin, resetStorage, Service } from "../service.ts";

const service = new Service();
const dataset = { path: { dataset: "diamonds" } };

/** The Worker behind the client, without a network. */
async function ask(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const body = request.body ? await request.arrayBuffer() : undefined;
  return service.fetch(pathname + search, {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body,
  });
}
const visitor = createClient({ url: origin, fetch: ask });
const admin = createClient({ url: `${origin}/`, fetch: ask, token: env.ADMIN_TOKEN });

const faultOf = async (call: Promise<{ response: Response; data?: unknown; error?: unknown }>) => {
  const thrown: unknown = await dataOf(call).catch((error: unknown) => error);
  if (!(thrown instanceof ApiFault)) throw new Error(`expected a fault; got ${JSON.stringify(thrown)}`);
  return thrown;
};

beforeAll(async () => {
  await resetStorage();
  await setUp(service, diamonds);
});

describe("the client", () => {
  it("prices a row, and lets the caller choose the model", async () => {
    const answer = await dataOf(
      visitor.POST("/v1/{dataset}/predict", {
        params: { ...dataset, query: { coverage: 0.5, model: "champion" } },
        body: stone,
      }),
    );
    expect(answer.prediction).toBeCloseTo(4040, 2);
    expect(answer.interval.coverage).toBe(0.5);
    expect(answer.model.alias).toBe("champion");
  });

  it("writes, changes and deletes an item under its ETag", async () => {
    const id = "a/b c";
    const path = { ...dataset.path, id };
    const made = await admin.POST("/v1/{dataset}/items", {
      params: dataset,
      body: { id, features: stone, target: 4100 },
    });
    expect(made.response.status).toBe(201);
    const read = await admin.GET("/v1/{dataset}/items/{id}", { params: { path } });
    expect(read.data?.features).toEqual(stone);
    const etag = read.response.headers.get("etag") ?? "";
    const params = { path, header: { "if-match": etag } };
    const patched = await dataOf(
      admin.PATCH("/v1/{dataset}/items/{id}", {
        params,
        body: { target: 4200 },
      }),
    );
    expect(patched.target).toBe(4200);
    const stale = await faultOf(admin.DELETE("/v1/{dataset}/items/{id}", { params }));
    expect(stale.status).toBe(412);
    const gone = await dataOf(
      admin.DELETE("/v1/{dataset}/items/{id}", { params: { path, header: { "if-match": "*" } } }),
    );
    expect(gone).toBeUndefined();
    expect((await faultOf(admin.GET("/v1/{dataset}/items/{id}", { params: { path } }))).status).toBe(404);
  });

  it("sends lists and text as the API reads them", async () => {
    const csv = "id,carat,cut,color,clarity,price\nx1,1,Ideal,G,VS1,4000\nx2,1,Fair,G,VS1,3000\n";
    const report = await dataOf(
      admin.POST("/v1/{dataset}/items/import", {
        params: dataset,
        body: csv,
        bodySerializer: (text: string) => text,
        headers: { "content-type": "text/csv" },
      }),
    );
    expect(report.inserted).toBe(2);
    const query = { filter: ["cut:eq:Fair", "carat:gte:0.5"], limit: 5 };
    const page = await dataOf(admin.GET("/v1/{dataset}/items", { params: { ...dataset, query } }));
    expect(page.items.map(({ id }) => id)).toEqual(["x2"]);
    const text = await dataOf(
      admin.GET("/v1/{dataset}/items/export", {
        params: dataset,
        headers: { accept: "text/csv" },
        parseAs: "text",
      }),
    );
    expect(text).toContain("x1");
  });

  it("throws a problem with its fields, its request and when to try again", async () => {
    const fault = await faultOf(
      visitor.POST("/v1/{dataset}/predict", { params: dataset, body: { ...stone, cut: "Perfect" } }),
    );
    expect(fault).toMatchObject({ status: 422, name: "ApiFault" });
    expect(fault.errors).toEqual([{ pointer: "/cut", detail: expect.stringContaining("Ideal") }]);
    expect(fault.message).toContain("/cut: ");
    expect(fault.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const closed = await faultOf(visitor.GET("/v1/{dataset}/items", { params: dataset }));
    expect(closed.status).toBe(401);
    const none = await faultOf(visitor.GET("/v1/{dataset}", { params: { path: { dataset: "nosuch" } } }));
    expect(none.status).toBe(404);
  });

  it("tells what is no problem document in few words", async () => {
    const page = `<html>${"x".repeat(5000)}</html>`;
    const proxied = createClient({
      url: origin,
      fetch: async () => new Response(page, { status: 502, headers: { "retry-after": "7" } }),
    });
    const fault = await faultOf(proxied.GET("/v1/datasets"));
    expect(fault).toMatchObject({ status: 502, problem: undefined, retryAfterSeconds: 7, errors: [] });
    expect(fault.message.length).toBeLessThan(300);
  });

  it("asks for the token before every call, and without one sends none", async () => {
    const seen: (string | null)[] = [];
    const fetch = async (request: Request) => {
      seen.push(request.headers.get("authorization"));
      return Response.json([]);
    };
    let count = 0;
    const renewing = createClient({ url: origin, fetch, token: async () => `token-${++count}` });
    await renewing.GET("/v1/datasets");
    await renewing.GET("/v1/datasets");
    await createClient({ url: origin, fetch }).GET("/v1/datasets");
    expect(seen).toEqual(["Bearer token-1", "Bearer token-2", null]);
  });
});

/** Where OpenAPI 3.1 and JSON Schema 2020-12 hold schemas; anything unknown under these names is a slip. */
const types = ["null", "boolean", "object", "array", "number", "string", "integer"];

describe("the description", () => {
  it("is committed as the Worker answers it; otherwise run `npm run sdk`", async () => {
    await resetStorage();
    const cold = new Service();
    const { servers: _own, ...live } = await (await cold.fetch("/openapi.json")).json<typeof committed>();
    const { servers: local, ...kept } = committed;
    expect(live).toEqual(kept);
    expect(local).toEqual([{ url: "http://127.0.0.1:8787" }]);
  });

  it("is OpenAPI 3.1 in what every reader relies on", () => {
    expect(committed.openapi).toMatch(/^3\.1\.\d+$/);
    expect(committed.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    for (const [path, methods] of Object.entries(committed.paths)) {
      expect(path).toMatch(/^\/[\w./{}-]*$/);
      for (const [method, operation] of Object.entries(methods)) {
        const where = `${method} ${path}`;
        expect(["get", "put", "post", "patch", "delete"], where).toContain(method);
        const { responses, parameters = [] } = operation as {
          responses: Record<string, { description?: string; content?: Record<string, object> }>;
          parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
        };
        for (const [status, response] of Object.entries(responses)) {
          expect(status, where).toMatch(/^[1-5]\d\d$/);
          expect(response.description, `${where} ${status}`).toBeTruthy();
          for (const type of Object.keys(response.content ?? {}))
            expect(type, where).toMatch(/^[\w-]+\/[\w.+-]+(; charset=utf-8)?$/);
        }
        const places = parameters.map((one) => `${one.in} ${one.name}`);
        expect(new Set(places).size, where).toBe(places.length);
        for (const one of parameters) {
          expect(["path", "query", "header"], where).toContain(one.in);
          expect(one.schema, `${where} ${one.name}`).toBeDefined();
          if (one.in === "path") expect(one.required, `${where} ${one.name}`).toBe(true);
        }
      }
    }
  });

  it("has no schema of an unknown type, and no pattern that does not compile", () => {
    let schemas = 0;
    const visit = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      const { type, pattern, required } = value as Record<string, unknown>;
      if (typeof type === "string" && ("properties" in value || "items" in value || types.includes(type))) {
        schemas++;
        expect(types).toContain(type);
      }
      if (typeof pattern === "string") expect(() => new RegExp(pattern, "u")).not.toThrow();
      if (Array.isArray(required)) expect(new Set(required).size).toBe(required.length);
      for (const inner of Object.values(value)) visit(inner);
    };
    visit(committed);
    expect(schemas).toBeGreaterThan(500);
  });
});
