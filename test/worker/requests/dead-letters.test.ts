// Dead letters: what D1 does not take waits in R2, is written to the log later, and never twice.
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import worker from "../../../worker/index.ts";
import { newRequestId } from "../../../worker/requests/store/request-id.ts";
import { broken, env, resetStorage, Service } from "../service.ts";

const day = Date.parse("2026-03-04T05:06:07Z");

const entryOf = (at: number, change: object = {}) => ({
  id: newRequestId(day + at),
  time: day + at,
  method: "POST",
  route: "/v1/{dataset}/predict",
  path: "/v1/diamonds/predict",
  dataset: "diamonds",
  status: 200,
  latencyMs: 0,
  modelId: null,
  requestBody: "{}",
  responseBody: null,
  client: null,
  ...change,
});

function deliver(bodies: readonly unknown[]) {
  return createMessageBatch(
    "appraise-requests-dead",
    bodies.map((body, at) => ({ id: `m${at}`, timestamp: new Date(day), attempts: 1, body })),
  );
}

const kill = async (bodies: readonly unknown[], changes: object = {}) => {
  const batch = deliver(bodies);
  await worker.queue(batch, { ...env, ...changes });
  return getQueueResult(batch, createExecutionContext());
};

const keys = async () => (await env.BUCKET.list({ prefix: "dead-letters/" })).objects.map(({ key }) => key);
const countRows = async () =>
  (await env.DB.prepare("select count(*) as n from requests").first<{ n: number }>())?.n;

let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
});

const replay = async (query = "") => {
  const answer = await service.fetch(`/v1/requests/replay${query}`, { method: "POST", token: "admin" });
  expect(answer.status).toBe(200);
  return answer.json<{ replayed: number; unreadable: number; next: string | null }>();
};

describe("the consumer of dead letters", () => {
  it("keeps each under its day and id, once", async () => {
    const entry = entryOf(0);
    const texts = [entry, entry, entryOf(1)].map((one) => JSON.stringify(one));
    const result = await kill(texts);
    expect(result.explicitAcks).toHaveLength(3);
    const found = await keys();
    expect(found).toHaveLength(2);
    expect(found[0]).toBe(`dead-letters/2026-03-04/${entry.id}.json`);
    expect(await (await env.BUCKET.get(found[0]))?.text()).toBe(texts[0]);
  });

  it("keeps what is no entry too, under the message's id and nowhere else", async () => {
    await kill(["{", 7, JSON.stringify({ id: "../../models/x" })]);
    expect(await keys()).toEqual([0, 1, 2].map((at) => `dead-letters/2026-03-04/m${at}.json`));
  });

  it("has a letter delivered again that R2 does not take", async () => {
    const result = await kill([JSON.stringify(entryOf(0))], { BUCKET: broken("no R2") });
    expect(result.explicitAcks).toEqual([]);
    expect(result.retryMessages).toEqual([{ msgId: "m0" }]);
  });
});

describe("replaying", () => {
  it("writes every letter to the log, and takes it from the dead", async () => {
    const entries = [entryOf(0), entryOf(1, { dataset: null }), entryOf(2)];
    await kill(entries.map((one) => JSON.stringify(one)));
    expect(await replay()).toEqual({ replayed: 3, unreadable: 0, next: null });
    expect(await keys()).toEqual([]);
    expect(await countRows()).toBe(3);
    const { time, ...rest } = entries[1];
    const read = await service.fetch(`/v1/requests/${rest.id}`, { token: "admin" });
    expect(await read.json()).toEqual({ ...rest, time: new Date(time).toISOString(), outcome: null });
    expect(await replay()).toEqual({ replayed: 0, unreadable: 0, next: null });
  });

  it("writes every entry of a letter that holds several", async () => {
    await kill([JSON.stringify([entryOf(0), entryOf(1)]), JSON.stringify([entryOf(2), { id: "x" }])]);
    expect(await keys()).toHaveLength(2);
    expect(await replay()).toEqual({ replayed: 2, unreadable: 1, next: null });
    expect(await keys()).toEqual(["dead-letters/2026-03-04/m1.json"]);
    expect(await countRows()).toBe(2);
  });

  it("writes none twice: not what the log has, not after a death half-way", async () => {
    const texts = [entryOf(0), entryOf(1)].map((one) => JSON.stringify(one));
    await kill(texts);
    await replay();
    await kill(texts);
    expect(await replay()).toMatchObject({ replayed: 2 });
    expect(await countRows()).toBe(2);
  });

  it("loses none while the database is still away", async () => {
    await kill([JSON.stringify(entryOf(0))]);
    service.env = { ...service.env, DB: broken("no D1") };
    const answer = await service.fetch("/v1/requests/replay", { method: "POST", token: "admin" });
    expect(answer.status).toBe(503);
    expect(await keys()).toHaveLength(1);
  });

  it("goes through all of them page by page, and round those that are no entries", async () => {
    const bad = [{ method: null }, { status: "200" }, { time: -1 }];
    const letters = [
      ...Array.from({ length: 7 }, (_, at) => JSON.stringify(entryOf(at))),
      ...bad.map((change, at) => JSON.stringify(entryOf(10 + at, change))),
      "{",
    ];
    await kill(letters);
    const sum = { replayed: 0, unreadable: 0, calls: 0 };
    let next: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof replay>> = await replay(
        `?limit=3${next ? `&cursor=${encodeURIComponent(next)}` : ""}`,
      );
      sum.replayed += page.replayed;
      sum.unreadable += page.unreadable;
      sum.calls++;
      next = page.next;
    } while (next);
    expect(sum).toEqual({ replayed: 7, unreadable: 4, calls: 4 });
    expect(await keys()).toHaveLength(4);
    expect(await countRows()).toBe(7);
  });

  it("is for those who may", async () => {
    expect((await service.fetch("/v1/requests/replay", { method: "POST" })).status).toBe(401);
    for (const query of ["?limit=0", "?limit=501", "?cursor=x"]) {
      const answer = await service.fetch(`/v1/requests/replay${query}`, { method: "POST", token: "admin" });
      expect(answer.status).toBe(400);
    }
  });
});
