// Jobs: asked for within bounds, listed, and cancelled.
import { beforeEach, describe, expect, it } from "vitest";
import type { Job } from "#core/api/jobs.ts";
import { issueToken } from "../../../worker/identity/access-tokens.ts";
import { boats, register } from "../models/bundles.ts";
import { broken, env, resetStorage, Service } from "../service.ts";
import { expire, jobCalls } from "./job-calls.ts";

let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, boats);
});

const { post, train, ask, queue, read, claim, tell } = jobCalls(() => service);

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
    const token = await issueToken(
      env,
      { subject: "apk_0123456789abcdef", scopes: ["jobs:write"] },
      Date.now(),
    );
    const body = { promote: "always", reason: "because" };
    expect((await post("/v1/boats/train", body, {}, token)).status).toBe(403);
    expect((await post("/v1/boats/train", {}, {}, token)).status).toBe(202);
    const both = await issueToken(
      env,
      { subject: "apk_0123456789abcdef", scopes: ["jobs:write", "models:promote"] },
      Date.now(),
    );
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
    const token = await issueToken(
      env,
      { subject: "apk_0123456789abcdef", scopes: ["jobs:work", "models:write"] },
      Date.now(),
    );
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
