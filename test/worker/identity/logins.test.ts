// People: the first one, their passwords, their sessions, and everybody who tries to be one of them.
import * as fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { scopes } from "#core/api/scopes.ts";
import { checkPassword, currentParameters, hashPassword } from "../../../worker/identity/passwords.ts";
import { broken, env, resetStorage, Service } from "../service.ts";
import {
  askToken,
  bootstrapSecret,
  isNowhereInDatabase,
  logIn,
  login,
  makeUser,
  newClient,
  password,
  refresh,
  type TokenAnswer,
} from "./people.ts";

let service: Service;
beforeAll(resetStorage);
beforeEach(() => {
  service = new Service();
});

const problemOf = async (answer: Response) =>
  answer.json<{ status: number; detail: string; error?: string; errors: { pointer: string }[] }>();

describe("the first user", () => {
  const first = (body: object) =>
    service.fetch("/v1/users/bootstrap", { json: { name: "root", password, ...body }, headers: newClient() });

  it("is not made by a wrong secret, nor where none is set", async () => {
    expect((await first({ secret: "wrong" })).status).toBe(401);
    service.env = { ...service.env, BOOTSTRAP_SECRET: undefined };
    expect((await first({ secret: "undefined" })).status).toBe(401);
    expect((await first({ secret: "" })).status).toBe(422);
  });

  it("is made once by the secret, however many try at a time, and may do everything", async () => {
    const tries = Array.from({ length: 8 }, (_, at) =>
      first({ secret: bootstrapSecret, name: `root-${at}` }),
    );
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    expect((await first({ secret: bootstrapSecret, name: "later" })).status).toBe(409);
    const { results } = await env.DB.prepare("select name from users").all<{ name: string }>();
    expect(results).toHaveLength(1);
    const { scope } = await logIn(service, results[0].name);
    expect(scope.split(" ")).toEqual([...scopes]);
  });
});

describe("a password", () => {
  it("is kept as a salted hash with its parameters, and read back by any spelling of it", async () => {
    const typed = "Ａe\u0301 ﬁve 2³ words long";
    const hash = await hashPassword(typed);
    expect(hash).toMatch(/^pbkdf2-sha512\$70000\$3\$[\w-]{22}\$[\w-]{86}$/);
    expect(currentParameters.iterations * currentParameters.rounds).toBeGreaterThanOrEqual(210_000);
    expect(await hashPassword(typed)).not.toBe(hash);
    expect(await checkPassword("A\u00e9 five 23 words long", hash)).toEqual({ right: true, outdated: false });
    expect((await checkPassword("a\u00e9 five 23 words long", hash)).right).toBe(false);
  });

  it("is checked against nothing but a hash of ours", async () => {
    const cheap = await hashPassword(password, { iterations: 1000, rounds: 1 });
    expect(await checkPassword(password, cheap)).toEqual({ right: true, outdated: true });
    const broken = [
      undefined,
      "",
      password,
      cheap.replace("sha512", "sha1"),
      cheap.replace("$1000$", "$1e9$"),
    ];
    for (const stored of broken) expect((await checkPassword(password, stored)).right).toBe(false);
    expect((await checkPassword(password, cheap.slice(0, -4))).right).toBe(false);
  });

  it("of older parameters is hashed anew at the next login", async () => {
    await makeUser(service, "old", ["predict"]);
    const cheap = await hashPassword(password, { iterations: 1000, rounds: 1 });
    await env.DB.prepare("update users set password = ?1 where name = 'old'").bind(cheap).run();
    expect((await login(service, "old")).status).toBe(200);
    await service.settle();
    const row = await env.DB.prepare("select password from users where name = 'old'").first<{
      password: string;
    }>();
    expect(row?.password).toContain(`$${currentParameters.iterations}$${currentParameters.rounds}$`);
    expect((await login(service, "old")).status).toBe(200);
  });

  it.each([
    ["too short", "elevenchars", "/password"],
    ["too long", "x".repeat(257), "/password"],
    ["a megabyte long", "x".repeat(10_000), "/password"],
    ["no text", 123456789012, "/password"],
    ["one that holds the name", "new-user-12345", "/password"],
  ])("is refused where it is %s", async (_, given, pointer) => {
    const answer = await service.fetch("/v1/users", {
      token: "admin",
      json: { name: "new-user", password: given, scopes: ["predict"] },
    });
    expect(answer.status).toBe(422);
    expect((await problemOf(answer)).errors.map((fault) => fault.pointer)).toEqual([pointer]);
    const { results } = await env.DB.prepare("select name from users where name = 'new-user'").all();
    expect(results).toEqual([]);
  });

  it("in any script is as good as another", async () => {
    const secret = "пароль 密码 كلمة 🔑🔑";
    const json = { name: "unicode", password: secret, scopes: ["predict"] };
    expect((await service.fetch("/v1/users", { token: "admin", json })).status).toBe(201);
    expect((await login(service, "unicode", secret.normalize("NFD"))).status).toBe(200);
  });
});

describe("logging in", () => {
  it("gives what was asked for, and at most what the user has", async () => {
    await makeUser(service, "grace", ["predict", "items:read"]);
    const { access_token: token, scope } = await logIn(service, "grace");
    expect(scope).toBe("predict items:read");
    expect((await service.fetch("/v1/requests", { token })).status).toBe(403);
    const form = { grant_type: "password", username: "grace", password };
    const less = await askToken(service, { ...form, scope: "predict" });
    expect((await less.json<TokenAnswer>()).scope).toBe("predict");
    const more = await askToken(service, { ...form, scope: "predict admin" });
    expect(await more.json()).toMatchObject({ status: 400, error: "invalid_scope" });
  });

  it("answers alike, and hashes as long, whether or not there is such a user", async () => {
    await makeUser(service, "alan", ["predict"]);
    await makeUser(service, "gone", ["predict"]);
    await service.fetch("/v1/users/gone", { method: "PATCH", token: "admin", json: { disabled: true } });
    const told = new Set<string>();
    let derived = 0;
    const { deriveBits } = crypto.subtle;
    crypto.subtle.deriveBits = (...args) => {
      derived++;
      return deriveBits.apply(crypto.subtle, args);
    };
    const tries = [
      ["alan", "wrong password here"],
      ["gone", password],
      ["nobody", password],
      ["'; drop table users; --", password],
      ["x".repeat(4000), password],
    ];
    try {
      for (const [name, secret] of tries) {
        const { detail, error, status } = await problemOf(await login(service, name, secret));
        told.add(`${status} ${error} ${detail}`);
      }
    } finally {
      crypto.subtle.deriveBits = deriveBits;
    }
    expect([...told]).toEqual(["400 invalid_grant username or password is wrong"]);
    expect(derived).toBe(tries.length * currentParameters.rounds);
  });

  it("takes no name or password of megabytes", async () => {
    expect((await login(service, "x".repeat(10_000_000))).status).toBe(413);
    expect((await login(service, "alan", "x".repeat(10_000_000))).status).toBe(413);
  });

  it("is slowed down for a user, wherever it is tried from, right or wrong", async () => {
    await makeUser(service, "target", ["predict"]);
    const statuses: number[] = [];
    for (let at = 0; at < 12; at++)
      statuses.push((await login(service, "target", `guess number ${at}`)).status);
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 400));
    const right = await login(service, "target");
    expect(right.status).toBe(429);
    expect(right.headers.get("retry-after")).toBe("60");
    expect(await problemOf(right)).toMatchObject({ error: "slow_down" });
  });

  it("is slowed down for a client, whoever it tries to be", async () => {
    const headers = { "cf-connecting-ip": "2001:db8:1:2::1" };
    const neighbour = { "cf-connecting-ip": "2001:db8:1:2:ffff::9" };
    const form = (username: string) => ({ grant_type: "refresh_token", refresh_token: username });
    for (let at = 0; at < 60; at++) await askToken(service, form(`rt_${at}`), at % 2 ? headers : neighbour);
    expect((await askToken(service, form("rt_last"), headers)).status).toBe(429);
    expect(
      (await askToken(service, form("rt_other"), { "cf-connecting-ip": "2001:db8:1:3::1" })).status,
    ).toBe(400);
  });

  it("is not possible uncounted, nor without the database", async () => {
    service.env = { ...env, LOGIN_CLIENT_LIMITER: broken("no limiter") };
    expect((await login(service, "alan")).status).toBe(503);
    service.env = { ...env, LOGIN_CLIENT_LIMITER: undefined };
    expect((await login(service, "alan")).status).toBe(503);
    service.env = { ...env, DB: broken("no D1") };
    expect((await login(service, "alan")).status).toBe(503);
  });
});

describe("a refresh token", () => {
  it("is good for one use, which brings the next one", async () => {
    await makeUser(service, "rose", ["predict", "items:read"]);
    let { refresh_token: token } = await logIn(service, "rose");
    for (let turn = 0; turn < 3; turn++) {
      expect(token).toMatch(/^rt_[\w-]{43}$/);
      expect(await isNowhereInDatabase(token)).toBe(true);
      const answer = await refresh(service, token);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      const next = await answer.json<TokenAnswer>();
      expect(next.scope).toBe("predict items:read");
      expect(next.refresh_token).not.toBe(token);
      token = next.refresh_token;
    }
  });

  it("used twice ends all that came from the same login, and no other", async () => {
    await makeUser(service, "two", ["predict"]);
    const [stolen, other] = [await logIn(service, "two"), await logIn(service, "two")];
    const next = await (await refresh(service, stolen.refresh_token)).json<TokenAnswer>();
    const replay = await refresh(service, stolen.refresh_token);
    expect(await problemOf(replay)).toMatchObject({ status: 400, error: "invalid_grant" });
    expect((await refresh(service, next.refresh_token)).status).toBe(400);
    expect((await refresh(service, other.refresh_token)).status).toBe(200);
  });

  it("of many at once lets exactly one through", async () => {
    await makeUser(service, "many", ["predict"]);
    const { refresh_token: token } = await logIn(service, "many");
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(new Service(), token)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 400)]);
  });

  it("never gives more than its user has by now, and nothing once the user is disabled", async () => {
    await makeUser(service, "less", ["predict", "items:read"]);
    const change = (json: object) =>
      service.fetch("/v1/users/less", { method: "PATCH", token: "admin", json });
    const { refresh_token: token } = await logIn(service, "less");
    expect((await change({ scopes: ["predict"] })).status).toBe(200);
    const next = await (await refresh(service, token)).json<TokenAnswer>();
    expect(next.scope).toBe("predict");
    expect((await change({ disabled: true })).status).toBe(200);
    expect((await refresh(service, next.refresh_token)).status).toBe(400);
    expect((await change({ disabled: false })).status).toBe(200);
    expect((await refresh(service, next.refresh_token)).status).toBe(400);
    expect((await login(service, "less")).status).toBe(200);
  });

  it("ends after its time, and when its user logs out", async () => {
    await makeUser(service, "late", ["predict"]);
    const [expired, left] = [await logIn(service, "late"), await logIn(service, "late")];
    await env.DB.prepare(
      "update refresh_tokens set expires_at = 1 where user = 'late' and rowid = (select min(rowid) from refresh_tokens where user = 'late')",
    ).run();
    expect((await refresh(service, expired.refresh_token)).status).toBe(400);
    const out = await service.fetch("/v1/oauth/revoke", { json: { token: left.refresh_token } });
    expect(out.status).toBe(200);
    expect((await refresh(service, left.refresh_token)).status).toBe(400);
    expect((await service.fetch("/v1/oauth/revoke", { json: { token: "unknown" } })).status).toBe(200);
    expect((await service.fetch("/v1/oauth/revoke", { json: {} })).status).toBe(400);
  });

  it("that nobody made gives nothing, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (token) => {
        expect((await refresh(service, token)).status).toBe(400);
      }),
      { numRuns: 30 },
    );
  });
});

describe("users", () => {
  it("are made, listed, read and changed by an admin, and never shown with their hash", async () => {
    await makeUser(service, "shown", ["predict"]);
    const bodies = [
      await (await service.fetch("/v1/users?limit=200", { token: "admin" })).text(),
      await (await service.fetch("/v1/users/shown", { token: "admin" })).text(),
    ];
    for (const body of bodies) {
      expect(body).toContain('"shown"');
      expect(body).not.toMatch(/pbkdf2|password/);
    }
    expect(JSON.parse(bodies[1])).toMatchObject({ name: "shown", createdBy: "admin", disabled: false });
    expect((await service.fetch("/v1/users/nosuch", { token: "admin" })).status).toBe(404);
  });

  it("have one name each, spelt one way", async () => {
    await makeUser(service, "taken", ["predict"]);
    const make = (name: unknown) =>
      service.fetch("/v1/users", { token: "admin", json: { name, password, scopes: ["predict"] } });
    expect((await make("taken")).status).toBe(409);
    const names = [
      "Taken",
      "tåken",
      "a b",
      "../etc",
      "admin",
      "anonymous",
      "bootstrap",
      "",
      "pk_1",
      "x".repeat(65),
      7,
    ];
    for (const name of names) expect(`${name} ${(await make(name)).status}`).toBe(`${name} 422`);
  });

  it("cannot be given what their maker lacks, nor anything that is not listed", async () => {
    await makeUser(service, "deputy", ["admin", "predict"]);
    const { access_token: token } = await logIn(service, "deputy");
    const make = (body: object) =>
      service.fetch("/v1/users", { token, json: { name: "minion", password, scopes: ["predict"], ...body } });
    expect((await make({ scopes: ["predict", "items:write"] })).status).toBe(403);
    expect((await make({ scopes: ["root"] })).status).toBe(422);
    expect((await make({ createdBy: "admin" })).status).toBe(422);
    expect((await make({})).status).toBe(201);
    const raise = { method: "PATCH", token, json: { scopes: ["models:promote"] } };
    expect((await service.fetch("/v1/users/minion", raise)).status).toBe(403);
    const self = (json: object) => service.fetch("/v1/users/deputy", { method: "PATCH", token, json });
    expect((await self({ disabled: true })).status).toBe(409);
    expect((await self({ scopes: ["predict"] })).status).toBe(409);
  });

  it("set their own password with the present one, which ends their sessions", async () => {
    await makeUser(service, "mover", ["predict"]);
    await makeUser(service, "bystander", ["predict"]);
    const session = await logIn(service, "mover");
    const next = "another long password";
    const put = (name: string, json: object, token = session.access_token) =>
      service.fetch(`/v1/users/${name}/password`, { method: "PUT", token, json, headers: newClient() });
    expect((await put("mover", { password: next })).status).toBe(422);
    expect((await put("mover", { currentPassword: "wrong password", password: next })).status).toBe(422);
    expect((await put("bystander", { currentPassword: password, password: next })).status).toBe(403);
    expect((await put("mover", { currentPassword: password, password: next })).status).toBe(204);
    expect((await refresh(service, session.refresh_token)).status).toBe(400);
    expect((await login(service, "mover")).status).toBe(400);
    expect((await login(service, "mover", next)).status).toBe(200);
    expect((await put("mover", { password }, env.ADMIN_TOKEN)).status).toBe(204);
    expect((await login(service, "mover")).status).toBe(200);
  });
});
