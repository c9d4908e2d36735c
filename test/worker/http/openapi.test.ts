// The API's description against the API: complete, valid in its references, and its examples work.
import { beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../../worker/identity/access.ts";
import { boats, diamonds, register, setUp } from "../models/bundles.ts";
import { broken, resetStorage, Service } from "../service.ts";

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly responses: Record<string, { description: string; content?: object }>;
  readonly parameters?: readonly { name: string; in: string; example?: string }[];
  readonly requestBody?: {
    content: Record<string, { schema: object; examples?: Record<string, { value: unknown }> }>;
  };
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    schemas: Record<string, { properties?: object; required?: string[] }>;
    securitySchemes: object;
  };
}

const service = new Service();
let document: Document;

const read = async (token?: string) => (await service.fetch("/openapi.json", { token })).json<Document>();
const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

beforeAll(async () => {
  await resetStorage();
  await setUp(service, diamonds);
  await register(service, boats);
  document = await read();
});

describe("openapi.json", () => {
  it("describes every route under one operationId each", () => {
    expect(document.openapi).toBe("3.1.0");
    const described = operations().map(({ method, path }) => `${method} ${path}`);
    const listed = rules
      .map(({ method, path }) => `${method} ${path}`)
      .filter((one) => one !== "GET /openapi.json");
    expect(described.sort()).toEqual(listed.sort());
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(ids.every((id) => /^[a-z][A-Za-z]+$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("documents success, and the problems that a route's nature brings", () => {
    for (const { path, method, operation } of operations()) {
      const where = `${method} ${path}`;
      const statuses = Object.keys(operation.responses);
      const rule = rules.find((one) => one.path === path && one.method === method);
      expect(
        statuses.some((status) => status.startsWith("2")),
        where,
      ).toBe(true);
      expect(statuses, where).toEqual(expect.arrayContaining(["405", "503"]));
      const guarded = rule?.need !== "anyone" && rule?.need !== "optional";
      if (guarded) expect(statuses, where).toEqual(expect.arrayContaining(["401", "403"]));
      if (path.includes("{dataset}") && method !== "PUT") expect(statuses, where).toContain("404");
      if (operation.requestBody) expect(statuses, where).toEqual(expect.arrayContaining(["413", "415"]));
      const query = operation.parameters?.some((parameter) => parameter.in === "query");
      if (query) expect(statuses, where).toContain("400");
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const given =
        operation.parameters?.filter((parameter) => parameter.in === "path").map(({ name }) => name) ?? [];
      expect([...given].sort(), where).toEqual(names.sort());
    }
  });

  it("refers only to what it holds", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, target]) => target,
    );
    expect(references.length).toBeGreaterThan(50);
    for (const target of new Set(references)) {
      expect(target).toMatch(/^#\/components\/schemas\/\w+$/);
      expect(document.components.schemas).toHaveProperty(target.split("/")[3]);
    }
  });

  it("gives each dataset its own row, to those who may see it", async () => {
    const row = document.components.schemas.DiamondsRow;
    expect(Object.keys(row.properties ?? {})).toEqual(diamonds.features.map(({ name }) => name));
    expect(row.required).toEqual(["carat", "cut", "color", "clarity"]);
    expect(document.components.schemas).not.toHaveProperty("BoatsRow");
    const all = await read("admin");
    expect(all.components.schemas).toHaveProperty("BoatsRow");
  });

  it("has examples that work as they are", async () => {
    for (const id of ["predict", "predictBatch", "findSimilar"]) {
      const found = operations().find(({ operation }) => operation.operationId === id);
      const examples = found?.operation.requestBody?.content["application/json"].examples;
      const dataset = found?.operation.parameters?.find(({ name }) => name === "dataset")?.example;
      expect(dataset).toBe("diamonds");
      const answer = await service.fetch(found?.path.replace("{dataset}", "diamonds") ?? "", {
        json: examples?.diamonds.value,
      });
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toContain('"errors"');
    }
  });

  it("describes items by the dataset's own row, and their filters as a list", async () => {
    const find = (id: string) =>
      operations().find(({ operation }) => operation.operationId === id)?.operation;
    const body = find("createItem")?.requestBody?.content["application/json"];
    const made = await service.fetch("/v1/diamonds/items", {
      json: body?.examples?.diamonds.value,
      token: "admin",
    });
    expect(made.status).toBe(201);
    expect(Object.keys(find("patchItem")?.requestBody?.content ?? {})).toEqual([
      "application/merge-patch+json",
      "application/json",
    ]);
    for (const id of ["listItems", "exportItems"]) {
      const filter = find(id)?.parameters?.find(({ name }) => name === "filter");
      expect(filter).toMatchObject({
        in: "query",
        required: false,
        schema: { type: "array", items: { type: "string" } },
      });
    }
    const headers = (id: string) =>
      find(id)
        ?.parameters?.filter(({ in: place }) => place === "header")
        .map(({ name }) => name);
    expect(headers("putItem")).toEqual(["if-match"]);
    expect(headers("importItems")).toEqual(["idempotency-key"]);
  });

  it("is there without a database", async () => {
    const cold = new Service({ DB: broken("no D1") });
    const answer = await cold.fetch("/openapi.json");
    expect(answer.status).toBe(200);
    expect((await answer.json<Document>()).components.schemas).not.toHaveProperty("DiamondsRow");
  });
});
