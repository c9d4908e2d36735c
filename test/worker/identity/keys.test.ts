// Keys of programs: shown once, bounded by their maker, found without waiting, refused soon after they are revoked.
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { boats, diamonds, register, setUp, stone } from "../models/bundles.ts";
import { broken, env, resetStorage, Service } from "../service.ts";
import { askToken, isNowhereInDatabase, logIn, makeKey, makeUser, newClient } from "./people.ts";

let service: Service;
const items = "/v1/boats/items";
const predict = "/v1/diamonds/predict";

beforeAll(async () => {
  await resetStorage();
  const made = new Service();
  await setUp(made, diamonds);
  await register(made, boats);
});
beforeEach(() => {
  service = new Service();
});

const read = (token: string, asked = service) => asked.fetch(items, { token, headers: newClient() });
const status = async (token: string, asked = service) => (await read(token, asked)).status;
const detailOf = async (answer: Response) => (await answer.json<{ detail: string }>()).detail;
const create = (json: object, token = "admin") => service.fetch("/v1/keys", { token, json });
const revoke = (id: string, token = "admin") => service.fetch(`/v1/keys/${id}`, { method: "DELETE", token });

/** A database that counts what it is asked, and can be made to fail or to hang. */
function watchedDatabase() {
  const watched = { asked: 0, mode: "works" as "works" | "fails" | "hangs" };
  const DB = new Proxy(env.DB, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (name !== "prepare") return typeof value === "function" ? value.bind(target) : value;
      return (text: string) => {
        watched.asked++;
        if (watched.mode === "fails") throw new Error("no D1");
        if (watched.mode === "works") return target.prepare(text);
        const never = () => new Promise(() => undefined);
        return { bind: () => ({ all: never, raw: never, run: never, first: never }) };
      };
    },
  });
  return { watched, DB };
}

describe("a key", () => {
  it("is shown once, kept as a hash, and does what its scopes say", async () => {
    const answer = await create({ name: "reader", scopes: ["items:read"] });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const made = await answer.json<{ id: string; key: string }>();
    expect(made.key).toMatch(/^apk_[0-9a-f]{16}_[\w-]{43}$/);
    expect(made).toMatchObject({ kind: "secret", owner: "admin", origins: null, lastUsedAt: null });
    expect(await isNowhereInDatabase(made.key.slice(-43))).toBe(true);
    expect(await status(made.key)).toBe(200);
    expect(await status(`${made.key.slice(0, -1)}${made.key.endsWith("A") ? "B" : "A"}`)).toBe(401);
    expect((await service.fetch("/v1/requests", { token: made.key })).status).toBe(403);
    const list = await (await service.fetch("/v1/keys", { token: "admin" })).text();
    expect(list).toContain(made.id);
    expect(list).not.toContain(made.key);
    expect(list).not.toContain("hash");
  });

  it("stands in the ledger under its id", async () => {
    const bundle = await setUp(service, { ...diamonds, name: "gems" });
    const { id, key } = await makeKey(service, { scopes: ["models:promote", "models:read"] });
    const moved = await service.fetch("/v1/gems/aliases/second", {
      method: "PUT",
      token: key,
      headers: { "if-none-match": "*" },
      json: { model: bundle.manifest.id, reason: "test" },
    });
    expect(moved.status).toBe(201);
    const history = await service.fetch("/v1/gems/aliases/second/history", { token: key });
    expect(await history.json()).toMatchObject({ items: [{ actor: id }] });
  });

  it("ends when it expires, and cannot be made of the past", async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const { id, key } = await makeKey(service, { scopes: ["items:read"], expiresAt: soon });
    expect(await status(key)).toBe(200);
    await env.DB.prepare("update api_keys set expires_at = ?1 where id = ?2")
      .bind(Date.now() - 1, id)
      .run();
    const refused = await read(key, new Service());
    expect(refused.status).toBe(401);
    expect(await detailOf(refused)).toContain("expired");
    expect((await create({ name: "old", expiresAt: "2020-01-01T00:00:00Z" })).status).toBe(422);
  });

  it("can be for some datasets only", async () => {
    const { key } = await makeKey(service, {
      scopes: ["items:read", "requests:read"],
      datasets: ["diamonds"],
    });
    expect(await status(key)).toBe(403);
    expect((await service.fetch("/v1/diamonds/items", { token: key })).status).toBe(200);
    expect((await service.fetch("/v1/requests", { token: key })).status).toBe(403);
  });

  it("gives an access token of at most its scopes, and no refresh token", async () => {
    const { id, key } = await makeKey(service, { scopes: ["items:read"], datasets: ["boats"] });
    const form = { grant_type: "client_credentials", client_id: id, client_secret: key };
    const answer = await askToken(service, form);
    const { access_token: token, ...rest } = await answer.json<{ access_token: string }>();
    expect(rest).toEqual({ token_type: "Bearer", expires_in: 1800, scope: "items:read" });
    expect(await status(token)).toBe(200);
    expect((await service.fetch("/v1/diamonds/items", { token })).status).toBe(403);
    expect(await (await askToken(service, { ...form, scope: "admin" })).json()).toMatchObject({
      error: "invalid_scope",
    });
    const wrong = await askToken(service, { ...form, client_secret: `${id}_${"A".repeat(43)}` });
    expect(await wrong.json()).toMatchObject({ status: 401, error: "invalid_client" });
  });
});

describe("making keys", () => {
  it("gives nothing that the maker lacks, and is not for keys", async () => {
    await makeUser(service, "clerk", ["predict", "items:read"]);
    const { access_token: token } = await logIn(service, "clerk");
    const answer = await create({ name: "more", scopes: ["items:read", "items:write"] }, token);
    expect(answer.status).toBe(403);
    expect(await detailOf(answer)).toContain("items:write");
    const { key } = await makeKey(service, { scopes: ["items:read"] }, token);
    const { key: powerful } = await makeKey(service, { scopes: ["admin", "predict"] });
    for (const maker of [key, powerful]) expect((await create({ name: "child" }, maker)).status).toBe(403);
  });

  it("leaves a key nothing that its owner has lost", async () => {
    await makeUser(service, "loser", ["items:read", "predict"]);
    const { access_token: token } = await logIn(service, "loser");
    const { key } = await makeKey(service, { scopes: ["items:read"] }, token);
    const change = (json: object) =>
      service.fetch("/v1/users/loser", { method: "PATCH", token: "admin", json });
    expect(await status(key, new Service())).toBe(200);
    await change({ scopes: ["predict"] });
    expect(await status(key, new Service())).toBe(403);
    await change({ scopes: ["items:read"], disabled: true });
    expect(await status(key, new Service())).toBe(401);
  });

  it("lets two live under one name, so that one can follow the other", async () => {
    const name = "nightly";
    const first = await makeKey(service, { name, scopes: ["items:read"] });
    const second = await makeKey(service, { name, scopes: ["items:read"] });
    const tries = await Promise.all(Array.from({ length: 5 }, () => create({ name })));
    expect(tries.map((answer) => answer.status)).toEqual([409, 409, 409, 409, 409]);
    expect([await status(first.key), await status(second.key)]).toEqual([200, 200]);
    expect((await revoke(first.id)).status).toBe(200);
    expect([await status(first.key), await status(second.key)]).toEqual([401, 200]);
    expect((await create({ name })).status).toBe(201);
  });

  it.each<[object, string]>([
    [{ name: "" }, "/name"],
    [{ name: "x".repeat(101) }, "/name"],
    [{ name: "n", scopes: [] }, "/scopes"],
    [{ name: "n", scopes: ["everything"] }, "/scopes/0"],
    [{ name: "n", scopes: ["predict", "predict"] }, "/scopes"],
    [{ name: "n", owner: "somebody" }, ""],
    [{ name: "n", id: "apk_0000000000000000" }, ""],
    [{ name: "n", kind: "master" }, "/kind"],
    [{ name: "n", expiresAt: "tomorrow" }, "/expiresAt"],
    [{ name: "n", datasets: ["../boats"] }, "/datasets/0"],
    [{ name: "n", origins: ["https://shop.example"] }, "/origins"],
    [{ name: "n", kind: "publishable" }, "/origins"],
    [
      { name: "n", kind: "publishable", origins: ["https://shop.example"], scopes: ["items:read"] },
      "/scopes",
    ],
    ...[
      "https://shop.example/",
      "shop.example",
      "*",
      "https://*.example",
      "https://Shop.example",
      "null",
      "https://a.example:443",
      "javascript:1",
    ].map(
      (origin) => [{ name: "n", kind: "publishable", origins: [origin] }, "/origins/0"] as [object, string],
    ),
  ])("refuses %j", async (body, pointer) => {
    const answer = await create(body);
    expect(answer.status).toBe(422);
    const { errors } = await answer.json<{ errors: { pointer: string }[] }>();
    expect(errors.map((fault) => fault.pointer)).toContain(pointer);
  });
});

describe("listing and revoking", () => {
  it("is for one's own keys, and for an admin's hand on all", async () => {
    await makeUser(service, "owner", ["predict"]);
    await makeUser(service, "other", ["predict"]);
    const [owner, other] = [await logIn(service, "owner"), await logIn(service, "other")];
    const { id } = await makeKey(service, { scopes: ["predict"] }, owner.access_token);
    const ids = async (token: string) => {
      const answer = await service.fetch("/v1/keys?limit=200", { token });
      return (await answer.json<{ items: { id: string }[] }>()).items.map((key) => key.id);
    };
    expect(await ids(owner.access_token)).toEqual([id]);
    expect(await ids(other.access_token)).toEqual([]);
    expect(await ids("admin")).toContain(id);
    expect((await revoke(id, other.access_token)).status).toBe(404);
    expect((await revoke("' or 1=1 --")).status).toBe(404);
    expect((await revoke(id, owner.access_token)).status).toBe(200);
    const again = await revoke(id);
    expect(await again.json()).toMatchObject({ id, revokedAt: expect.stringMatching(/^20/) });
  });
});

describe("a key in a warm isolate", () => {
  it("waits for no database, and is refused within ten seconds of being revoked", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    try {
      const { key, id } = await makeKey(service, { scopes: ["items:read", "predict"] });
      const { watched, DB } = watchedDatabase();
      const warm = new Service({ DB });
      const ask = async () => (await warm.fetch(predict, { json: stone, token: key })).status;
      expect(await ask()).toBe(200);
      await warm.settle();
      watched.asked = 0;
      expect([await ask(), await ask(), watched.asked]).toEqual([200, 200, 0]);
      await revoke(id);
      vi.setSystemTime(Date.now() + 9000);
      await ask();
      await warm.settle();
      vi.setSystemTime(Date.now() + 1001);
      expect(await ask()).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it("asks again before it answers, once ten seconds have gone by unasked", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    try {
      const { key, id } = await makeKey(service, { scopes: ["items:read"] });
      const idle = new Service();
      expect(await status(key, idle)).toBe(200);
      await revoke(id);
      vi.setSystemTime(Date.now() + 10_000);
      expect(await status(key, idle)).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it("stays good for minutes where the database does not answer, and then no more", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    try {
      const { key } = await makeKey(service, { scopes: ["predict"] });
      const { watched, DB } = watchedDatabase();
      const warm = new Service({ DB });
      const ask = async (token = key) => (await warm.fetch(predict, { json: stone, token })).status;
      expect(await ask()).toBe(200);
      await warm.settle();
      for (const mode of ["fails", "hangs"] as const) {
        watched.mode = mode;
        vi.setSystemTime(Date.now() + 60_000);
        expect(await ask()).toBe(200);
        const before = watched.asked;
        expect(await ask()).toBe(200);
        // The one before has just waited in vain: this one must not wait too.
        expect(watched.asked - before).toBeLessThanOrEqual(1);
      }
      watched.mode = "fails";
      expect(await ask(`apk_${"0".repeat(16)}_${"A".repeat(43)}`)).toBe(503);
      vi.setSystemTime(Date.now() + 5 * 60_000);
      expect(await ask()).toBe(503);
      watched.mode = "works";
      vi.setSystemTime(Date.now() + 10_000);
      expect(await ask()).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  it("that is none is asked for once in a while", async () => {
    const { watched, DB } = watchedDatabase();
    const warm = new Service({ DB });
    const guess = `apk_${"f".repeat(16)}_${"A".repeat(43)}`;
    for (let at = 0; at < 5; at++) expect(await status(guess, warm)).toBe(401);
    expect(watched.asked).toBe(1);
  });

  it("has its use noted once a minute, behind the answer", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    try {
      const { key, id } = await makeKey(service, { scopes: ["predict"] });
      const used = async () => {
        const row = await env.DB.prepare("select last_used_at as at from api_keys where id = ?1")
          .bind(id)
          .first<{ at: number | null }>();
        return row?.at ?? null;
      };
      const start = Date.now();
      await service.fetch(predict, { json: stone, token: key });
      await service.settle();
      expect(await used()).toBe(start);
      vi.setSystemTime(start + 30_000);
      await service.fetch(predict, { json: stone, token: key });
      await service.settle();
      expect(await used()).toBe(start);
      vi.setSystemTime(start + 61_000);
      await service.fetch(predict, { json: stone, token: key });
      await service.settle();
      expect(await used()).toBe(start + 61_000);
    } finally {
      vi.useRealTimers();
    }
  });
});

it("nothing of a key, a token or a password reaches the log", async () => {
  await makeUser(service, "quiet", ["predict"]);
  const { key } = await makeKey(service, { scopes: ["predict"] });
  const sent: string[] = [];
  const REQUEST_LOG = {
    sendBatch: async (messages: Iterable<{ body: string }>) =>
      void sent.push(...[...messages].map(({ body }) => body)),
  } as unknown as Queue<string>;
  const logged = new Service({ REQUEST_LOG });
  const secret = "a very secret password";
  const json = { name: "loud", password: secret, scopes: ["predict"] };
  await logged.fetch("/v1/users", { token: "admin", json });
  const token = await logIn(logged, "quiet");
  await askToken(logged, { grant_type: "refresh_token", refresh_token: token.refresh_token });
  const made = await makeKey(logged, { scopes: ["predict"] });
  await logged.fetch(`${predict}?key=${key}&token=${key}`, { json: { ...stone, note: key }, token: key });
  await logged.fetch("/v1/users/loud/password", {
    method: "PUT",
    token: "admin",
    json: { currentPassword: secret, password: `${secret}!` },
  });
  await logged.fetch("/v1/users/bootstrap", {
    json: { secret: env.BOOTSTRAP_SECRET, name: "x", password: secret },
  });
  await logged.settle();
  const log = sent.join("\n");
  expect(sent.flatMap((message) => JSON.parse(message)).length).toBeGreaterThan(6);
  expect(log).toContain("[redacted]");
  const secrets = [
    secret,
    key,
    made.key,
    token.access_token,
    token.refresh_token,
    env.ADMIN_TOKEN,
    env.BOOTSTRAP_SECRET ?? "-",
  ];
  for (const one of secrets) expect(log).not.toContain(one);
  expect(log).not.toMatch(/rt_[\w-]{20}|apk_[0-9a-f]{16}_[\w-]/);
});

it("a key is no way in where its table is broken", async () => {
  const { key } = await makeKey(service, { scopes: ["items:read"] });
  expect(await status(key, new Service({ DB: broken("no D1") }))).toBe(503);
});
