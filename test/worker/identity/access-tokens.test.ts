// Access tokens that are not what they seem: forged, stale, for others, of another time or another secret.
import { sign } from "hono/jwt";
import { beforeAll, describe, expect, it } from "vitest";
import { issueToken } from "../../../worker/identity/access-tokens.ts";
import { boats, diamonds, register, setUp, stone } from "../models/bundles.ts";
import { broken, env, resetStorage, Service } from "../service.ts";

const service = new Service();
const items = "/v1/diamonds/items";
const predict = "/v1/diamonds/predict";

beforeAll(async () => {
  await resetStorage();
  await setUp(service, diamonds);
  await register(service, boats);
});

const now = () => Math.floor(Date.now() / 1000);
const claims = { sub: "admin", aud: "appraise", scope: "items:read" };
const base64 = (text: string) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const part = (value: object) => base64(JSON.stringify(value));

/** The id under which the Worker signs with a secret, as one of its own tokens tells it. */
async function keyIdOf(secret: string): Promise<string> {
  const token = await issueToken({ ...env, SIGNING_SECRET: secret }, { subject: "admin", scopes: [] }, 0);
  return JSON.parse(atob(token.split(".")[0])).kid;
}

/** A token that we sign ourselves: what a holder of the secret could make. */
async function forge(payload: object, secret = env.SIGNING_SECRET, header: object = {}): Promise<string> {
  const kid = await keyIdOf(secret);
  const key = { kty: "oct", k: base64(secret), alg: "HS256", kid, ...header };
  return sign(payload as Parameters<typeof sign>[0], key as Parameters<typeof sign>[1]);
}

const ask = (token: string, asked = service) => asked.fetch(items, { token });
const detailOf = async (answer: Response) => (await answer.json<{ detail: string }>()).detail;

describe("an access token", () => {
  it("names its key, its audience, its end and itself, and no secret", async () => {
    const token = await issueToken(env, { subject: "ada", scopes: ["predict", "items:read"] }, Date.now());
    const [header, payload] = token
      .split(".")
      .slice(0, 2)
      .map((text) => JSON.parse(atob(text)));
    expect(header).toEqual({ alg: "HS256", typ: "JWT", kid: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(payload).toMatchObject({ sub: "ada", aud: "appraise", scope: "predict items:read" });
    expect(payload.exp - payload.iat).toBe(1800);
    expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
    expect((await ask(token)).status).toBe(200);
  });

  it("is checked without the database", async () => {
    const token = await forge({ ...claims, scope: "predict", iat: now(), exp: now() + 600 });
    const cold = new Service({ DB: broken("no D1") });
    expect((await cold.fetch(predict, { json: stone, token })).status).toBe(200);
  });
});

describe("401 for a token", () => {
  const good = { ...claims, iat: now(), exp: now() + 600 };

  it.each([
    ["of another secret", () => forge(good, "another-secret-another-secret-another")],
    [
      "of another secret under our key's id",
      async () => forge(good, "another-secret-another-sec", { kid: await keyIdOf(env.SIGNING_SECRET) }),
    ],
    ["without a key's id", () => sign(good, env.SIGNING_SECRET)],
    [
      "of no algorithm",
      async () =>
        `${part({ alg: "none", typ: "JWT", kid: await keyIdOf(env.SIGNING_SECRET) })}.${part(good)}.`,
    ],
    ["of another algorithm", () => forge(good, env.SIGNING_SECRET, { alg: "HS512" })],
    ["for another audience", () => forge({ ...good, aud: "another" })],
    ["for no audience", () => forge({ ...good, aud: undefined })],
    ["without end", () => forge({ ...good, exp: undefined })],
    ["whose end is text", () => forge({ ...good, exp: "tomorrow" })],
    ["without a beginning", () => forge({ ...good, iat: undefined })],
    ["from a clock two minutes ahead", () => forge({ ...good, iat: now() + 120 })],
    ["of an unknown scope", () => forge({ ...good, scope: "everything" })],
    ["without a subject", () => forge({ ...good, sub: undefined })],
    ["for datasets that are none", () => forge({ ...good, datasets: "diamonds" })],
    ["that is cut", async () => (await forge(good)).slice(0, -4)],
    [
      "whose claims were changed",
      async () => (await forge(good)).replace(/\.[^.]+\./, `.${part({ ...good, scope: "admin" })}.`),
    ],
  ])("%s", async (_, make) => {
    const answer = await ask(await make());
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(await detailOf(answer)).toBe("the token is not valid");
  });

  it("that has expired, told as such", async () => {
    const answer = await ask(await forge({ ...claims, iat: now() - 4000, exp: now() - 61 }));
    expect(answer.status).toBe(401);
    expect(await detailOf(answer)).toContain("expired");
  });

  it("that is wrong, even where none is needed", async () => {
    for (const token of ["wrong", "a.b.c", `${env.ADMIN_TOKEN}x`, env.ADMIN_TOKEN.slice(0, -1)]) {
      const answer = await service.fetch(predict, { json: stone, token });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    }
  });

  it("that is missing where one is needed", async () => {
    const answer = await service.fetch(items);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    expect(await detailOf(answer)).toContain("items:read");
  });

  it("in another scheme", async () => {
    for (const authorization of [`Basic ${btoa(`admin:${env.ADMIN_TOKEN}`)}`, env.ADMIN_TOKEN]) {
      expect((await service.fetch(items, { headers: { authorization } })).status).toBe(401);
    }
  });

  it("of nobody, where no admin token is set", async () => {
    const bare = new Service({ ADMIN_TOKEN: "" });
    expect((await bare.fetch(items, { headers: { authorization: "Bearer " } })).status).toBe(401);
    expect((await ask("x", bare)).status).toBe(401);
  });
});

describe("clocks and secrets that change", () => {
  it("a minute of difference between clocks is forgiven", async () => {
    expect((await ask(await forge({ ...claims, iat: now() + 50, exp: now() + 600 }))).status).toBe(200);
    expect((await ask(await forge({ ...claims, iat: now() - 600, exp: now() - 50 }))).status).toBe(200);
  });

  it("a token of the secret before this one is good as long as that one is kept", async () => {
    const token = await forge({ ...claims, iat: now(), exp: now() + 600 });
    const SIGNING_SECRET = "the-next-signing-secret-0123456789";
    const rotated = new Service({ SIGNING_SECRET, SIGNING_SECRET_PREVIOUS: env.SIGNING_SECRET });
    expect((await ask(token, rotated)).status).toBe(200);
    expect((await ask(token, new Service({ SIGNING_SECRET }))).status).toBe(401);
    const fresh = await issueToken(rotated.env, { subject: "admin", scopes: ["items:read"] }, Date.now());
    expect((await ask(fresh, rotated)).status).toBe(200);
    expect((await ask(fresh)).status).toBe(401);
  });
});

describe("403", () => {
  it("names the scope that is lacking", async () => {
    const token = await forge({ ...claims, iat: now(), exp: now() + 600 });
    const answer = await service.fetch("/v1/requests", { token });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("www-authenticate")).toContain("insufficient_scope");
    expect(await detailOf(answer)).toContain("requests:read");
  });

  it("for another dataset than those of the token, and for what is about all", async () => {
    const token = await forge({
      ...claims,
      scope: "items:read requests:read models:read",
      datasets: ["diamonds"],
      iat: now(),
      exp: now() + 600,
    });
    const status = async (path: string) => (await service.fetch(path, { token })).status;
    expect(await status(items)).toBe(200);
    expect(await status("/v1/boats/items")).toBe(403);
    expect(await status("/v1/requests")).toBe(403);
    const listed = await (await service.fetch("/v1/datasets", { token })).json<{
      items: { name: string }[];
    }>();
    expect(listed.items.map(({ name }) => name)).toEqual(["diamonds"]);
  });
});
