// Jobs: asked for within bounds, claimed once, held by a lease, cancelled, and followed event by event.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { ClaimedJob, Job } from "#core/api/jobs.ts";
import { issueToken } from "../../worker/tokens.ts";
import { boats, register } from "./bundles.ts";
import { broken, env, resetStorage, Service } from "./service.ts";

let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, boats);
});

const post = (path: string, json: unknown, headers: Record<string, string> = {}, token = "admin") =>
  service.fetch(path, { method: "POST", json, headers, token });
const train = (json: unknown = {}, headers: Record<string, string> = {}) =>
  post("/v1/boats/train", json, headers);
const queue = async (json: unknown = {}) => (await train(json)).json<Job>();
const read = async (id: string) => (await service.fetch(`/v1/jobs/${id}`, { token: "admin" })).json<Job>();
const ask = (worker = "a", leaseSeconds = 60) => post("/v1/jobs/claim", { worker, leaseSeconds });
const claim = async (worker?: string, leaseSeconds?: number) =>
  (await ask(worker, leaseSeconds)).json<ClaimedJob>();
const tell = (job: ClaimedJob, what: string, body: object = {}) =>
  post(`/v1/jobs/${job.id}/${what}`, { lease: job.lease, ...body });
/** As if the job's lease had run out: nobody has to wait for it. */
const expire = (id: string) =>
  env.DB.prepare("update jobs set lease_expires_at = 1 where id = ?").bind(id).run();

interface Told {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

const follow = async (id: string, after?: string) => {
  const headers: Record<string, string> = after === undefined ? {} : { "last-event-id": after };
  return service.fetch(`/v1/jobs/${id}/events`, { token: "admin", headers });
};
const parseEvents = (text: string): Told[] =>
  text
    .split("\n\n")
    .map((block) => Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2))))
    .filter(({ event }) => event)
    .map(({ id, event, data }) => ({ id, event, data: JSON.parse(data) }));

describe("asking for a training", () => {
  it("answers 202 with where the job is, and its defaults filled in", async () => {
    const answer = await train();
    expect(answer.status).toBe(202);
    const job = await answer.json<Job>();
    expect(answer.headers.get("location")).toBe(`/v1/jobs/${job.id}`);
    expect(job).toMatchObject({
      kind: "train",
      dataset: "boats",
      state: "queued",
      attempt: 0,
      actor: "admin",
    });
    expect(job.params).toEqual({ source: "items", promote: "auto" });
    expect(await read(job.id)).toEqual(job);
  });

  it.each([
    ["/families/0", { families: ["nosuch"] }],
    ["/families", { families: [] }],
    ["/families", { families: ["linear", "linear"] }],
    ["/params", { params: { a: 1 } }],
    ["/params", { families: ["linear", "mean"], params: { a: 1 } }],
    ["/params/a", { families: ["linear"], params: { a: [1] } }],
    ["/params/..~1x", { families: ["linear"], params: { "../x": 1 } }],
    ["/preset", { preset: "best" }],
    ["/preset", { families: ["boosting"], preset: "--publish" }],
    ["/trials", { trials: 0 }],
    ["/trials", { trials: 10_001 }],
    ["/trials", { trials: "5" }],
    ["/timeout", { timeout: 0 }],
    ["/timeout", { timeout: 86_401 }],
    ["/models", { models: 1001 }],
    ["/seed", { seed: 2 ** 32 }],
    ["/source", { source: "/etc/passwd" }],
    ["/promote", { promote: "maybe" }],
    ["/reason", { promote: "always" }],
    ["/reason", { promote: "always", reason: "  " }],
    ["", { id: "mine", state: "succeeded" }],
    ["", []],
    ["", null],
  ])("refuses %s in %j by name, and queues nothing", async (pointer, body) => {
    const answer = await train(body);
    expect(answer.status).toBe(422);
    const { errors } = await answer.json<{ errors: { pointer: string; detail: string }[] }>();
    expect(errors.map((error) => error.pointer)).toContain(pointer);
    expect(await (await service.fetch("/v1/jobs", { token: "admin" })).json()).toEqual({
      items: [],
      next: null,
    });
  });

  it("refuses an unknown dataset, another type, and a body too large", async () => {
    expect((await post("/v1/nosuch/train", {})).status).toBe(404);
    expect((await train({}, { "content-type": "text/plain" })).status).toBe(415);
    expect((await train({ reason: "x".repeat(70_000) })).status).toBe(413);
  });

  it("lets promote always to those who may promote only", async () => {
    const token = await issueToken(env, ["jobs:write"], Date.now());
    const body = { promote: "always", reason: "because" };
    expect((await post("/v1/boats/train", body, {}, token)).status).toBe(403);
    expect((await post("/v1/boats/train", {}, {}, token)).status).toBe(202);
    const both = await issueToken(env, ["jobs:write", "models:promote"], Date.now());
    expect((await post("/v1/boats/train", body, {}, both)).status).toBe(202);
  });

  it("makes one job for one idempotency key, and refuses the key for another request", async () => {
    const key = { "idempotency-key": "k1" };
    const answers = await Promise.all(Array.from({ length: 10 }, () => train({ seed: 1 }, key)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
    expect(new Set(await Promise.all(answers.map(async (one) => (await one.json<Job>()).id))).size).toBe(1);
    expect((await train({ seed: 2 }, key)).status).toBe(422);
    expect((await train({}, { "idempotency-key": "x".repeat(201) })).status).toBe(422);
  });

  it("queues a bounded number of jobs", async () => {
    await env.DB.prepare(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 200)
       insert into jobs (id, kind, dataset, params, state, attempt, actor, created_at, updated_at)
       select 'n' || i, 'train', 'boats', '{}', 'queued', 0, 'x', 1, 1 from n`,
    ).run();
    expect((await train()).status).toBe(409);
  });

  it("answers 503 without the database, and 401 or 403 without the right", async () => {
    const token = await issueToken(env, ["jobs:work", "models:write"], Date.now());
    expect((await post("/v1/boats/train", {}, {}, token)).status).toBe(403);
    expect((await service.fetch("/v1/boats/train", { json: {} })).status).toBe(401);
    await service.fetch("/v1/boats", { token: "admin" });
    service.env = { ...service.env, DB: broken("no D1") };
    expect((await train()).status).toBe(503);
  });
});

describe("listing", () => {
  it("pages from the newest, and filters", async () => {
    const ids: string[] = [];
    for (let at = 0; at < 5; at++) ids.unshift((await queue({ seed: at })).id);
    await claim();
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const query: string = `limit=2${next ? `&cursor=${next}` : ""}`;
      const page: { items: Job[]; next: string | null } = await (
        await service.fetch(`/v1/jobs?${query}`, { token: "admin" })
      ).json();
      seen.push(...page.items.map(({ id }) => id));
      next = page.next;
    } while (next);
    expect([...seen].sort()).toEqual([...ids].sort());
    expect(seen).toEqual([...seen].sort().reverse());
    const count = async (query: string) =>
      (await (await service.fetch(`/v1/jobs?${query}`, { token: "admin" })).json<{ items: Job[] }>()).items
        .length;
    expect(await count("state=running")).toBe(1);
    expect(await count("state=queued&dataset=boats&kind=train")).toBe(4);
    expect(await count("kind=batch")).toBe(0);
    for (const query of ["state=x", "kind=x", "limit=0", "cursor=x", "nosuch=1"])
      expect((await service.fetch(`/v1/jobs?${query}`, { token: "admin" })).status).toBe(400);
  });
});

describe("claiming", () => {
  it("gives one job to exactly one of fifty", async () => {
    await queue();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => ask(`w${at}`)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array(49).fill(204)]);
  });

  it("gives each job to one, the oldest first", async () => {
    const ids = [];
    for (let at = 0; at < 4; at++) ids.push((await queue({ seed: at })).id);
    const first = await claim();
    expect(first).toMatchObject({ id: [...ids].sort()[0], state: "running", attempt: 1, worker: "a" });
    const others = await Promise.all(Array.from({ length: 10 }, () => ask()));
    expect(others.filter(({ status }) => status === 200)).toHaveLength(3);
  });

  it("never shows a lease to those who read jobs", async () => {
    await queue();
    const { id, lease } = await claim();
    const shown = await (await service.fetch(`/v1/jobs/${id}`, { token: "admin" })).text();
    expect(shown).not.toContain(lease);
    expect(await (await service.fetch("/v1/jobs", { token: "admin" })).text()).not.toContain(lease);
  });

  it.each([
    [{}],
    [{ worker: "" }],
    [{ worker: "a b" }],
    [{ worker: "x".repeat(101) }],
    [{ worker: "a", kinds: ["batch"] }],
    [{ worker: "a", kinds: [] }],
    [{ worker: "a", leaseSeconds: 0 }],
    [{ worker: "a", leaseSeconds: 1e9 }],
    [{ worker: "a", extra: 1 }],
  ])("refuses %j", async (body) => {
    await queue();
    expect((await post("/v1/jobs/claim", body)).status).toBe(422);
  });
});

describe("a lease", () => {
  it("is kept by heartbeats and tells of a wish to cancel", async () => {
    const { id } = await queue();
    const job = await claim("a", 100);
    const beat = async () =>
      (await tell(job, "heartbeat")).json<{ cancelRequested: boolean; leaseExpiresAt: string }>();
    await env.DB.prepare("update jobs set lease_expires_at = ? where id = ?")
      .bind(Date.now() + 500, id)
      .run();
    const { cancelRequested, leaseExpiresAt } = await beat();
    expect(cancelRequested).toBe(false);
    expect(Date.parse(leaseExpiresAt) - Date.now()).toBeGreaterThan(90_000);
    const asked = await post(`/v1/jobs/${id}/cancel`, {});
    expect(await asked.json()).toMatchObject({ state: "running", cancelRequested: true });
    expect((await beat()).cancelRequested).toBe(true);
    expect((await tell(job, "fail", { error: "stopped" })).status).toBe(200);
    expect(await read(id)).toMatchObject({ state: "cancelled", error: "stopped" });
  });

  const reports: [string, object][] = [
    ["heartbeat", {}],
    ["events", { lines: ["x"] }],
    ["release", {}],
    ["complete", { result: {} }],
    ["fail", { error: "x" }],
  ];

  it.each(reports)("that ran out is refused %s, and changes nothing", async (what, body) => {
    const { id } = await queue();
    const job = await claim();
    await expire(id);
    const before = await read(id);
    expect((await tell(job, what, body)).status).toBe(409);
    expect(await read(id)).toEqual(before);
  });

  it.each(reports)("that was taken over is refused %s", async (what, body) => {
    const { id } = await queue();
    const lost = await claim("dead");
    await expire(id);
    const taken = await claim("alive");
    expect(taken).toMatchObject({ id, attempt: 2, worker: "alive" });
    expect((await tell(lost, what, body)).status).toBe(409);
    expect(await read(id)).toMatchObject({ state: "running", worker: "alive" });
    expect((await tell(taken, "complete", { result: { by: "alive" } })).status).toBe(200);
  });

  it.each(reports)("is needed for %s, well-formed and of this job", async (what, body) => {
    await queue();
    const job = await claim();
    const send = (id: string, lease: unknown) => post(`/v1/jobs/${id}/${what}`, { ...body, lease });
    expect((await send(job.id, "f".repeat(64))).status).toBe(409);
    expect((await send("nosuch", job.lease)).status).toBe(404);
    for (const lease of [undefined, null, "", "' or 1=1 --", 7])
      expect((await send(job.id, lease)).status).toBe(422);
    expect(await read(job.id)).toMatchObject({ state: "running" });
  });

  it("ends the job once; telling it again is harmless, telling otherwise is refused", async () => {
    const { id } = await queue();
    const job = await claim();
    const result = { best: "linear-1", list: [1, { a: null }] };
    for (let at = 0; at < 3; at++) {
      const answer = await tell(job, "complete", { result });
      expect(await answer.json()).toMatchObject({ state: "succeeded", result });
    }
    expect((await tell(job, "fail", { error: "x" })).status).toBe(409);
    expect((await ask()).status).toBe(204);
    const told = parseEvents(await (await follow(id)).text());
    expect(told.filter(({ data }) => data.state === "succeeded")).toHaveLength(1);
  });

  it("may be claimed a bounded number of times before the job counts as failed", async () => {
    const { id } = await queue();
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect(await claim(`w${attempt}`)).toMatchObject({ id, attempt });
      await expire(id);
    }
    expect((await ask()).status).toBe(204);
    const job = await read(id);
    expect(job).toMatchObject({ state: "failed", attempt: 3 });
    expect(job.error).toContain("w3");
    expect(job.finishedAt).not.toBeNull();
  });

  it("is given back without counting, and failures are tried again only where that may help", async () => {
    const { id } = await queue();
    for (let at = 0; at < 5; at++) {
      const job = await claim();
      expect(job.attempt).toBe(1);
      expect((await tell(job, "release")).status).toBe(200);
    }
    for (let attempt = 1; attempt <= 3; attempt++)
      await tell(await claim(), "fail", { error: "the server was away", retry: true });
    expect(await read(id)).toMatchObject({ state: "failed", attempt: 3, error: "the server was away" });
    const second = await queue();
    await tell(await claim(), "fail", { error: "too few rows" });
    expect(await read(second.id)).toMatchObject({ state: "failed", attempt: 1 });
  });

  it("is one state machine under any order of calls: one holder, one end", async () => {
    const step = fc.constantFrom("claim", "complete", "fail", "retry", "release", "expire", "cancel", "beat");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        await env.DB.batch(["delete from jobs", "delete from job_events"].map((sql) => env.DB.prepare(sql)));
        const { id } = await queue();
        const claims: ClaimedJob[] = [];
        let ends = 0;
        for (const what of steps) {
          const last = claims.at(-1);
          const older = claims.at(-2);
          if (what === "claim") {
            const answer = await ask();
            if (answer.status === 200) claims.push(await answer.json());
          } else if (what === "expire") await expire(id);
          else if (what === "cancel") await post(`/v1/jobs/${id}/cancel`, {});
          else if (last) {
            const name = { beat: "heartbeat", retry: "fail" }[what as "beat"] ?? what;
            const body = {
              complete: { result: {} },
              fail: { error: "x" },
              retry: { error: "x", retry: true },
            };
            if (older) expect((await tell(older, name, body[what as "fail"])).status).not.toBe(500);
            const before = await read(id);
            const answer = await tell(last, name, body[what as "fail"]);
            const after = await read(id);
            expect([200, 409]).toContain(answer.status);
            if (before.finishedAt) expect(after).toEqual(before);
            else if (after.finishedAt) ends++;
          }
        }
        expect(ends).toBeLessThanOrEqual(1);
        const { results } = await env.DB.prepare(
          "select sequence, data from job_events order by sequence",
        ).all<{
          sequence: number;
          data: string;
        }>();
        expect(results.map(({ sequence }) => sequence)).toEqual(results.map((_, at) => at + 1));
        const final = results.filter(({ data }) => /"(succeeded|failed|cancelled)"/.test(data));
        expect(final).toHaveLength((await read(id)).finishedAt ? 1 : 0);
      }),
      { numRuns: 25 },
    );
  });
});

describe("cancelling", () => {
  it("ends at once what waits or was left behind, once and for all", async () => {
    const waiting = await queue();
    const cancel = (id: string) => post(`/v1/jobs/${id}/cancel`, {});
    for (let at = 0; at < 2; at++)
      expect(await (await cancel(waiting.id)).json()).toMatchObject({ state: "cancelled" });
    expect((await ask()).status).toBe(204);
    const left = await queue();
    await claim();
    await expire(left.id);
    expect(await (await cancel(left.id)).json()).toMatchObject({ state: "cancelled" });
    const done = await queue();
    await tell(await claim(), "complete", { result: {} });
    expect((await cancel(done.id)).status).toBe(409);
    expect((await cancel("nosuch")).status).toBe(404);
  });

  it("takes effect when a trainer that was asked to stop falls silent", async () => {
    const { id } = await queue();
    await claim();
    await post(`/v1/jobs/${id}/cancel`, {});
    await expire(id);
    expect((await ask()).status).toBe(204);
    expect(await read(id)).toMatchObject({ state: "cancelled" });
  });
});

describe("events", () => {
  it("tell all of a job in order, and go on after the last one that was heard", async () => {
    const { id } = await queue();
    const job = await claim();
    await tell(job, "events", { lines: ["one", "two\nlines"] });
    const progress = { label: "fitting", done: 3, total: 10, note: "best MAE 7" };
    await tell(job, "events", { progress });
    expect((await read(id)).progress).toEqual(progress);
    await tell(job, "complete", { result: {} });
    const answer = await follow(id);
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    expect(answer.headers.get("cache-control")).toContain("no-cache");
    const told = parseEvents(await answer.text());
    expect(told.map((one) => [one.id, one.event])).toEqual([
      ["1", "state"],
      ["2", "state"],
      ["3", "log"],
      ["4", "log"],
      ["5", "progress"],
      ["6", "state"],
    ]);
    expect(told[3].data).toMatchObject({ line: "two\nlines" });
    expect(told[4].data).toMatchObject(progress);
    const rest = parseEvents(await (await follow(id, "4")).text());
    expect(rest).toEqual(told.slice(4));
    expect((await follow(id, "6")).status).toBe(204);
    for (const bad of ["-1", "x", "1.5", "9".repeat(20)]) expect((await follow(id, bad)).status).toBe(400);
    expect((await follow("nosuch")).status).toBe(404);
  });

  it("arrive while the job goes on", async () => {
    const { id } = await queue();
    const reader = (await follow(id)).body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const until = async (word: string) => {
      while (!text.includes(word)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`no ${word} in ${text}`);
        text += value;
      }
    };
    await until("queued");
    const job = await claim();
    await until("running");
    await tell(job, "events", { lines: ["hello"] });
    await until("hello");
    await tell(job, "complete", { result: {} });
    await until("succeeded");
    expect((await reader.read()).done).toBe(true);
  });

  it("are bounded in number, the end of the job excepted", async () => {
    const { id } = await queue();
    const job = await claim();
    const lines = Array.from({ length: 100 }, (_, at) => `line ${at}`);
    await env.DB.prepare(
      "insert into job_events (job, sequence, time, type, data) values (?, 4990, 1, 'log', '{}')",
    )
      .bind(id)
      .run();
    for (let at = 0; at < 3; at++) expect((await tell(job, "events", { lines })).status).toBe(200);
    await tell(job, "complete", { result: {} });
    const row = await env.DB.prepare("select count(*) as n, max(sequence) as last from job_events").first<{
      n: number;
      last: number;
    }>();
    expect(row?.last).toBe(5091);
    expect(row?.n).toBe(2 + 1 + 100 + 1);
  });

  it.each([
    [{ lines: Array(101).fill("x") }],
    [{ lines: ["x".repeat(2001)] }],
    [{ lines: [7] }],
    [{ progress: { label: "x", done: -1, total: 1 } }],
    [{ progress: { label: "x", done: 1 } }],
    [{ state: "succeeded" }],
  ])("refuse %j", async (body) => {
    await queue();
    expect((await tell(await claim(), "events", body)).status).toBe(422);
  });
});
