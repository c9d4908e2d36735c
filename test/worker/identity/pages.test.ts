// Pages of other origins: what a publishable key opens, where, and which answers a browser hands over.
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { boats, diamonds, register, setUp, stone } from "../models/bundles.ts";
import { origin, resetStorage, Service } from "../service.ts";
import { askToken, type MadeKey, makeKey } from "./people.ts";

const service = new Service();
const shop = "https://shop.example";
const boat = { length: 9, hull: "wood" };
const predict = "/v1/boats/predict";
let made: MadeKey;
let model: string;

beforeAll(async () => {
  await resetStorage();
  await setUp(service, diamonds);
  model = `/v1/boats/models/${(await setUp(service, boats)).manifest.id}`;
  await register(service, { ...boats, name: "yachts" });
  made = await makeKey(service, {
    kind: "publishable",
    origins: [shop, "http://localhost:5173"],
    datasets: ["boats"],
  });
});

const from = (origin: string | undefined, path = predict, token = made.key) =>
  service.fetch(path, {
    token,
    headers: origin === undefined ? {} : { origin },
    ...(path.endsWith("boats") ? {} : { json: boat }),
  });
const readable = (answer: Response) => answer.headers.get("access-control-allow-origin");
const detailOf = async (answer: Response) => (await answer.json<{ detail: string }>()).detail;

describe("a publishable key", () => {
  it("is told by its prefix and can be seen in the page", () => {
    expect(made.key).toMatch(/^pk_[0-9a-f]{16}_[\w-]{43}$/);
  });

  it("shows the form and prices on its own pages, whose scripts may read the answer", async () => {
    for (const origin of [shop, "http://localhost:5173"]) {
      for (const path of ["/v1/boats", predict, "/v1/boats/similar", "/v1/boats/sweep"]) {
        const answer = await from(origin, path);
        expect([401, 403], path).not.toContain(answer.status);
        expect(readable(answer), path).toBe(origin);
        expect(answer.headers.get("vary"), path).toContain("Origin");
        expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
      }
    }
    expect((await from(shop)).status).toBe(200);
  });

  it("works on the service's own pages, whose GETs name no Origin, where it was made for them", async () => {
    const headers = { "sec-fetch-site": "same-origin" };
    const own = await makeKey(service, { kind: "publishable", origins: [origin], datasets: ["boats"] });
    expect((await service.fetch("/v1/boats", { token: own.key, headers })).status).toBe(200);
    expect((await service.fetch("/v1/boats", { token: own.key })).status).toBe(403);
    expect((await service.fetch("/v1/boats", { token: made.key, headers })).status).toBe(403);
  });

  it("is refused on another page with a sentence that names it, which that page may read", async () => {
    const others = [
      "https://evil.example",
      `${shop}.evil.example`,
      `${shop}:8443`,
      "http://shop.example",
      "null",
      `${shop}/`,
    ];
    for (const origin of others) {
      const answer = await from(origin);
      expect(answer.status, origin).toBe(403);
      expect(readable(answer)).toBe(origin);
      expect(await detailOf(answer)).toContain(`does not work on ${origin}`);
    }
  });

  it("works for no origin but its own", async () => {
    await fc.assert(
      fc.asyncProperty(fc.webUrl(), async (url) => {
        const { origin } = new URL(url);
        fc.pre(origin !== shop);
        expect((await from(origin)).status).toBe(403);
      }),
      { numRuns: 25 },
    );
  });

  it("is refused outside of pages", async () => {
    const answer = await from(undefined);
    expect(answer.status).toBe(403);
    expect(await detailOf(answer)).toContain("no Origin");
    expect(readable(answer)).toBeNull();
  });

  it("opens nothing else, and no other dataset", async () => {
    const tries: [string, string][] = [
      ["POST", "/v1/boats/predict/batch"],
      ["GET", "/v1/boats/models"],
      ["GET", `${model}/card`],
      ["DELETE", model],
      ["GET", "/v1/boats/items"],
      ["GET", "/v1/requests"],
      ["POST", "/v1/keys"],
      ["PUT", "/v1/datasets/boats"],
      ["POST", "/v2/models/boats/infer"],
    ];
    for (const [method, path] of tries) {
      const call = {
        method,
        token: made.key,
        headers: { origin: shop },
        ...(method === "GET" ? {} : { json: {} }),
      };
      const answer = await service.fetch(path, call);
      expect(`${path} ${answer.status}`).toBe(`${path} 403`);
      expect(readable(answer), path).toBeNull();
    }
    expect((await from(shop, "/v1/yachts/predict")).status).toBe(403);
  });

  it("opens the files of its datasets' models on its own pages, for the engine that prices there", async () => {
    for (const path of [model, `${model}/model.onnx`, `${model}/explain.json`]) {
      const ask = (headers: Record<string, string>, token = made.key) =>
        service.fetch(path, { token, headers });
      const answer = await ask({ origin: shop });
      expect([answer.status, readable(answer)], path).toEqual([200, shop]);
      expect(answer.headers.get("vary"), path).toContain("Origin");
      // Nobody's shared cache may hand it to a page without the key.
      expect(answer.headers.get("cache-control"), path).toBe("private, max-age=31536000, immutable");
      expect((await ask({ origin: "https://evil.example" })).status, path).toBe(403);
      expect((await ask({})).status, path).toBe(403);
      const foreign = await makeKey(service, { kind: "publishable", origins: [shop], datasets: ["yachts"] });
      expect((await ask({ origin: shop }, foreign.key)).status, path).toBe(403);
      const anonymous = await service.fetch(path, { headers: { origin: shop } });
      expect([anonymous.status, readable(anonymous)], path).toEqual([401, null]);
    }
  });

  it("cannot be turned into a token", async () => {
    const form = { grant_type: "client_credentials", client_id: made.id, client_secret: made.key };
    expect((await askToken(service, form)).status).toBe(401);
  });

  it("that is revoked is refused, and nobody's script reads how", async () => {
    const { id, key } = await makeKey(service, { kind: "publishable", origins: [shop] });
    await service.fetch(`/v1/keys/${id}`, { method: "DELETE", token: "admin" });
    const answer = await from(shop, predict, key);
    expect([answer.status, readable(answer)]).toEqual([401, null]);
  });

  it("of a public dataset changes nothing for whoever sends none", async () => {
    const answer = await service.fetch("/v1/diamonds/predict", {
      json: stone,
      headers: { origin: "https://any.example" },
    });
    expect([answer.status, readable(answer)]).toEqual([200, "*"]);
  });
});

describe("a token on a page", () => {
  it("does not make a private answer readable there", async () => {
    const answer = await service.fetch(predict, { json: boat, token: "admin", headers: { origin: shop } });
    expect([answer.status, readable(answer)]).toEqual([200, null]);
  });
});

describe("a preflight", () => {
  const ask = (path: string, method: string, origin: string | undefined = shop) =>
    service.fetch(path, {
      method: "OPTIONS",
      headers: { ...(origin && { origin }), "access-control-request-method": method },
    });

  it("lets any page ask with a key what widgets ask, for it carries none itself", async () => {
    const answer = await ask(predict, "POST");
    expect(answer.status).toBe(204);
    expect(readable(answer)).toBe(shop);
    expect(answer.headers.get("vary")).toContain("Origin");
    expect(answer.headers.get("access-control-allow-methods")).toBe("POST");
    expect(answer.headers.get("access-control-allow-headers")).toContain("Authorization");
    expect(readable(await ask("/v1/boats", "GET"))).toBe(shop);
    expect(readable(await ask(`${model}/model.onnx`, "GET"))).toBe(shop);
  });

  it("of a public dataset is everybody's, key or not", async () => {
    const answer = await ask("/v1/diamonds/predict", "POST");
    expect(readable(answer)).toBe("*");
    expect(answer.headers.get("access-control-allow-headers")).toContain("Authorization");
  });

  it("for anything else permits nothing", async () => {
    for (const [path, method] of [
      ["/v1/boats/predict/batch", "POST"],
      ["/v1/boats/items", "GET"],
      ["/v1/boats", "PUT"],
      ["/v1/keys", "POST"],
      ["/v1/oauth/token", "POST"],
    ]) {
      const answer = await ask(path, method);
      expect(readable(answer), path).toBeNull();
      expect(answer.headers.get("access-control-allow-methods"), path).toBeNull();
    }
  });
});
