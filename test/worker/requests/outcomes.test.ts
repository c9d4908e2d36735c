// Outcomes: the true price beside the one that was given, listed with its request and summed up.
import { beforeEach, describe, expect, it } from "vitest";
import { consumeRequestLog } from "../../../worker/requests/queue.ts";
import { diamonds, makeBundle, publish, setUp, stone } from "../models/bundles.ts";
import { env, resetStorage, Service } from "../service.ts";

let service: Service;
let bodies: string[];

beforeEach(async () => {
  await resetStorage();
  bodies = [];
  const sendBatch = async (messages: Iterable<{ body: string }>) => {
    for (const { body } of messages) bodies.push(body);
  };
  service = new Service({ REQUEST_LOG: { sendBatch } as unknown as Queue<string> });
  await setUp(service, diamonds, { slope: 1000 });
});

/** Has everything so far written to the log. */
async function log(): Promise<void> {
  await service.settle();
  const messages = bodies.splice(0).map((body) => ({ body, ack: () => undefined, retry: () => undefined }));
  await consumeRequestLog({ messages } as unknown as MessageBatch<unknown>, env);
}

interface Priced {
  readonly id: string;
  readonly prediction: number;
  readonly model: { readonly id: string };
}
interface Outcome {
  readonly actual: number;
  readonly error: number;
  readonly covered: boolean;
}
interface Requests {
  readonly items: readonly { id: string; outcome: Outcome | null }[];
  readonly next: string | null;
  readonly outcomes: (Record<string, number> & { readonly models: readonly object[] }) | null;
}

const price = async (carat: number, query = "") =>
  (await service.fetch(`/v1/diamonds/predict${query}`, { json: { ...stone, carat } })).json<Priced>();
const tell = (id: string, target: unknown) =>
  service.fetch(`/v1/requests/${id}/outcome`, { json: { target }, token: "admin" });
const list = async (query: string) =>
  (await service.fetch(`/v1/requests?${query}`, { token: "admin" })).json<Requests>();

describe("an outcome", () => {
  it("is kept beside its request, and corrected", async () => {
    const { id, prediction } = await price(2);
    await log();
    const kept = await tell(id, 1950);
    expect(kept.status).toBe(201);
    expect(await kept.json()).toEqual({
      ...{ actual: 1950, prediction, error: 50, covered: true, actor: "admin", time: expect.any(String) },
    });
    const corrected = await tell(id, 3000);
    expect([corrected.status, (await corrected.json<Outcome>()).covered]).toEqual([200, false]);
    const read = await service.fetch(`/v1/requests/${id}`, { token: "admin" });
    expect(await read.json()).toMatchObject({ id, outcome: { actual: 3000, error: -1000 } });
    const { items } = await list("dataset=diamonds");
    expect(items.filter(({ outcome }) => outcome !== null)).toMatchObject([
      { id, outcome: { actual: 3000 } },
    ]);
  });

  it("is refused where there is no such request, no price, or the target is none", async () => {
    expect((await tell("nosuch", 1)).status).toBe(404);
    const { id } = await price(1);
    expect((await tell(id, 1)).status).toBe(404);
    await log();
    const { items } = await list("dataset=diamonds");
    const other = items.find((one) => one.id !== id)?.id ?? "";
    expect((await tell(other, 1)).status).toBe(409);
    for (const target of ["1", null, undefined, 0, -5, {}]) {
      const answer = await tell(id, target);
      expect(answer.status).toBe(422);
      expect((await answer.json<{ errors: object[] }>()).errors).toMatchObject([{ pointer: "/target" }]);
    }
    const extra = await service.fetch(`/v1/requests/${id}/outcome`, {
      json: { target: 1, id: 1 },
      token: "admin",
    });
    expect(extra.status).toBe(422);
    expect((await list("dataset=diamonds")).outcomes).toBeNull();
  });
});

describe("the summary", () => {
  it("tells how far prices were off, altogether and by model, within a span", async () => {
    const second = await makeBundle(diamonds, { slope: 2000, family: "steep" });
    await publish(service, diamonds, second);
    const priced = [await price(1), await price(2), await price(4, `?model=${second.manifest.id}`)];
    await log();
    const actuals = [1100, 1950, 10_000];
    for (const [at, { id }] of priced.entries()) expect((await tell(id, actuals[at])).status).toBe(201);
    const errors = priced.map(({ prediction }, at) => prediction - actuals[at]);
    expect(errors).toEqual([-100, 50, -2000]);
    const { outcomes } = await list("dataset=diamonds");
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(outcomes).toMatchObject({
      count: 3,
      meanAbsoluteError: mean(errors.map(Math.abs)),
      rootMeanSquaredError: Math.sqrt(mean(errors.map((error) => error ** 2))),
      meanError: mean(errors),
      covered: expect.closeTo(2 / 3, 12),
    });
    expect(outcomes?.meanAbsolutePercentageError).toBeCloseTo(mean([100 / 1100, 50 / 1950, 0.2]), 12);
    expect(outcomes?.models).toMatchObject([
      { model: priced[0].model.id, count: 2, meanAbsoluteError: 75, covered: 1 },
      { model: second.manifest.id, count: 1, meanAbsoluteError: 2000, covered: 0 },
    ]);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect((await list(`dataset=diamonds&from=${tomorrow}`)).outcomes).toBeNull();
    expect((await list(`dataset=diamonds&to=${tomorrow}`)).outcomes?.count).toBe(3);
    expect((await list("dataset=boats")).outcomes).toBeNull();
    expect((await list("limit=5")).outcomes).toBeNull();
  });
});
