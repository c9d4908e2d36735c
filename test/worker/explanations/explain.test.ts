// Reasons over HTTP: steps that end at the price, comparables beside it, models that cannot be explained, and storage that fails.
import { beforeEach, describe, expect, it } from "vitest";
import type { PriceExplanation } from "#core/api/explanation.ts";
import { ExplainedPrediction } from "#core/api/prices.ts";
import { limits } from "../../../worker/http/limits.ts";
import { boats, diamonds, importItems, makeBundle, publish, setUp, stone } from "../models/bundles.ts";
import { broken, env, resetStorage, Service } from "../service.ts";

const explain = "/v1/diamonds/explain";
const predict = "/v1/diamonds/predict";

interface Answer {
  readonly prediction: number;
  readonly explanation?: PriceExplanation | null;
  readonly similar?: { items: { id: string; target: number }[]; exact: number } | null;
  readonly warnings: { pointer: string; detail: string }[];
}

interface Problem {
  readonly status: number;
  readonly detail: string;
  readonly errors: { pointer: string; detail: string }[];
}

const encode = (text: string) => Uint8Array.from(new TextEncoder().encode(text));

let service: Service;
let id: string;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  id = (await setUp(service, diamonds)).manifest.id;
});

const ask = async <T = Answer>(path: string, json: unknown = stone, by = service) => {
  const answer = await by.fetch(path, { json });
  return { status: answer.status, headers: answer.headers, body: await answer.json<T>() };
};

/** Publishes a model beside the champion; its id. */
async function publishOther(options: Parameters<typeof makeBundle>[1]): Promise<string> {
  const bundle = await makeBundle(diamonds, { slope: 5000, ...options });
  const published = await publish(service, diamonds, bundle);
  expect(published.status, await published.clone().text()).toBe(201);
  return bundle.manifest.id;
}

describe("explain", () => {
  it("answers the price and the steps from the average thing to it", async () => {
    const { status, headers, body } = await ask(explain);
    expect(status).toBe(200);
    expect(headers.get("x-model")).toBe(id);
    expect(ExplainedPrediction.parse(body)).toEqual(body);
    const price = 4000 * Math.fround(1.01);
    expect(body.prediction).toBe(price);
    const { scale, base, steps, sentence } = body.explanation!;
    expect({ scale, base }).toEqual({ scale: "sum", base: { value: 4000, margin: 4000 } });
    expect(steps[0]).toEqual({
      feature: "carat",
      title: "Weight",
      value: 1.01,
      unit: "ct",
      contribution: expect.closeTo(price - 4000, 9),
      amount: expect.closeTo(price - 4000, 9),
      running: price,
    });
    expect(steps.map(({ feature }) => feature).sort()).toEqual(
      diamonds.features.map(({ name }) => name).sort(),
    );
    expect(steps.at(-1)!.running).toBe(price);
    expect(steps.find(({ feature }) => feature === "depth")!.value).toBeNull();
    expect(sentence).toBe("Starts at 4,000 USD, the average of Diamonds; Weight 1.01 ct +40 USD: 4,040 USD.");
  });

  it("explains another model by its id, at the coverage asked for", async () => {
    const other = await publishOther({});
    const { body, headers } = await ask<Answer & { interval: object }>(
      `${explain}?model=${other}&coverage=0.5`,
    );
    expect(headers.get("x-model")).toBe(other);
    expect(body.explanation!.base.value).toBe(5000);
    expect(body.interval).toMatchObject({ coverage: 0.5 });
  });

  const wrong: [string, unknown, number, string, RegExp][] = [
    ["an unknown field", { ...stone, karat: 1 }, 422, "/karat", /did you mean "carat"/],
    ["a required one left out", { cut: "Ideal", color: "G", clarity: "VS1" }, 422, "/carat", /required/],
    ["a number as text", { ...stone, carat: "1.01" }, 422, "/carat", /expected a number/],
    ["an unknown level", { ...stone, cut: "Perfect" }, 422, "/cut", /Fair, Good/],
    ["no object", [stone], 422, "", /expected an object/],
  ];
  it.each(wrong)("refuses %s by name", async (_, row, status, pointer, detail) => {
    const { body, headers, ...answer } = await ask<Problem>(explain, row);
    expect(answer.status).toBe(status);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(body.errors[0].pointer).toBe(pointer);
    expect(body.errors[0].detail).toMatch(detail);
  });

  it("refuses what is no JSON, an unknown model, an unknown dataset, an unknown parameter and a private dataset", async () => {
    const text = await service.fetch(explain, { body: "{", headers: { "content-type": "application/json" } });
    expect(text.status).toBe(400);
    expect((await ask(`${explain}?model=linear-000000000000`)).status).toBe(404);
    await setUp(service, boats);
    expect((await ask("/v1/boats/explain", { length: 4, hull: "wood" })).status).toBe(401);
    expect((await service.fetch("/v1/pearls/explain", { json: stone, token: "admin" })).status).toBe(404);
    const { status, body } = await ask<Problem>(`${explain}?verbose=1`);
    expect(status).toBe(400);
    expect(body.errors[0].detail).toContain("verbose");
  });
});

describe("predict", () => {
  it("says nothing of reasons and comparables unless it is asked", async () => {
    const { body } = await ask(predict);
    expect(body).not.toHaveProperty("explanation");
    expect(body).not.toHaveProperty("similar");
  });

  it("answers price, interval, reasons and comparables at once", async () => {
    await importItems(service, diamonds, [
      { id: "near", ...stone, carat: 1.02, price: 5000 },
      { id: "far", ...stone, carat: 2, price: 9000 },
      { id: "other", ...stone, cut: "Fair", price: 1000 },
    ]);
    const { body } = await ask(`${predict}?explain=true&similar=2`);
    expect(body.explanation).toEqual((await ask(explain)).body.explanation);
    expect(body.similar!.items.map((item) => item.id)).toEqual(["near", "far"]);
    expect(body.similar).toEqual((await ask("/v1/diamonds/similar?n=2")).body);
    expect(body.warnings).toEqual([]);
  });

  it.each(["explain=yes", "similar=0", "similar=101", "similar=1e9", "similar=x"])(
    "refuses %s",
    async (query) => {
      const { status, body } = await ask<Problem>(`${predict}?${query}`);
      expect(status).toBe(400);
      expect(body.errors[0].pointer).toBe(`/${query.split("=")[0]}`);
    },
  );

  it("answers without comparables where the spec compares nothing", async () => {
    const { similar: _, ...lonely } = boats;
    await setUp(service, lonely as typeof boats);
    const row = { length: 4, hull: "wood" };
    const answer = await service.fetch("/v1/boats/predict?similar=3", { json: row, token: "admin" });
    const { similar, warnings } = await answer.json<Answer>();
    expect(answer.status).toBe(200);
    expect(similar).toBeNull();
    expect(warnings[0].detail).toMatch(/^no comparables: the spec of boats does not say/);
  });
});

describe("a model that cannot be explained", () => {
  const foreign = {
    kind: "trees",
    format: 1,
    ensemble: { format: 1, features: [{ name: "carat", type: "number" }], link: "sigmoid", baseScore: [0] },
  };
  it.each([
    ["was published without explain.json", null, /published without explain.json/],
    ["has an explain.json that is no JSON", encode("{"), /not JSON/],
    ["has one of another shape", encode('{"kind":"oracle"}'), /kind/],
    ["has one whose trees are none", encode(JSON.stringify(foreign)), /tree ensemble/],
    ["has one that is too large here", new Uint8Array(limits.explainFileBytes + 1), /more than the \d+/],
  ])("because it %s answers 409, and its price all the same", async (_, file, reason) => {
    const other = await publishOther({ explain: file });
    const { status, body } = await ask<Problem>(`${explain}?model=${other}`);
    expect(status).toBe(409);
    expect(body.detail).toMatch(reason);
    const priced = await ask(`${predict}?model=${other}&explain=true`);
    expect(priced.status).toBe(200);
    expect(priced.body.prediction).toBe(5000 * Math.fround(1.01));
    expect(priced.body.explanation).toBeNull();
    expect(priced.body.warnings[0].detail).toMatch(reason);
  });

  it("because its explain.json is another model's answers 409", async () => {
    const bytes = await (await service.fetch(`/v1/diamonds/models/${id}/explain.json`)).arrayBuffer();
    const other = await publishOther({ explain: new Uint8Array(bytes) });
    const { status, body } = await ask<Problem>(`${explain}?model=${other}`);
    expect(status).toBe(409);
    expect(body.detail).toMatch(/does not add up to the model's price/);
  });
});

describe("storage", () => {
  const silent = () => new Proxy({} as R2Bucket, { get: () => () => new Promise<never>(() => undefined) });

  it.each([
    ["fails", () => broken<R2Bucket>("no R2")],
    ["stalls", silent],
  ])(
    "%s: the price is answered without reasons, explain says when to try again, and once it is back all is well",
    async (_, make) => {
      expect((await ask(predict)).status).toBe(200);
      const { BUCKET } = service.env;
      service.env = { ...service.env, BUCKET: make() };
      const priced = await ask(`${predict}?explain=true`);
      expect(priced.status).toBe(200);
      expect(priced.body.explanation).toBeNull();
      expect(priced.body.warnings).toEqual([
        { pointer: "", detail: expect.stringMatching(/^no explanation: the storage/) },
      ]);
      const refused = await ask<Problem>(explain);
      expect(refused.status).toBe(503);
      expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
      service.env = { ...service.env, BUCKET };
      expect((await ask(explain)).status).toBe(200);
    },
  );

  it("fails once the file is read: reasons go on", async () => {
    expect((await ask(explain)).status).toBe(200);
    service.env = { ...service.env, DB: broken("no D1"), BUCKET: broken("no R2") };
    expect((await ask(explain)).status).toBe(200);
  });

  it("holds other bytes than were published: they are not believed", async () => {
    expect((await ask(predict)).status).toBe(200);
    const { objects } = await env.BUCKET.list({ prefix: `models/diamonds/${id}/` });
    const { key } = objects.find((object) => object.key.endsWith("/explain.json"))!;
    const text = await (await env.BUCKET.get(key))!.text();
    await env.BUCKET.put(key, text.replace("4000", "4001"));
    const { status, headers } = await ask<Problem>(explain);
    expect(status).toBe(503);
    expect(headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await ask(`${predict}?explain=true`)).body.explanation).toBeNull();
  });

  it("without D1 comparables are left out, and the price is not", async () => {
    expect((await ask(predict)).status).toBe(200);
    service.env = { ...service.env, DB: broken("no D1") };
    const { status, body } = await ask(`${predict}?similar=3&explain=true`);
    expect(status).toBe(200);
    expect(body.similar).toBeNull();
    expect(body.explanation).not.toBeNull();
    expect(body.warnings).toEqual([
      { pointer: "", detail: expect.stringMatching(/^no comparables: the storage/) },
    ]);
  });

  it("is read once for a model, whatever is asked afterwards", async () => {
    await ask(predict);
    let reads = 0;
    const { BUCKET } = service.env;
    const get = (key: string) => {
      reads++;
      return BUCKET.get(key);
    };
    service.env = { ...service.env, BUCKET: { get } as R2Bucket };
    for (let asked = 0; asked < 3; asked++) expect((await ask(explain)).status).toBe(200);
    expect(reads).toBe(1);
    service.env = { ...service.env, BUCKET };
    const bad = await publishOther({ explain: encode("{}") });
    service.env = { ...service.env, BUCKET: { get } as R2Bucket };
    expect((await ask(`${explain}?model=${bad}`)).status).toBe(409);
    const once = reads;
    for (let asked = 0; asked < 3; asked++) expect((await ask(`${explain}?model=${bad}`)).status).toBe(409);
    expect(reads).toBe(once);
  });
});
