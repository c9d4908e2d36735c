// What fails around it, and the price that is answered all the same: 200, from the last good model, which X-Model names.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { times } from "../../../worker/http/limits.ts";
import { diamonds, makeBundle, point, publish, setUp, stone, type TestBundle } from "../models/bundles.ts";
import { broken, env, resetStorage, Service } from "../service.ts";

const predict = "/v1/diamonds/predict";
const copyKey = "aliases/diamonds/champion.json";

let service: Service;
let first: TestBundle;
let second: TestBundle;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  first = await setUp(service, diamonds);
  second = await makeBundle(diamonds, { slope: 5000 });
  expect((await publish(service, diamonds, second)).status).toBe(201);
});

afterEach(() => vi.useRealTimers());

/** A binding of which no use ever answers. */
function silent<T extends object>(): T {
  const statement: object = new Proxy(
    {},
    { get: (_, name) => (name === "bind" ? () => statement : () => new Promise(() => undefined)) },
  );
  return new Proxy({} as T, {
    get: (_, name) => (name === "prepare" ? () => statement : () => new Promise(() => undefined)),
  });
}

const moveTo = (model: string, by = service) =>
  by.fetch("/v1/diamonds/aliases/champion", {
    method: "PUT",
    token: "admin",
    headers: { "if-match": "*" },
    json: { model, reason: "better" },
  });

/** A price of the given model by the header and by the digits. */
async function expectPrice(by: Service, { manifest }: TestBundle): Promise<void> {
  const answer = await by.fetch(predict, { json: { ...stone, carat: 2 } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("x-model")).toBe(manifest.id);
  const { prediction } = await answer.json<{ prediction: number }>();
  expect(prediction).toBe(2 * Number(manifest.params.slope));
}

/** Lets an isolate's knowledge grow old, so that the next request asks storage again behind its answer. */
function growOld(): void {
  vi.useFakeTimers({ now: Date.now() + times.refreshAfterMs + 1, toFake: ["Date"] });
}

async function keysOf(model: string): Promise<string[]> {
  const { objects } = await env.BUCKET.list({ prefix: `models/diamonds/${model}/` });
  return objects.map(({ key }) => key);
}

const keyOf = async (model: string, file: string) =>
  (await keysOf(model)).find((key) => key.endsWith(`/${file}`)) ?? "";

describe("D1", () => {
  it.each([
    ["fails", () => broken<D1Database>("no D1")],
    ["stalls", () => silent<D1Database>()],
  ])("%s: warm isolates answer at once, cold ones from the copy in R2", async (_, makeDatabase) => {
    await expectPrice(service, first);
    service.env = { ...service.env, DB: makeDatabase() };
    growOld();
    for (let asked = 0; asked < 3; asked++) await expectPrice(service, first);
    vi.useRealTimers();
    const cold = new Service({ DB: makeDatabase() });
    await expectPrice(cold, first);
    await expectPrice(cold, first);
  });

  it("fails: it is not asked again by every request, only after the usual while", async () => {
    await expectPrice(service, first);
    let asked = 0;
    const DB = new Proxy({} as D1Database, {
      get: () => () => {
        asked++;
        throw new Error("no D1");
      },
    });
    service.env = { ...service.env, DB };
    for (const round of [1, 2]) {
      growOld();
      for (let request = 0; request < 5; request++) {
        await expectPrice(service, first);
        await service.settle();
      }
      expect(asked).toBe(round);
    }
  });

  it("fails in the middle of a day and comes back: the next champion arrives", async () => {
    await expectPrice(service, first);
    const { DB } = service.env;
    service.env = { ...service.env, DB: broken("no D1") };
    growOld();
    await expectPrice(service, first);
    await service.settle();
    const elsewhere = new Service();
    expect((await moveTo(second.manifest.id, elsewhere)).status).toBe(200);
    service.env = { ...service.env, DB };
    vi.setSystemTime(Date.now() + times.refreshAfterMs + 1);
    await expectPrice(service, first);
    await service.settle();
    await expectPrice(service, second);
  });
});

describe("R2", () => {
  it.each([
    ["fails", () => broken<R2Bucket>("no R2")],
    ["stalls", () => silent<R2Bucket>()],
  ])(
    "%s after warm-up: prices go on, also with a new champion that cannot be read",
    async (_, makeBucket) => {
      await expectPrice(service, first);
      service.env = { ...service.env, BUCKET: makeBucket() };
      expect((await moveTo(second.manifest.id, new Service())).status).toBe(200);
      growOld();
      for (let asked = 0; asked < 3; asked++) await expectPrice(service, first);
    },
  );
});

describe("the queue", () => {
  it("refuses: prices go on, and every lost entry is counted", async () => {
    service.env = { ...service.env, REQUEST_LOG: broken("no queue") };
    await service.settle();
    const before = service.isolate.outbox.counts.lost;
    for (let asked = 0; asked < 5; asked++) await expectPrice(service, first);
    await service.settle();
    expect(service.isolate.outbox.counts.lost - before).toBe(5);
    const metrics = await (await service.fetch("/metrics")).text();
    expect(metrics).toContain(`appraise_log_lost_total ${before + 5}\n`);
  });

  it("refuses for a while: what comes after arrives", async () => {
    const sent: string[] = [];
    let isDown = true;
    const sendBatch = async (messages: Iterable<{ body: string }>) => {
      if (isDown) throw new Error("no queue");
      sent.push(...[...messages].map(({ body }) => body));
    };
    const fresh = new Service({ REQUEST_LOG: { sendBatch } as unknown as Queue<string> });
    await expectPrice(fresh, first);
    await fresh.settle();
    isDown = false;
    await expectPrice(fresh, first);
    await fresh.settle();
    expect(sent).toHaveLength(1);
    expect(fresh.isolate.outbox.counts).toEqual({ queued: 1, lost: 1 });
  });

  it("stalls: prices do not wait for it, and its entries are counted as lost in the end", async () => {
    const stalled = new Service({ REQUEST_LOG: silent<Queue<string>>() });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await expectPrice(stalled, first);
    await vi.advanceTimersByTimeAsync(times.logGatherMs + 1);
    await vi.advanceTimersByTimeAsync(times.queuePatienceMs + 1);
    await stalled.settle();
    expect(stalled.isolate.outbox.counts).toEqual({ queued: 0, lost: 1 });
  });
});

describe("a half-written alias", () => {
  const halve = () =>
    env.DB.prepare("update aliases set model = 'linear-000000000000' where alias = 'champion'").run();

  it("leaves warm isolates with the model they have, and cold ones with the last that was published", async () => {
    await expectPrice(service, first);
    expect((await moveTo(second.manifest.id)).status).toBe(200);
    await halve();
    growOld();
    await expectPrice(service, second);
    await service.settle();
    await expectPrice(service, second);
    await expectPrice(new Service(), second);
  });

  it("is not made by a death between D1 and the copy in R2: both are whole, one is older", async () => {
    const dying = new Service();
    await expectPrice(dying, first);
    dying.env = { ...dying.env, BUCKET: broken("no R2") };
    expect((await moveTo(second.manifest.id, dying)).status).toBe(200);
    await expectPrice(new Service(), second);
    await expectPrice(new Service({ DB: broken("no D1") }), first);
  });

  it("in R2, garbled, hurts no one while D1 answers", async () => {
    await env.BUCKET.put(copyKey, '{"model": "linear-');
    await expectPrice(new Service(), first);
    service.env = { ...service.env, DB: broken("no D1") };
    growOld();
    await expectPrice(service, first);
    const cold = new Service({ DB: broken("no D1") });
    expect((await cold.fetch(predict, { json: stone })).status).toBe(503);
  });
});

describe("a corrupt new champion", () => {
  /** One byte in the middle of a file is another, or the file is gone. */
  const corrupt = async (file: string) => {
    const key = await keyOf(second.manifest.id, file);
    const bytes = new Uint8Array((await (await env.BUCKET.get(key))?.arrayBuffer()) ?? []);
    bytes[bytes.length >> 1] ^= 1;
    await env.BUCKET.put(key, bytes);
  };
  /** As whole and runnable as before, and another price: only the hash can tell. */
  const forge = async () => {
    const key = await keyOf(second.manifest.id, "model.onnx");
    const bytes = new Uint8Array((await (await env.BUCKET.get(key))?.arrayBuffer()) ?? []);
    const slope = new Uint8Array(Float64Array.of(5000).buffer).join();
    const at = bytes.findIndex((_, start) => bytes.subarray(start, start + 8).join() === slope);
    expect(at).toBeGreaterThan(0);
    bytes.set(new Uint8Array(Float64Array.of(6000).buffer), at);
    await env.BUCKET.put(key, bytes);
  };
  const lose = async (file: string) => env.BUCKET.delete(await keyOf(second.manifest.id, file));

  it.each([
    ["a flipped bit in model.onnx", () => corrupt("model.onnx")],
    ["another price in model.onnx", forge],
    ["a flipped bit in manifest.json", () => corrupt("manifest.json")],
    ["a flipped bit in dataset.json", () => corrupt("dataset.json")],
    ["no model.onnx", () => lose("model.onnx")],
    ["no manifest.json", () => lose("manifest.json")],
  ])("with %s never prices: the last good one does, in warm isolates and in cold ones", async (_, damage) => {
    await expectPrice(service, first);
    await damage();
    expect((await moveTo(second.manifest.id, new Service())).status).toBe(200);
    growOld();
    await expectPrice(service, first);
    await service.settle();
    await expectPrice(service, first);
    // From the ledger where D1 answers, from the copy in R2 where it does not.
    await expectPrice(new Service(), first);
    await expectPrice(new Service({ DB: broken("no D1") }), first);
  });

  it("is not fetched again by every request", async () => {
    await expectPrice(service, first);
    await corrupt("model.onnx");
    await moveTo(second.manifest.id, new Service());
    let reads = 0;
    const BUCKET = new Proxy(env.BUCKET, {
      get(target, name) {
        if (name === "get") reads++;
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    service.env = { ...service.env, BUCKET };
    growOld();
    for (let asked = 0; asked < 5; asked++) {
      await expectPrice(service, first);
      await service.settle();
    }
    expect(reads).toBe(3);
  });

  it("is served once it is sound", async () => {
    const key = await keyOf(second.manifest.id, "model.onnx");
    const whole = await (await env.BUCKET.get(key))?.arrayBuffer();
    await corrupt("model.onnx");
    await moveTo(second.manifest.id, new Service());
    const cold = new Service();
    await expectPrice(cold, first);
    await env.BUCKET.put(key, whole ?? "");
    growOld();
    await expectPrice(cold, first);
    await cold.settle();
    await expectPrice(cold, second);
  });

  it("is told as not available where there was none before it", async () => {
    await resetStorage();
    const alone = new Service();
    second = await setUp(alone, diamonds, { slope: 5000 });
    await corrupt("model.onnx");
    expect((await new Service().fetch(predict, { json: stone })).status).toBe(503);
    await expectPrice(alone, second);
    expect((await point(alone, diamonds, second.manifest.id, "trial")).status).toBe(201);
  });
});
