// Large batches: a file in, slice by slice, a file out; the same bytes whatever is delivered twice, late, or after a death.
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import type { Job } from "#core/api/jobs.ts";
import type { SliceMessage } from "../../../worker/env.ts";
import { limits } from "../../../worker/http/limits.ts";
import { issueToken } from "../../../worker/identity/access-tokens.ts";
import worker from "../../../worker/index.ts";
import { boats, makeBundle, publish, setUp, type TestBundle } from "../models/bundles.ts";
import { broken, env, resetStorage, Service } from "../service.ts";
import { fileCalls } from "./file-calls.ts";

let service: Service;
let bundle: TestBundle;
/** Messages that were sent, in place of a queue: the test decides what is delivered, how often and when. */
let sent: SliceMessage[];

beforeEach(async () => {
  await resetStorage();
  sent = [];
  const queue = { send: async (message: SliceMessage) => void sent.push(message) };
  service = new Service({ BATCH_JOBS: queue as unknown as Queue<SliceMessage> });
  bundle = await setUp(service, boats);
});

const { put, get } = fileCalls(() => service);
const ask = (json: object, headers: Record<string, string> = {}) =>
  service.fetch("/v1/boats/predict/jobs", { method: "POST", json, headers, token: "admin" });
const start = async (json: object = { source: "in.ndjson", result: "out.ndjson" }) => {
  const answer = await ask(json);
  expect(answer.status).toBe(202);
  return answer.json<Job>();
};
const read = async (id: string) => (await service.fetch(`/v1/jobs/${id}`, { token: "admin" })).json<Job>();
const cancel = (id: string) => service.fetch(`/v1/jobs/${id}/cancel`, { method: "POST", token: "admin" });

const deliver = async (message: unknown, attempts = 1, changes: object = {}) => {
  const batch = createMessageBatch("appraise-batches", [
    { id: "m", timestamp: new Date(), attempts, body: message },
  ]);
  await worker.queue(batch, { ...service.env, ...changes });
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  return explicitAcks.length > 0 ? "ack" : retryMessages.length > 0 ? "retry" : "neither";
};
/** Delivers until nothing is left to deliver. */
const drain = async () => {
  for (let message = sent.shift(); message; message = sent.shift())
    expect(await deliver(message)).toBe("ack");
};

const hulls = ["wood", 'say "steel"', "GfK é"];
const boat = (at: number) => ({ length: 1 + (at % 90), hull: hulls[at % 3] });
/** Wide enough that some thousands make several slices. */
const wide = (at: number) => JSON.stringify({ ...boat(at), age: at % 7 }).replace("{", `{${" ".repeat(600)}`);
const lines = (count: number, line = wide) => Array.from({ length: count }, (_, at) => line(at)).join("\n");

interface Priced {
  readonly index: number;
  readonly prediction?: number;
  readonly errors?: readonly { pointer: string }[];
}
const rowsOf = async (name = "out.ndjson") =>
  (await (await get(name)).text())
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Priced);

describe("asking for a batch", () => {
  beforeEach(() => put("in.ndjson", lines(3)).then(() => undefined));

  it.each([
    ["/source", { source: "nosuch.ndjson", result: "out" }],
    ["/source", { source: "../in.ndjson", result: "out" }],
    ["/source", { source: "a/b", result: "out" }],
    ["/result", { source: "in.ndjson", result: "in.ndjson" }],
    ["/result", { source: "in.ndjson", result: "/etc/passwd" }],
    ["/result", { source: "in.ndjson" }],
    ["/format", { source: "in.ndjson", result: "out", format: "xml" }],
    ["/coverage", { source: "in.ndjson", result: "out", coverage: 1 }],
    ["", { source: "in.ndjson", result: "out", model: "champion", rows: 3 }],
  ])("refuses %s in %j", async (pointer, body) => {
    const answer = await ask(body);
    expect(answer.status).toBe(422);
    const { errors } = await answer.json<{ errors: { pointer: string }[] }>();
    expect(errors.map((error) => error.pointer)).toContain(pointer);
    expect(sent).toEqual([]);
  });

  it("refuses an unknown model or dataset, and a name that tells no format", async () => {
    expect((await ask({ source: "in.ndjson", result: "out", model: "nosuch" })).status).toBe(404);
    const other = await service.fetch("/v1/nosuch/predict/jobs", {
      method: "POST",
      json: {},
      token: "admin",
    });
    expect(other.status).toBe(404);
    await put("plain", "{}");
    expect((await ask({ source: "plain", result: "out" })).status).toBe(422);
    expect((await ask({ source: "plain", result: "out", format: "ndjson" })).status).toBe(202);
  });

  it("carries the id of a CSV with semicolons through every slice", async () => {
    const rows = Array.from({ length: 400 }, (_, at) => `b-${at};${1 + (at % 50)},5;wood`);
    await put("in.csv", `id;length;hull\n${rows.join("\n")}\n`);
    await start({ source: "in.csv", result: "out.csv" });
    await drain();
    const [head, ...lines] = (await (await get("out.csv")).text()).trimEnd().split("\r\n");
    expect(head).toBe("index,id,prediction,low,high,missing,warnings,errors");
    expect(lines).toHaveLength(400);
    for (const [at, line] of lines.entries()) expect(line).toMatch(new RegExp(`^${at},b-${at},\\d`));
  });

  it("makes one job for one key, though the champion has changed since", async () => {
    const body = { source: "in.ndjson", result: "out.ndjson" };
    const key = { "idempotency-key": "k" };
    const first = await (await ask(body, key)).json<Job>();
    const other = await makeBundle(boats, { slope: 5000 });
    await publish(service, boats, other);
    await service.fetch("/v1/boats/aliases/champion", {
      method: "PUT",
      token: "admin",
      headers: { "if-match": "*" },
      json: { model: other.manifest.id, reason: "better" },
    });
    expect(await (await ask(body, key)).json()).toMatchObject({ id: first.id });
    expect((await ask({ ...body, result: "other" }, key)).status).toBe(422);
    await drain();
    expect((await rowsOf())[1].prediction).toBe(2 * 4000);
  });

  it("is queued though no message could be sent, and moved on by the clock", async () => {
    service.env = { ...service.env, BATCH_JOBS: broken("no queue") };
    expect((await ask({ source: "in.ndjson", result: "out.ndjson" })).status).toBe(503);
    const { items } = await (await service.fetch("/v1/jobs", { token: "admin" })).json<{ items: Job[] }>();
    await env.DB.prepare("update jobs set updated_at = 1").run();
    const queue = { send: async (message: SliceMessage) => void sent.push(message) };
    const controller = { scheduledTime: Date.now(), cron: "", type: "scheduled", noRetry() {} } as const;
    await worker.scheduled(controller, { ...env, BATCH_JOBS: queue as unknown as Queue<SliceMessage> });
    expect(sent).toEqual([{ job: items[0].id, slice: 0 }]);
    service.env = { ...service.env, BATCH_JOBS: queue as unknown as Queue<SliceMessage> };
    await drain();
    expect((await read(items[0].id)).state).toBe("succeeded");
  });
});

describe("a batch", () => {
  it("prices 20,000 rows in several slices as predict/batch prices them", async () => {
    const rows = 20_000;
    await put("in.ndjson", lines(rows));
    const { id, params } = await start();
    expect(params).toMatchObject({ model: bundle.manifest.id, source: "in.ndjson" });
    let messages = 0;
    for (let message = sent.shift(); message; message = sent.shift()) {
      expect((await get("out.ndjson")).status).toBe(404);
      await deliver(message);
      messages++;
    }
    expect(messages).toBeGreaterThan(3);
    const job = await read(id);
    expect(job).toMatchObject({ state: "succeeded", result: { rows, failed: 0, file: "out.ndjson" } });
    expect(job.progress?.done).toBe(job.progress?.total);
    const priced = await rowsOf();
    expect(priced.map(({ index }) => index)).toEqual(Array.from({ length: rows }, (_, at) => at));
    expect(priced.every(({ prediction }, at) => prediction === boat(at).length * 4000)).toBe(true);
    const answer = await get("out.ndjson");
    expect(answer.headers.get("x-model")).toBe(bundle.manifest.id);
    expect(answer.headers.get("x-job")).toBe(id);
    const at = 12_345;
    const same = await service.fetch("/v1/boats/predict/batch", {
      headers: { "content-type": "application/x-ndjson" },
      body: wide(at),
      token: "admin",
    });
    expect({ ...JSON.parse(await same.text()), index: at }).toEqual(priced[at]);
    expect((await env.BUCKET.list({ prefix: "batches/" })).objects).toEqual([]);
  });

  it("gives the same bytes when every message is delivered three times, late ones among them", async () => {
    await put("in.ndjson", lines(16_000));
    await start();
    await drain();
    const once = await (await get("out.ndjson")).arrayBuffer();
    const { id } = await start({ source: "in.ndjson", result: "again.ndjson" });
    const old: SliceMessage[] = [];
    for (let message = sent.shift(); message; message = sent.shift()) {
      await Promise.all([deliver(message), deliver(message, 2)]);
      for (const late of old) expect(await deliver(late, 3)).toBe("ack");
      await deliver(message, 3);
      old.push(message);
    }
    expect(await read(id)).toMatchObject({ state: "succeeded", result: { rows: 16_000 } });
    expect(await (await get("again.ndjson")).arrayBuffer()).toEqual(once);
    const ends = await env.DB.prepare(
      "select count(*) as n from job_events where job = ? and data like '%succeeded%'",
    )
      .bind(id)
      .first<{ n: number }>();
    expect(ends?.n).toBe(1);
  });

  it("goes on after a death anywhere: in reading, in writing a part, before the note, before the next message", async () => {
    await put("in.ndjson", lines(16_000));
    await start();
    await drain();
    const whole = await (await get("out.ndjson")).arrayBuffer();
    const { id } = await start({ source: "in.ndjson", result: "again.ndjson" });
    let [calls, fatal, failures] = [0, 0, 0];
    /** The fatal one of a delivery's calls does its work, and then its answer is lost. */
    const losing = <T extends object>(binding: T): T =>
      new Proxy(binding, {
        get(target, name) {
          const value = Reflect.get(target, name);
          if (typeof value !== "function") return value;
          return (...given: unknown[]) => {
            const result: unknown = Reflect.apply(value, target, given);
            if (result !== null && typeof result === "object" && "uploadPart" in result)
              return losing(result);
            if (!(result instanceof Promise) || ++calls !== fatal) return result;
            failures++;
            return result.then(() => {
              throw new Error("lost");
            });
          };
        },
      });
    // Each slice dies in its first call, then in its second, until one delivery outlives them all.
    let dies = 1;
    for (let round = 0; round < 100 && !(await read(id)).finishedAt; round++) {
      [calls, fatal] = [0, dies];
      const message = sent.shift() ?? { job: id, slice: (await row(id)).slice };
      const outcome = await deliver(message, 1, { BUCKET: losing(service.env.BUCKET) });
      dies = outcome === "retry" ? dies + 1 : 1;
    }
    expect(failures).toBeGreaterThan(8);
    expect(await read(id)).toMatchObject({ state: "succeeded", result: { rows: 16_000 } });
    expect(await (await get("again.ndjson")).arrayBuffer()).toEqual(whole);
  });

  const row = async (id: string) =>
    (await env.DB.prepare("select slice, sent, lease from jobs where id = ?").bind(id).first<{
      slice: number;
      sent: number;
      lease: string | null;
    }>())!;

  it("sends for the next slice again where the one who did this one died before it", async () => {
    await put("in.ndjson", lines(9000));
    const { id } = await start();
    const first = sent.shift()!;
    expect(await deliver(first, 1, { BATCH_JOBS: broken("no queue") })).toBe("retry");
    expect(await row(id)).toMatchObject({ slice: 1, sent: 0, lease: null });
    expect(await deliver(first, 2)).toBe("ack");
    expect(sent).toEqual([{ job: id, slice: 1 }]);
    expect(await deliver(first, 3)).toBe("ack");
    expect(sent).toHaveLength(1);
    await drain();
    expect((await read(id)).state).toBe("succeeded");
  });

  it("has a slice delivered again while another holds it", async () => {
    await put("in.ndjson", lines(10));
    const { id } = await start();
    await env.DB.prepare("update jobs set state = 'running', lease = 'x', lease_expires_at = ? where id = ?")
      .bind(Date.now() + 60_000, id)
      .run();
    expect(await deliver(sent[0])).toBe("retry");
    expect((await get("out.ndjson")).status).toBe(404);
    await env.DB.prepare("update jobs set lease_expires_at = 1 where id = ?").bind(id).run();
    await drain();
    expect((await read(id)).state).toBe("succeeded");
  });

  it("prices CSV, with cells and characters that slices cut in two, and bad rows alone", async () => {
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const filler = `"${"\n".repeat(300)}"`;
    const count = 12_000;
    const record = (at: number) =>
      at % 1000 === 7
        ? `not a number,${cell(hulls[at % 3])},`
        : at % 1000 === 8
          ? `3,wood`
          : `${boat(at).length},${cell(boat(at).hull)},${at % 2 ? filler : " ".repeat(400)}`;
    const text = `\uFEFFlength,hull,age\r\n${Array.from({ length: count }, (_, at) => record(at)).join("\r\n")}`;
    expect(new TextEncoder().encode(text).length).toBeGreaterThan(limits.sliceBytes);
    await put("in.csv", text);
    const { id } = await start({ source: "in.csv", result: "out.csv", coverage: 0.5 });
    await drain();
    const direct = await service.fetch("/v1/boats/predict/batch?coverage=0.5", {
      headers: { "content-type": "text/csv" },
      body: text,
      token: "admin",
    });
    const expected = await direct.text();
    expect(await (await get("out.csv")).text()).toBe(expected);
    const failed = expected.split("\r\n").filter((line) => /^\d+,,,/.test(line)).length;
    expect(failed).toBeGreaterThan(20);
    expect((await read(id)).result).toMatchObject({ rows: count, failed });
  });

  it.each([
    ["a line without end", `{"length": 1, "hull": "${"x".repeat(limits.sliceBytes)}"}`, "longer"],
    ["bytes that are no text", new Blob([new Uint8Array([0x7b, 0xff, 0x0a])]), "UTF-8"],
  ])("fails as a whole for %s, and leaves nothing", async (_, body, reason) => {
    await put("in.ndjson", body);
    const { id } = await start();
    await drain();
    const job = await read(id);
    expect(job.state).toBe("failed");
    expect(job.error).toContain(reason);
    expect((await get("out.ndjson")).status).toBe(404);
    expect((await env.BUCKET.list({ prefix: "batches/" })).objects).toEqual([]);
  });

  it.each([
    ["an unknown column", "length,hull,colour\n1,wood,red\n", "colour"],
    ["no required column", "length\n1\n", "hull"],
    ["a quote that is never closed", `length,hull\n1,"wood${"x".repeat(200_000)}\n`, "never closed"],
  ])("fails for a CSV with %s", async (_, body, reason) => {
    await put("in.csv", body);
    const { id } = await start({ source: "in.csv", result: "out.csv" });
    await drain();
    expect((await read(id)).error).toContain(reason);
  });

  it("fails where the source is replaced or gone in the middle", async () => {
    await put("in.ndjson", lines(9000));
    const { id } = await start();
    await deliver(sent.shift());
    await put("in.ndjson", lines(9001));
    await drain();
    expect((await read(id)).error).toContain("replaced");
    expect((await get("out.ndjson")).status).toBe(404);
  });

  it("keeps what stood under the result's name until the new one is whole", async () => {
    await put("in.ndjson", lines(9000));
    await put("out.ndjson", "before");
    await start();
    await deliver(sent.shift());
    expect(await (await get("out.ndjson")).text()).toBe("before");
    await drain();
    expect(await rowsOf()).toHaveLength(9000);
  });

  it("of blank lines has an empty result", async () => {
    await put("in.ndjson", "\n \n\n");
    const { id } = await start();
    await drain();
    expect((await read(id)).result).toMatchObject({ rows: 0, failed: 0 });
    expect(await (await get("out.ndjson")).text()).toBe("");
  });

  it("stops where it is cancelled, before it began and in the middle", async () => {
    await put("in.ndjson", lines(16_000));
    const early = await start();
    expect(await (await cancel(early.id)).json()).toMatchObject({ state: "cancelled" });
    await drain();
    const { id } = await start();
    await deliver(sent.shift());
    expect(await (await cancel(id)).json()).toMatchObject({ state: "running", cancelRequested: true });
    await drain();
    expect(await read(id)).toMatchObject({ state: "cancelled", result: null });
    expect((await get("out.ndjson")).status).toBe(404);
    expect((await env.BUCKET.list({ prefix: "batches/" })).objects).toEqual([]);
  });

  it("is given up after so many failures in a row, with a reason", async () => {
    await put("in.ndjson", lines(3));
    const { id } = await start();
    const [message] = sent;
    // An isolate that has not loaded the model yet cannot without R2.
    for (let attempt = 1; attempt < limits.sliceAttempts; attempt++)
      expect(await deliver(message, attempt, { BUCKET: broken("no R2") })).toBe("retry");
    expect((await read(id)).state).toBe("running");
    expect(await deliver(message, limits.sliceAttempts, { BUCKET: broken("no R2") })).toBe("ack");
    expect(await read(id)).toMatchObject({ state: "failed", error: "the storage failed again and again" });
  });

  it("is nobody else's to read", async () => {
    await put("in.ndjson", lines(3));
    await start();
    await drain();
    const keys = (await env.BUCKET.list({ prefix: "files/" })).objects.map(({ key }) => key);
    expect(keys).toEqual(["files/admin/in.ndjson", "files/admin/out.ndjson"]);
    const token = await issueToken(
      env,
      { subject: "apk_0123456789abcdef", scopes: ["predict", "items:read"] },
      Date.now(),
    );
    expect((await get("out.ndjson", {}, token)).status).toBe(403);
  });

  it.each([null, 7, "x", {}, { job: 1, slice: 0 }, { job: "nosuch", slice: 0 }, { job: "x", slice: -1 }])(
    "takes %j for no message and goes on",
    async (message) => {
      expect(await deliver(message)).toBe("ack");
    },
  );
});
