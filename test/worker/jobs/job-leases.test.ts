// Leases of jobs: one holder at a time, one end, under any order of calls.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { ClaimedJob } from "#core/api/jobs.ts";
import { boats, register } from "../models/bundles.ts";
import { env, resetStorage, Service } from "../service.ts";
import { expire, jobCalls, parseEvents } from "./job-calls.ts";

let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, boats);
});

const { post, ask, queue, read, claim, tell, follow } = jobCalls(() => service);

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
