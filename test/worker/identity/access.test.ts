// Who may do what: every route against every scope, tokens and how they are got, and pages of other origins.
import { beforeAll, describe, expect, it } from "vitest";
import { type Scope, scopes } from "#core/api/scopes.ts";
import { issueToken } from "../../../worker/identity/access-tokens.ts";
import { boats, diamonds, register, setUp, stone } from "../models/bundles.ts";
import { env, resetStorage, Service } from "../service.ts";

const service = new Service();

beforeAll(async () => {
  await resetStorage();
  await setUp(service, diamonds);
  await register(service, boats);
});

const tokenOf = (granted: readonly Scope[]) =>
  issueToken(env, { subject: "apk_0123456789abcdef", scopes: granted }, Date.now());

describe("access", () => {
  it("shows the datasets that one may see", async () => {
    const names = async (token?: string) => {
      const answer = await service.fetch("/v1/datasets", { token });
      return (await answer.json<{ items: { name: string }[] }>()).items.map(({ name }) => name);
    };
    expect(await names()).toEqual(["diamonds"]);
    expect(await names(await tokenOf(["predict"]))).toEqual(["diamonds"]);
    expect(await names(await tokenOf(["models:read"]))).toEqual(["boats", "diamonds"]);
  });

  it("answers HEAD as GET without the body", async () => {
    const answer = await service.fetch("/v1/diamonds", { method: "HEAD" });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("");
  });
});

describe("tokens", () => {
  const ask = (form: Record<string, string> | string, headers: Record<string, string> = {}) =>
    service.fetch("/v1/oauth/token", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: typeof form === "string" ? form : new URLSearchParams(form).toString(),
    });
  const grant = { grant_type: "client_credentials", client_id: "admin", client_secret: env.ADMIN_TOKEN };

  it("are given for the secret, for half an hour, for the scopes asked for", async () => {
    const answer = await ask({ ...grant, scope: "items:read requests:read" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { access_token: token, ...rest } = await answer.json<{ access_token: string }>();
    expect(rest).toEqual({ token_type: "Bearer", expires_in: 1800, scope: "items:read requests:read" });
    expect((await service.fetch("/v1/requests", { token })).status).toBe(200);
    expect((await service.fetch("/v1/boats", { token })).status).toBe(403);
    const all = await (await ask(grant)).json<{ scope: string }>();
    expect(all.scope.split(" ")).toEqual([...scopes]);
  });

  it("are given for HTTP Basic too", async () => {
    const authorization = `Basic ${btoa(`admin:${encodeURIComponent(env.ADMIN_TOKEN)}`)}`;
    expect((await ask("grant_type=client_credentials", { authorization })).status).toBe(200);
    const wrong = await ask("grant_type=client_credentials", { authorization: `Basic ${btoa("admin:%ZZ")}` });
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get("www-authenticate")).toContain("Basic");
  });

  it.each([
    [401, "invalid_client", { ...grant, client_secret: "wrong" }],
    [401, "invalid_client", { ...grant, client_id: "root" }],
    [401, "invalid_client", { grant_type: "client_credentials" }],
    [400, "unsupported_grant_type", { ...grant, grant_type: "implicit" }],
    [400, "invalid_request", { ...grant, grant_type: "password" }],
    [400, "invalid_request", { ...grant, grant_type: "refresh_token" }],
    [400, "invalid_request", { client_id: "admin" }],
    [400, "invalid_request", "grant_type=client_credentials&grant_type=client_credentials"],
    [400, "invalid_scope", { ...grant, scope: "everything" }],
  ])("%i %s", async (status, error, form) => {
    const answer = await ask(form);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error, status });
  });

  it("are given for JSON too, whose values are texts", async () => {
    expect((await service.fetch("/v1/oauth/token", { json: grant })).status).toBe(200);
    for (const json of [{ ...grant, scope: ["predict"] }, [grant], null, "grant"]) {
      const answer = await service.fetch("/v1/oauth/token", { json });
      expect(await answer.json()).toMatchObject({ status: 400, error: "invalid_request" });
    }
    const text = { method: "POST", headers: { "content-type": "text/plain" }, body: "grant_type=password" };
    expect((await service.fetch("/v1/oauth/token", text)).status).toBe(415);
  });

  it("are not given without a signing secret", async () => {
    const unsigned = new Service({ SIGNING_SECRET: undefined });
    const body = new URLSearchParams(grant).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect((await unsigned.fetch("/v1/oauth/token", { method: "POST", headers, body })).status).toBe(503);
  });
});

describe("pages of other origins", () => {
  const predict = "/v1/diamonds/predict";
  const preflight = (path: string, method: string) =>
    service.fetch(path, {
      method: "OPTIONS",
      headers: { origin: "https://shop.example", "access-control-request-method": method },
    });

  it("may price and read what is public, and read why not", async () => {
    const asked = await preflight(predict, "POST");
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe("*");
    expect(asked.headers.get("access-control-allow-methods")).toBe("POST");
    expect(asked.headers.get("access-control-allow-headers")).toContain("Content-Type");
    for (const row of [stone, {}]) {
      const answer = await service.fetch(predict, { json: row, headers: { origin: "https://shop.example" } });
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  it("may not call anything else", async () => {
    for (const [path, method] of [
      ["/v1/boats/predict/batch", "POST"],
      ["/v1/diamonds/items", "GET"],
      ["/v1/datasets/diamonds", "PUT"],
      ["/v1/oauth/token", "POST"],
      ["/v1/requests", "GET"],
    ]) {
      const asked = await preflight(path, method);
      expect(asked.headers.get("access-control-allow-origin")).toBeNull();
      const answer = await service.fetch(path, {
        method,
        token: "admin",
        body: method === "GET" ? undefined : "",
      });
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    }
    expect((await preflight("/nosuch", "GET")).status).toBe(404);
  });

  it("are told to run nothing of an answer", async () => {
    for (const path of ["/v1/diamonds", "/v1/nosuch", "/healthz"]) {
      const { headers } = await service.fetch(path);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("x-request-id")).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });
});
