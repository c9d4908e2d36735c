// The log of requests: every one is there once, with what was asked and answered, and without anyone's secrets.
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import worker from "../../../worker/index.ts";
import { newRequestId } from "../../../worker/requests/store/request-id.ts";
import type { LogEntry } from "../../../worker/requests/store/requests.ts";
import { diamonds, register, setUp, stone } from "../models/bundles.ts";
import { broken, deployed, env, origin, resetStorage, Service } from "../service.ts";

interface Logged extends Omit<LogEntry, "time"> {
  readonly time: string;
}

/** A queue that keeps what it is given. */
function recorder(): { queue: Queue<string>; batches: string[][]; entries: () => LogEntry[] } {
  const batches: string[][] = [];
  const sendBatch = async (messages: Iterable<{ body: string }>) => {
    batches.push([...messages].map(({ body }) => body));
  };
  const queue = { sendBatch } as unknown as Queue<string>;
  return { queue, batches, entries: () => batches.flat().flatMap((body) => JSON.parse(body)) };
}

function deliver(bodies: readonly unknown[], id = "m", attempts = 1) {
  return createMessageBatch(
    "appraise-requests",
    bodies.map((body, at) => ({ id: `${id}${at}`, timestamp: new Date(), attempts, body })),
  );
}

const entryOf = (change: Partial<LogEntry> = {}): LogEntry => ({
  id: newRequestId(Date.now()),
  time: Date.now(),
  method: "POST",
  route: "/v1/{dataset}/predict",
  path: "/v1/diamonds/predict",
  dataset: "diamonds",
  status: 200,
  latencyMs: 0,
  modelId: "linear-0123456789ab",
  requestBody: "{}",
  responseBody: "{}",
  client: null,
  ...change,
});

const countRows = async () =>
  (await env.DB.prepare("select count(*) as n from requests").first<{ n: number }>())?.n;

let service: Service;
let log: ReturnType<typeof recorder>;

beforeEach(async () => {
  await resetStorage();
  log = recorder();
  service = new Service({ REQUEST_LOG: log.queue });
});

describe("entries", () => {
  it("hold request, answer, model and route", async () => {
    const { manifest } = await setUp(service, diamonds);
    await service.settle();
    log.batches.length = 0;
    const answer = await service.fetch("/v1/diamonds/predict?coverage=0.9", {
      json: stone,
      headers: { "cf-connecting-ip": "192.0.2.7" },
    });
    await service.settle();
    const [entry] = log.entries();
    expect(entry).toMatchObject({
      id: answer.headers.get("x-request-id"),
      method: "POST",
      route: "/v1/{dataset}/predict",
      path: "/v1/diamonds/predict?coverage=0.9",
      dataset: "diamonds",
      status: 200,
      modelId: manifest.id,
      requestBody: JSON.stringify(stone),
      responseBody: await answer.text(),
    });
    expect(entry.client).toMatch(/^[0-9a-f]{64}$/);
    expect(entry.latencyMs).toBeGreaterThanOrEqual(0);
  });

  it("tell clients apart by a hash that needs the key", async () => {
    const clientOf = async (address: string, secret: string) => {
      service.env = { ...service.env, SIGNING_SECRET: secret };
      await service.fetch("/v1/datasets", { headers: { "cf-connecting-ip": address } });
      await service.settle();
      return log.entries().at(-1)?.client;
    };
    const one = await clientOf("192.0.2.1", "k".repeat(32));
    expect(await clientOf("192.0.2.1", "k".repeat(32))).toBe(one);
    expect(await clientOf("192.0.2.2", "k".repeat(32))).not.toBe(one);
    expect(await clientOf("192.0.2.1", "l".repeat(32))).not.toBe(one);
  });

  it("are written for refusals, and not for probes", async () => {
    await service.fetch("/v1/nosuch");
    await service.fetch("/nothing/here");
    await service.fetch("/v1/diamonds/items");
    await service.fetch("/v1/datasets", { method: "DELETE" });
    await service.fetch("/v1/diamonds/predict", { method: "OPTIONS" });
    for (const probe of ["/healthz", "/readyz", "/metrics", "/openapi.json"]) await service.fetch(probe);
    await service.settle();
    expect(
      log
        .entries()
        .map(({ method, route, status }) => `${method} ${route} ${status}`)
        .sort(),
    ).toEqual([
      "DELETE (none) 405",
      "GET (none) 404",
      "GET /openapi.json 200",
      "GET /v1/{dataset} 404",
      "GET /v1/{dataset}/items 401",
      "OPTIONS (none) 204",
    ]);
  });

  it("hold no secret: not in headers, forms, JSON, queries or answers", async () => {
    await register(service, diamonds);
    const form = (secret: string) =>
      service.fetch("/v1/oauth/token", {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: `grant_type=client_credentials&client_id=admin&client_secret=${secret}`,
      });
    const { access_token: token } = await (await form(env.ADMIN_TOKEN)).json<{ access_token: string }>();
    await form("guessed-secret-1");
    await service.fetch("/v1/diamonds/items?access_token=query-secret-2", { token });
    await service.fetch("/v1/diamonds/predict", {
      json: { password: "body-secret-3", nested: { api_key: "body-secret-4" } },
    });
    await service.fetch("/v1/diamonds/predict", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"token": "broken-off-secret-5',
    });
    await service.settle();
    const everything = log.batches.flat().join("\n");
    for (const secret of [
      env.ADMIN_TOKEN,
      env.SIGNING_SECRET,
      token,
      "guessed-secret-1",
      "query-secret-2",
      "body-secret-3",
      "body-secret-4",
      "broken-off-secret-5",
    ]) {
      expect(everything.includes(secret)).toBe(false);
    }
    expect(everything).toContain("[redacted]");
  });

  it("are bounded, whatever the body holds", async () => {
    await register(service, diamonds);
    for (const filler of ["x", "\u0000", "é", "💎", '"', "\u2028"]) {
      await service.fetch("/v1/diamonds/predict", { json: { [filler.repeat(8000)]: filler.repeat(8000) } });
    }
    await service.settle();
    expect(log.entries().length).toBe(7);
    const bytesOf = (text: string) => new TextEncoder().encode(text).length;
    for (const entry of log.entries()) expect(bytesOf(JSON.stringify(entry))).toBeLessThan(64 * 1024);
    for (const message of log.batches.flat()) expect(bytesOf(message)).toBeLessThan(128_000);
    const cut = log.entries().filter(({ requestBody }) => /truncated/.test(requestBody ?? ""));
    // The zeros take six characters each in JSON, more than a row may have: that body is refused unread.
    expect(cut.length).toBe(4);
  });

  it("leave in few messages, each of a size that a queue takes", async () => {
    const asked = Array.from({ length: 250 }, () => service.fetch("/v1/diamonds"));
    await Promise.all(asked);
    await service.settle();
    expect(log.entries()).toHaveLength(250);
    const messages = log.batches.flat();
    expect(messages.length).toBeLessThanOrEqual(60);
    for (const message of messages)
      expect(new TextEncoder().encode(message).length).toBeLessThanOrEqual(128_000);
  });

  it("are counted as lost when the queue refuses them, and the answer is as good", async () => {
    service.env = { ...service.env, REQUEST_LOG: broken("no queue") };
    const answer = await service.fetch("/v1/datasets");
    expect(answer.status).toBe(200);
    await service.settle();
    const metrics = await (await service.fetch("/metrics")).text();
    expect(metrics).toContain("appraise_log_lost_total 1\n");
    expect(metrics).toContain("appraise_log_queued_total 0\n");
    expect(metrics).toContain('appraise_requests_total{method="GET",route="/v1/datasets",status="200"} 1\n');
  });
});

describe("the consumer", () => {
  it("writes an entry once, however often it comes", async () => {
    const bodies = [entryOf(), entryOf(), entryOf()].map((entry) => JSON.stringify(entry));
    for (const attempt of [1, 2]) {
      const batch = deliver([...bodies, bodies[0]], `d${attempt}-`, attempt);
      const context = createExecutionContext();
      await worker.queue(batch, env);
      const result = await getQueueResult(batch, context);
      expect(result.explicitAcks).toHaveLength(4);
      expect(result.retryMessages).toEqual([]);
    }
    expect(await countRows()).toBe(3);
  });

  it("writes all entries of a message that holds several, once", async () => {
    const entries = [entryOf(), entryOf({ path: "/a,b]" }), entryOf()];
    const bodies = [JSON.stringify(entries), JSON.stringify(entries[1]), JSON.stringify([entryOf()])];
    for (const attempt of [1, 2]) {
      const batch = deliver(bodies, `s${attempt}-`, attempt);
      await worker.queue(batch, env);
      const result = await getQueueResult(batch, createExecutionContext());
      expect(result.explicitAcks).toHaveLength(3);
    }
    expect(await countRows()).toBe(4);
  });

  it("has a batch delivered again when the database fails", async () => {
    const batch = deliver([JSON.stringify(entryOf())]);
    await worker.queue(batch, { ...env, DB: broken("no D1") });
    const result = await getQueueResult(batch, createExecutionContext());
    expect(result.explicitAcks).toEqual([]);
    expect(result.retryMessages).toEqual([{ msgId: "m0" }]);
    expect(await countRows()).toBe(0);
  });

  it("lets what is no entry go to the dead letters, alone", async () => {
    const batch = deliver([
      JSON.stringify(entryOf()),
      "{",
      7,
      "null",
      "[]",
      "[7]",
      `[${JSON.stringify(entryOf())},null]`,
    ]);
    await worker.queue(batch, env);
    const result = await getQueueResult(batch, createExecutionContext());
    expect(result.explicitAcks).toEqual(["m0"]);
    expect(result.retryMessages.map(({ msgId }) => msgId)).toEqual(["m1", "m2", "m3", "m4", "m5", "m6"]);
    expect(await countRows()).toBe(1);
  });

  it("writes a batch of the largest entries", async () => {
    const bodies = Array.from({ length: 100 }, () =>
      JSON.stringify(entryOf({ requestBody: "é".repeat(16_000), responseBody: "x".repeat(16_000) })),
    );
    await worker.queue(deliver(bodies), env);
    expect(await countRows()).toBe(100);
  });

  it("writes 1,000 rows for 1,000 requests through the real queue", async () => {
    const asked: Promise<Response>[] = [];
    for (let at = 0; at < 1000; at++) asked.push(deployed.fetch(`${origin}/v1/nosuch?n=${at}`));
    // Half of the answers are never read: their senders have hung up, and are logged all the same.
    for (const [at, answer] of (await Promise.all(asked)).entries()) {
      expect(answer.status).toBe(404);
      if (at % 2) await answer.text();
    }
    const until = Date.now() + 40_000;
    while ((await countRows()) !== 1000 && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await countRows()).toBe(1000);
    const paths = await env.DB.prepare("select count(distinct path) as n from requests").first<{
      n: number;
    }>();
    expect(paths?.n).toBe(1000);
  });
});

describe("reading the log", () => {
  const list = async (query = "") => {
    const answer = await service.fetch(`/v1/requests${query}`, { token: "admin" });
    expect(answer.status).toBe(200);
    return answer.json<{ items: Logged[]; next: string | null }>();
  };

  it.each([
    ["?status=503", "requests_of_status (status=? AND id<?)"],
    ["?status=503&dataset=diamonds", "requests_of_status (status=? AND id<?)"],
    ["?status=200", "sqlite_autoindex_requests_1 (id<?)"],
    ["?dataset=diamonds", "sqlite_autoindex_requests_1 (id<?)"],
  ])("finds %s by a search of %s, without sorting", async (query, index) => {
    const plans: Promise<D1Result<{ detail: string }>>[] = [];
    const watched = new Proxy(env.DB, {
      get(database, name) {
        if (name !== "prepare") return Reflect.get(database, name);
        return (text: string) => ({
          bind(...values: unknown[]) {
            if (text.includes(`from "requests"`))
              plans.push(
                env.DB.prepare(`explain query plan ${text}`)
                  .bind(...values)
                  .all(),
              );
            return env.DB.prepare(text).bind(...values);
          },
        });
      },
    });
    const to = "&to=2030-01-01T00:00:00Z";
    service.env = { ...service.env, DB: watched };
    await list(`${query}${to}`);
    expect(plans).toHaveLength(1);
    const details = (await plans[0]).results.map(({ detail }) => detail);
    expect(details[0]).toMatch(/^SEARCH requests USING (COVERING )?INDEX /);
    expect(details[0]).toContain(index);
    expect(details.join()).not.toContain("TEMP B-TREE");
  });

  it("pages newest first and filters by dataset, status and time", async () => {
    const base = Date.parse("2026-03-01T00:00:00Z");
    const entries = Array.from({ length: 9 }, (_, at) =>
      entryOf({
        id: newRequestId(base + at * 1000),
        time: base + at * 1000,
        status: at % 3 ? 200 : 422,
        dataset: at < 4 ? "boats" : "diamonds",
      }),
    );
    await worker.queue(deliver(entries.map((entry) => JSON.stringify(entry))), env);
    const newest = entries.map(({ id }) => id).reverse();
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const page: { items: Logged[]; next: string | null } = await list(
        `?limit=4${next ? `&cursor=${next}` : ""}`,
      );
      seen.push(...page.items.map(({ id }) => id));
      next = page.next;
    } while (next);
    expect(seen).toEqual(newest);
    expect((await list("?dataset=boats")).items).toHaveLength(4);
    expect((await list("?status=422")).items).toHaveLength(3);
    const range = await list("?from=2026-03-01T00:00:02Z&to=2026-03-01T00:00:05Z");
    expect(range.items.map(({ time }) => time.slice(17, 19))).toEqual(["04", "03", "02"]);
    const one = await service.fetch(`/v1/requests/${newest[0]}`, { token: "admin" });
    const { time, ...rest } = entries[8];
    expect(await one.json()).toEqual({ ...rest, time: new Date(time).toISOString(), outcome: null });
  });

  it("is for those who may", async () => {
    expect((await service.fetch("/v1/requests")).status).toBe(401);
    expect((await service.fetch("/v1/requests?from=yesterday", { token: "admin" })).status).toBe(400);
  });
});
