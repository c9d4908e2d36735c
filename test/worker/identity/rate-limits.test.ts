// Limits on requests: counted by the platform's own limiter, told in the fields of the draft, felt by the one who sends too much.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { networkOf } from "../../../worker/identity/rate-limits.ts";
import { diamonds, setUp, stone } from "../models/bundles.ts";
import { broken, env, resetStorage, Service } from "../service.ts";
import { makeKey, newClient } from "./people.ts";

const predict = "/v1/diamonds/predict";
/** Three requests a minute, of the real binding. */
const small = (env as unknown as { SMALL_LIMITER: RateLimit }).SMALL_LIMITER;

let service: Service;
beforeAll(async () => {
  await resetStorage();
  await setUp(new Service(), diamonds);
});
beforeEach(async () => {
  // A window that ends in the middle of a test would begin to count anew.
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 5000) await new Promise((resume) => setTimeout(resume, left));
  const rates = { CLIENT_RATE: "3/60", KEY_RATE: "3/60", RATE_LIMITS: "on" };
  service = new Service({ ...rates, CLIENT_LIMITER: small, KEY_LIMITER: small });
});

const ask = (headers: Record<string, string>, token?: string) =>
  service.fetch(predict, { json: stone, headers, token });

describe("a client without a key", () => {
  it("is told the policy and what is left at most, then 429 and when to come back", async () => {
    const client = newClient();
    const left: (string | null)[] = [];
    for (let at = 0; at < 3; at++) {
      const answer = await ask(client);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("ratelimit-policy")).toBe('"client";q=3;w=60');
      left.push(answer.headers.get("ratelimit"));
    }
    expect(left).toEqual(['"client";r=2', '"client";r=1', '"client";r=0']);
    const refused = await ask(client);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect(refused.headers.get("ratelimit")).toBe('"client";r=0;t=60');
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
    expect(await refused.json()).toMatchObject({ status: 429, title: "Too many requests" });
    expect((await ask(newClient())).status).toBe(200);
  });

  it("of IPv6 is its network, whatever the address", async () => {
    for (let at = 0; at < 3; at++) await ask({ "cf-connecting-ip": `2001:db8:7:8::${at}` });
    expect((await ask({ "cf-connecting-ip": "2001:db8:7:8:9:9:9:9" })).status).toBe(429);
    expect((await ask({ "cf-connecting-ip": "2001:db8:7:9::1" })).status).toBe(200);
  });

  it("that guesses tokens or keys is limited too", async () => {
    const client = newClient();
    const guess = (at: number) =>
      at % 2 ? "wrong" : `apk_${String(at).padStart(16, "0")}_${"A".repeat(43)}`;
    const statuses: number[] = [];
    for (let at = 0; at < 8; at++) statuses.push((await ask(client, guess(at))).status);
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
  });

  it("may ask whether the service lives as often as it likes", async () => {
    const client = newClient();
    for (let at = 0; at < 6; at++) {
      const answer = await service.fetch("/healthz", { headers: client });
      expect([answer.status, answer.headers.get("ratelimit-policy")]).toEqual([200, null]);
    }
  });
});

describe("a key", () => {
  it("has a quota of its own, from wherever it is sent", async () => {
    const [one, other] = [await makeKey(new Service(), {}), await makeKey(new Service(), {})];
    for (let at = 0; at < 3; at++) {
      const answer = await ask(newClient(), one.key);
      expect(answer.headers.get("ratelimit-policy")).toBe('"key";q=3;w=60');
    }
    expect((await ask(newClient(), one.key)).status).toBe(429);
    expect((await ask(newClient(), other.key)).status).toBe(200);
  });

  it("that is publishable has one for each visitor of its pages", async () => {
    const origin = "https://shop.example";
    const { key } = await makeKey(new Service(), { kind: "publishable", origins: [origin] });
    const visitor = { ...newClient(), origin };
    for (let at = 0; at < 3; at++) expect((await ask(visitor, key)).status).toBe(200);
    expect((await ask(visitor, key)).status).toBe(429);
    expect((await ask({ ...newClient(), origin }, key)).status).toBe(200);
  });
});

describe("the limiter", () => {
  it("is not asked for the first tenth of a quota, nor beyond the whole of it", async () => {
    let asked = 0;
    const CLIENT_LIMITER: RateLimit = { limit: async () => ({ success: ++asked > 0 }) };
    service.env = { ...service.env, CLIENT_LIMITER, CLIENT_RATE: "20/60" };
    const client = newClient();
    const statuses: number[] = [];
    for (let at = 0; at < 30; at++) statuses.push((await ask(client)).status);
    expect(statuses).toEqual([
      ...Array.from({ length: 20 }, () => 200),
      ...Array.from({ length: 10 }, () => 429),
    ]);
    expect(asked).toBe(18);
  });

  it("stops a client that other isolates have seen before", async () => {
    const client = newClient();
    const others = new Service(service.env);
    for (let at = 0; at < 3; at++) await others.fetch(predict, { json: stone, headers: client });
    expect((await ask(client)).status).toBe(429);
  });

  it("that fails, or takes too long, stops nobody", async () => {
    const slow = { limit: () => new Promise(() => undefined) } as unknown as RateLimit;
    for (const CLIENT_LIMITER of [broken<RateLimit>("no limiter"), slow]) {
      service.env = { ...service.env, CLIENT_LIMITER };
      expect((await ask(newClient())).status).toBe(200);
    }
  });

  it("is off where the configuration says so, or says nothing that can be read", async () => {
    for (const change of [
      { RATE_LIMITS: "off" },
      { CLIENT_RATE: undefined },
      { CLIENT_RATE: "many" },
      { CLIENT_LIMITER: undefined },
    ]) {
      service.env = {
        ...service.env,
        RATE_LIMITS: "on",
        CLIENT_RATE: "3/60",
        CLIENT_LIMITER: small,
        ...change,
      };
      const client = newClient();
      for (let at = 0; at < 5; at++) expect((await ask(client)).status).toBe(200);
    }
  });

  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["2001:db8:1:2::", "2001:db8:1:2"],
    ["::1", "0:0:0:0"],
  ])("takes %s for %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe("callers without a key", () => {
  it("get smaller batches, sweeps and bodies than those with one", async () => {
    const rows = `carat,cut,color,clarity\n${"1,Ideal,G,VS1\n".repeat(20_001)}`;
    const batch = (token?: string) =>
      new Service().fetch(`${predict}/batch`, {
        method: "POST",
        headers: { "content-type": "text/csv" },
        body: rows,
        token,
      });
    const refused = await batch();
    expect(await refused.json()).toMatchObject({
      status: 422,
      errors: [{ pointer: "/rows", detail: "expected at most 20000 rows" }],
    });
    const taken = await batch("admin");
    expect(taken.status).toBe(200);
    await taken.body?.cancel();
    const sweep = { row: stone, vary: [{ feature: "carat", from: 0.3, to: 3, steps: 2000 }] };
    expect((await new Service().fetch("/v1/diamonds/sweep", { json: sweep })).status).toBe(422);
    expect((await new Service().fetch("/v1/diamonds/sweep", { json: sweep, token: "admin" })).status).toBe(
      200,
    );
  });
});
