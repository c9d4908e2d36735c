// The challenger in the shadow: priced behind the answer, stored once, summarised, and never in anyone's way.
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkSpec } from "#core/dataset/spec.ts";
import worker from "../../../worker/index.ts";
import { newRequestId } from "../../../worker/requests/store/request-id.ts";
import { isShadowed, parseShare } from "../../../worker/shadow/share.ts";
import { type ShadowPrice, writeShadowPrices } from "../../../worker/shadow/store.ts";
import { boats, diamonds, makeBundle, point, publish, register, setUp, stone } from "../models/bundles.ts";
import { broken, env, resetStorage, Service } from "../service.ts";

/** A queue that keeps what it is given. */
function recorder() {
  const entries: ShadowPrice[] = [];
  const sendBatch = async (messages: Iterable<{ body: string }>) => {
    entries.push(...[...messages].map(({ body }) => JSON.parse(body)));
  };
  return { entries, queue: { sendBatch } as unknown as Queue<string> };
}

let service: Service;
let shadow: ReturnType<typeof recorder>;
let champion: string;
let challenger: string;

beforeEach(async () => {
  await resetStorage();
  shadow = recorder();
  service = new Service({ SHADOW_LOG: shadow.queue, SHADOW_SHARE: "1" });
  champion = (await setUp(service, diamonds, { slope: 1000 })).manifest.id;
  const other = await makeBundle(diamonds, { slope: 1100 });
  challenger = other.manifest.id;
  await publish(service, diamonds, other);
  await point(service, diamonds, challenger, "challenger");
});

afterEach(() => vi.useRealTimers());

const predict = (carat = 1, query = "", by = service) =>
  by.fetch(`/v1/diamonds/predict${query}`, { json: { ...stone, carat } });

const deliver = async (prices: readonly unknown[], DB = env.DB) => {
  const bodies = prices.map((price, at) => ({
    ...{ id: `m${at}`, timestamp: new Date(), attempts: 1 },
    body: typeof price === "string" ? price : JSON.stringify(price),
  }));
  const batch = createMessageBatch("appraise-shadow", bodies);
  await worker.queue(batch, { ...env, DB });
  return getQueueResult(batch, createExecutionContext());
};

const stored = async () =>
  (await env.DB.prepare("select count(*) as n from shadow_prices").first<{ n: number }>())?.n;

const priceOf = (at: number, change: Partial<ShadowPrice> = {}): ShadowPrice => ({
  ...{ dataset: "diamonds", request: newRequestId(Date.now() + at), champion, challenger },
  ...{ championPrice: 1000, challengerPrice: 1000 + at, fault: null },
  ...change,
});

const summary = async (query = "") => {
  const answer = await service.fetch(`/v1/diamonds/shadow${query}`, { token: "admin" });
  return { status: answer.status, body: await answer.json<Record<string, unknown>>() };
};

describe("a prediction of the champion", () => {
  it("is priced by the challenger too, behind the answer", async () => {
    const answer = await predict(2);
    const { id, prediction, model } = await answer.json<{
      id: string;
      prediction: number;
      model: { id: string };
    }>();
    expect([prediction, model.id, shadow.entries.length]).toEqual([2000, champion, 0]);
    await service.settle();
    expect(shadow.entries).toEqual([
      {
        ...{ dataset: "diamonds", request: id, champion, challenger },
        ...{ championPrice: 2000, challengerPrice: 2200, fault: null },
      },
    ]);
  });

  it("is not, where another model was asked for, another time, or a row was refused", async () => {
    const moment = Date.now() - 1;
    for (const query of ["?model=challenger", `?model=${champion}`, `?at=${moment}`]) await predict(1, query);
    await predict(-1);
    await service.settle();
    expect(shadow.entries).toEqual([]);
    await env.DB.prepare("delete from aliases where alias = 'challenger'").run();
    const alone = new Service({ SHADOW_LOG: shadow.queue, SHADOW_SHARE: "1" });
    expect((await predict(1, "", alone)).status).toBe(200);
    await alone.settle();
    expect(shadow.entries).toEqual([]);
  });
});

describe("the share", () => {
  it("is told by the request's id, and is what was asked for", () => {
    const ids = Array.from({ length: 20_000 }, () => newRequestId(Date.now()));
    for (const share of [0, 0.1, 0.5, 1]) {
      const chosen = ids.filter((id) => isShadowed(id, share));
      expect(chosen.filter((id) => isShadowed(id, share))).toEqual(chosen);
      expect(Math.abs(chosen.length / ids.length - share)).toBeLessThan(0.02);
    }
    const few = ids.filter((id) => isShadowed(id, 0.1));
    expect(few.every((id) => isShadowed(id, 0.2))).toBe(true);
  });

  it.each([
    [undefined, 0],
    ["", 0],
    ["0.25", 0.25],
    ["1", 1],
    ["1.1", 0],
    ["-0.1", 0],
    ["ten", 0],
    ["NaN", 0],
  ])("%s is %d", (setting, share) => expect(parseShare(setting)).toBe(share));

  it("of nothing shadows nothing", async () => {
    const quiet = new Service({ SHADOW_LOG: shadow.queue, SHADOW_SHARE: "0" });
    for (let asked = 0; asked < 5; asked++) expect((await predict(1, "", quiet)).status).toBe(200);
    await quiet.settle();
    expect(shadow.entries).toEqual([]);
  });
});

describe("a challenger that fails", () => {
  const expectAnswers = async (by: Service) => {
    for (let asked = 0; asked < 3; asked++) {
      const answer = await predict(2, "", by);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ prediction: 2000, model: { id: champion } });
      await by.settle();
    }
  };

  it("to load is counted, not fetched by every request, and the price stands", async () => {
    const { objects } = await env.BUCKET.list({ prefix: `models/diamonds/${challenger}/` });
    const key = objects.find((object) => object.key.endsWith("model.onnx"))?.key ?? "";
    const bytes = new Uint8Array((await (await env.BUCKET.get(key))?.arrayBuffer()) ?? []);
    bytes[bytes.length >> 1] ^= 1;
    await env.BUCKET.put(key, bytes);
    let reads = 0;
    const BUCKET = new Proxy(env.BUCKET, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...given: unknown[]) => {
          if (name === "get" && String(given[0]).includes(challenger)) reads++;
          return member.apply(target, given);
        };
      },
    });
    const by = new Service({ SHADOW_LOG: shadow.queue, SHADOW_SHARE: "1", BUCKET });
    await expectAnswers(by);
    expect(reads).toBe(3);
    expect(by.isolate.shadow.counts).toEqual({ priced: 0, failed: 3, skipped: 0 });
    expect(shadow.entries.map(({ fault }) => fault)).toEqual(Array(3).fill("not-loaded"));
    expect(await (await by.fetch("/metrics")).text()).toContain("appraise_shadow_failed_total 3\n");
    await env.BUCKET.put(
      key,
      bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte)),
    );
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    await expectAnswers(by);
    expect(by.isolate.shadow.counts.priced).toBe(3);
  });

  it("to answer, or whose queue is broken, delays and fails nobody", async () => {
    const stalling = new Proxy(env.BUCKET, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...given: unknown[]) =>
          name === "get" && String(given[0]).includes(challenger)
            ? new Promise(() => undefined)
            : member.apply(target, given);
      },
    });
    const slow = new Service({ SHADOW_LOG: shadow.queue, SHADOW_SHARE: "1", BUCKET: stalling });
    for (let asked = 0; asked < 3; asked++) expect((await predict(1, "", slow)).status).toBe(200);
    const lost = new Service({ SHADOW_LOG: broken<Queue<string>>("no queue"), SHADOW_SHARE: "1" });
    await expectAnswers(lost);
    expect(lost.isolate.shadow.outbox.counts.lost).toBe(3);
  });

  it("to price a row says which way", async () => {
    const [carat, ...others] = diamonds.features;
    const smaller = {
      ...diamonds,
      version: diamonds.version + 1,
      features: [{ ...carat, maximum: 5 }, ...others],
    };
    const spec = checkSpec(smaller);
    expect((await register(service, spec)).status).toBe(200);
    const narrow = await makeBundle(spec, { slope: 7 });
    expect((await publish(service, spec, narrow)).status).toBe(201);
    await service.fetch("/v1/diamonds/aliases/challenger", {
      ...{ method: "PUT", token: "admin", headers: { "if-match": "*" } },
      json: { model: narrow.manifest.id, reason: "narrower" },
    });
    expect((await predict(7)).status).toBe(200);
    await service.settle();
    expect(shadow.entries).toMatchObject([{ fault: "row-refused", challengerPrice: null }]);
  });
});

describe("the store", () => {
  it("keeps a request once, however often it is delivered", async () => {
    const prices = [priceOf(1), priceOf(2)];
    expect((await deliver(prices)).outcome).toBe("ok");
    await deliver([...prices, prices[0]]);
    await deliver([{ ...prices[0], challengerPrice: 9 }]);
    expect(await stored()).toBe(2);
    const kept = await env.DB.prepare("select challenger_price as p from shadow_prices where request = ?1")
      .bind(prices[0].request)
      .first<{ p: number }>();
    expect(kept?.p).toBe(1001);
  });

  it("lets go of what is no price, and is tried again where D1 fails", async () => {
    const result = await deliver(["{", "[]", "7", { ...priceOf(1), fault: "because" }, priceOf(2)]);
    expect(result.ackAll).toBe(true);
    expect(await stored()).toBe(1);
    expect((await deliver([priceOf(3)], broken("no D1"))).retryBatch.retry).toBe(true);
    expect(await stored()).toBe(1);
  });

  it("keeps the newest of each dataset, up to a bound", async () => {
    await setUp(service, boats);
    const prices = Array.from({ length: 30 }, (_, at) => priceOf(at));
    const other = priceOf(0, { dataset: "boats" });
    await writeShadowPrices(env, [other, ...prices], ["diamonds"], 10);
    expect(await stored()).toBe(11);
    const oldest = await env.DB.prepare(
      "select min(challenger_price) as p from shadow_prices where dataset = 'diamonds'",
    ).first<{ p: number }>();
    expect(oldest?.p).toBe(1020);
  });
});

describe("the summary", () => {
  it("has mean, quantiles, faults and the worst rows with their requests", async () => {
    expect((await summary()).body).toMatchObject({ champion, challenger, count: 0, differences: null });
    const prices = [...Array(21).keys()].map((at) => priceOf(at * 10));
    const failed = priceOf(5, { challengerPrice: null, fault: "not-loaded" });
    const foreign = priceOf(6, { challenger: "linear-000000000000", challengerPrice: 9999 });
    await deliver([...prices, failed, foreign]);
    const { body } = await summary();
    expect(body).toMatchObject({
      ...{ champion, challenger, count: 21, faults: { "not-loaded": 1 } },
      differences: {
        difference: { mean: 100, meanAbsolute: 100, quantiles: { p05: 10, p25: 50, p50: 100, p95: 190 } },
        relative: { mean: expect.closeTo(0.1, 9), quantiles: { p50: expect.closeTo(0.1, 9) } },
      },
    });
    const worst = body.worst as { request: string; difference: number }[];
    expect(worst.map(({ difference }) => difference)).toEqual([
      200, 190, 180, 170, 160, 150, 140, 130, 120, 110,
    ]);
    expect(worst[0].request).toBe(prices[20].request);
    expect((await summary(`?champion=${champion}&challenger=${challenger}`)).body).toEqual(body);
  });

  it("is of real requests from end to end", async () => {
    for (const carat of [1, 2]) await predict(carat);
    await service.settle();
    await deliver(shadow.entries);
    expect((await summary()).body).toMatchObject({
      count: 2,
      differences: { relative: { mean: expect.closeTo(0.1, 9) } },
    });
  });

  it("says what is not there", async () => {
    expect((await summary("?challenger=nosuch")).status).toBe(404);
    expect((await summary("?challenger=")).status).toBe(404);
    expect((await summary("?since=1")).status).toBe(400);
  });
});
