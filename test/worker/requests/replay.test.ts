// A logged prediction has everything that it takes to price it again, to the same digits, whatever was promoted since.
import { createMessageBatch } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkSpec } from "#core/dataset/spec.ts";
import worker from "../../../worker/index.ts";
import { boats, makeBundle, publish, setUp } from "../models/bundles.ts";
import { env, resetStorage, Service } from "../service.ts";

/** A feature that is called like a secret, and one that is not. */
const coins = checkSpec({
  ...boats,
  name: "coins",
  features: [boats.features[0], { ...boats.features[1], name: "token" }],
  similar: undefined,
});
const row = { length: 0.1 + 0.2 + 1, token: 'say "steel"' };
const bodies: string[] = [];
let service: Service;

beforeEach(async () => {
  await resetStorage();
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  bodies.length = 0;
  const sendBatch = async (messages: Iterable<{ body: string }>) => {
    bodies.push(...[...messages].map(({ body }) => body));
  };
  service = new Service({ REQUEST_LOG: { sendBatch } as unknown as Queue<string> });
});

afterEach(() => vi.useRealTimers());

interface Priced {
  readonly id: string;
  readonly prediction: number;
  readonly interval: object;
  readonly model: { readonly id: string };
}

const predict = async (query: string, given: unknown = row) => {
  const answer = await service.fetch(`/v1/coins/predict${query}`, { json: given, token: "admin" });
  expect(answer.status).toBe(200);
  return answer.json<Priced>();
};

describe("a logged prediction", () => {
  it("is priced again to the same digits after two promotions, by its model and by its time", async () => {
    const first = await setUp(service, coins, { slope: 1.1 });
    const old = await predict("?coverage=0.77");
    const time = Date.now();
    for (const slope of [2.2, 3.3]) {
      const bundle = await makeBundle(coins, { slope });
      await publish(service, coins, bundle);
      vi.setSystemTime(Date.now() + 60_000);
      const moved = await service.fetch("/v1/coins/aliases/champion", {
        ...{ method: "PUT", token: "admin", headers: { "if-match": "*" } },
        json: { model: bundle.manifest.id, reason: "better" },
      });
      expect(moved.status).toBe(200);
    }
    await service.settle();
    await worker.queue(
      createMessageBatch(
        "appraise-requests",
        bodies.map((body, at) => ({ id: `m${at}`, timestamp: new Date(), attempts: 1, body })),
      ),
      env,
    );
    const logged = await (await service.fetch(`/v1/requests/${old.id}`, { token: "admin" })).json<{
      requestBody: string;
      responseBody: string;
      modelId: string;
      time: string;
    }>();
    expect(logged.modelId).toBe(first.manifest.id);
    expect(JSON.parse(logged.requestBody)).toEqual(row);
    expect(JSON.parse(logged.responseBody)).toEqual(old);
    expect(Date.parse(logged.time)).toBe(time);
    expect((await predict("?coverage=0.77")).prediction).not.toBe(old.prediction);
    for (const query of [`?coverage=0.77&model=${logged.modelId}`, `?coverage=0.77&at=${logged.time}`]) {
      const again = await predict(query, JSON.parse(logged.requestBody));
      expect([again.prediction, again.interval, again.model.id]).toEqual([
        ...[old.prediction, old.interval, old.model.id],
      ]);
    }
  });

  it("hides what is no feature: a refused row may hold anyone's secret", async () => {
    await setUp(service, coins);
    const given = { ...row, password: "hunter2" };
    const answer = await service.fetch("/v1/coins/predict", { json: given, token: "admin" });
    expect(answer.status).toBe(422);
    await service.settle();
    expect(bodies.join()).toContain("[redacted]");
    expect(bodies.join()).not.toContain("hunter2");
  });
});
