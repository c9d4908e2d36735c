// How long a move takes to reach the other isolates: ten seconds, idle ones included, while storage answers; and never a stall.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { times } from "../../../worker/http/limits.ts";
import { diamonds, makeBundle, publish, setUp, stone, type TestBundle } from "../models/bundles.ts";
import { broken, env, resetStorage, Service } from "../service.ts";

const boundMs = 10_000;
let mover: Service;
let first: TestBundle;
let second: TestBundle;

beforeEach(async () => {
  await resetStorage();
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  mover = new Service();
  first = await setUp(mover, diamonds, { slope: 1 });
  second = await makeBundle(diamonds, { slope: 2 });
  await publish(mover, diamonds, second);
});

afterEach(() => vi.useRealTimers());

const tick = (ms: number) => vi.setSystemTime(Date.now() + ms);
const moveTo = async (bundle: TestBundle) => {
  const answer = await mover.fetch("/v1/diamonds/aliases/champion", {
    ...{ method: "PUT", token: "admin", headers: { "if-match": "*" } },
    json: { model: bundle.manifest.id, reason: "better" },
  });
  expect(answer.status).toBe(200);
};
const modelOf = async (by: Service) => {
  const answer = await by.fetch("/v1/diamonds/predict", { json: stone });
  expect(answer.status).toBe(200);
  return answer.headers.get("x-model");
};
/** A database of which no use ever answers, and how often it was asked. */
function silent() {
  const count = { asked: 0 };
  const statement: object = new Proxy(
    {},
    {
      get: (_, name) => {
        if (name === "bind") return () => statement;
        return () => {
          count.asked++;
          return new Promise(() => undefined);
        };
      },
    },
  );
  return { count, DB: new Proxy({} as D1Database, { get: () => () => statement }) };
}

describe("a move of the champion", () => {
  it.each([
    ["one request a second", 1000],
    ["one every four seconds", 4000],
    ["none until then", boundMs],
    ["none for an hour", 3_600_000],
  ])("reaches an isolate with %s within ten seconds", async (_, pauseMs) => {
    const other = new Service();
    expect(await modelOf(other)).toBe(first.manifest.id);
    await moveTo(second);
    let since = 0;
    let model: string | null = null;
    while (since < boundMs) {
      tick(pauseMs);
      since += pauseMs;
      model = await modelOf(other);
      await other.settle();
      if (since < boundMs) expect([first.manifest.id, second.manifest.id]).toContain(model);
    }
    expect(model).toBe(second.manifest.id);
    expect(times.staleAfterMs).toBeLessThan(boundMs);
  });

  it("is there at once in the isolate that made it", async () => {
    await moveTo(second);
    expect(await modelOf(mover)).toBe(second.manifest.id);
  });

  it("costs a warm isolate no wait: it is asked for behind the answer", async () => {
    const other = new Service();
    await modelOf(other);
    await moveTo(second);
    tick(times.staleAfterMs);
    expect(await modelOf(other)).toBe(first.manifest.id);
    await other.settle();
    expect(await modelOf(other)).toBe(second.manifest.id);
  });
});

describe("an idle isolate while D1 is silent", () => {
  it("waits its patience once, then answers the others at once, and asks behind them", async () => {
    const other = new Service();
    await modelOf(other);
    const { count, DB } = silent();
    other.env = { ...other.env, DB };
    tick(60_000);
    const start = performance.now();
    expect(await modelOf(other)).toBe(first.manifest.id);
    const waited = performance.now() - start;
    expect(waited).toBeGreaterThan(times.databasePatienceMs - 100);
    expect(waited).toBeLessThan(times.refreshPatienceMs);
    const again = performance.now();
    for (let asked = 0; asked < 5; asked++) expect(await modelOf(other)).toBe(first.manifest.id);
    expect(performance.now() - again).toBeLessThan(times.databasePatienceMs / 2);
    expect(count.asked).toBe(1);
  });

  it("finds a move that happened just before in R2", async () => {
    const other = new Service();
    await modelOf(other);
    await moveTo(second);
    other.env = { ...other.env, DB: broken("no D1") };
    tick(60_000);
    expect(await modelOf(other)).toBe(second.manifest.id);
  });

  it("does not go back to an older copy in R2", async () => {
    const copy = await (await env.BUCKET.get("aliases/diamonds/champion.json"))?.text();
    await moveTo(second);
    const other = new Service();
    expect(await modelOf(other)).toBe(second.manifest.id);
    await env.BUCKET.put("aliases/diamonds/champion.json", copy ?? "");
    other.env = { ...other.env, DB: broken("no D1") };
    tick(60_000);
    expect(await modelOf(other)).toBe(second.manifest.id);
  });
});

describe("what wants D1", () => {
  it.each(["?model=trial", "?at=1"])("%s is refused in time where it is silent", async (query) => {
    const other = new Service();
    await modelOf(other);
    other.env = { ...other.env, DB: silent().DB };
    const start = performance.now();
    const answer = await other.fetch(`/v1/diamonds/predict${query}`, { json: stone });
    expect(answer.status).toBe(503);
    expect(performance.now() - start).toBeLessThan(2 * times.databasePatienceMs);
  });
});
