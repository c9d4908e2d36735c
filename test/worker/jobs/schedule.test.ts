// What the clock does: a training when enough fresh items came in, never two at once; jobs that nobody moves are picked up.
import { beforeEach, describe, expect, it } from "vitest";
import type { ClaimedJob, Job } from "#core/api/jobs.ts";
import { canonicalSpec, checkSpec } from "#core/dataset/spec.ts";
import diamonds from "../../../data/diamonds/dataset.json";
import worker from "../../../worker/index.ts";
import { boats, importItems, register, setUp } from "../models/bundles.ts";
import { broken, env, resetStorage, Service } from "../service.ts";

const fresh = 5;
const watched = checkSpec({ ...JSON.parse(canonicalSpec(boats)), retrain: { freshItems: fresh } });
let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
});

const tick = (afterMs = 0, changes: object = {}) => {
  const controller = { scheduledTime: Date.now() + afterMs, cron: "7 * * * *", noRetry() {} };
  return worker.scheduled(controller as unknown as ScheduledController, { ...env, ...changes });
};
const load = (count: number, prefix = "b", price = 1000) =>
  importItems(
    service,
    watched,
    Array.from({ length: count }, (_, at) => ({ id: `${prefix}${at}`, length: 5, hull: "wood", price })),
  );
const post = async <T>(path: string, json: unknown) =>
  (await service.fetch(path, { json, token: "admin" })).json<T>();
const list = async () =>
  (await (await service.fetch("/v1/jobs", { token: "admin" })).json<{ items: Job[] }>()).items;
const claim = () => post<ClaimedJob>("/v1/jobs/claim", { worker: "w" });
const finish = async (what: "complete" | "fail", body: object) => {
  const { id, lease } = await claim();
  return post(`/v1/jobs/${id}/${what}`, { lease, ...body });
};
/** The clock of a test moves faster than a millisecond: times of items and trainings must differ. */
const age = (ms: number) => env.DB.prepare("update items set updated_at = updated_at - ?").bind(ms).run();

describe("retraining", () => {
  it("is queued when enough items are new, and not before", async () => {
    await register(service, watched);
    await load(fresh - 1);
    await tick();
    expect(await list()).toEqual([]);
    await load(fresh);
    await tick();
    expect(await list()).toMatchObject([
      {
        kind: "train",
        dataset: "boats",
        state: "queued",
        actor: "schedule",
        params: { source: "items", promote: "auto" },
      },
    ]);
  });

  it("is never queued twice at once: not beside one that waits, not beside one that runs, not by two clocks", async () => {
    await register(service, watched);
    await load(fresh);
    await Promise.all(Array.from({ length: 8 }, () => tick()));
    await tick();
    expect(await list()).toHaveLength(1);
    await claim();
    await tick();
    expect(await list()).toHaveLength(1);
  });

  it("counts from the last training on items: what was changed since, what is deleted not", async () => {
    await register(service, watched);
    await load(fresh);
    await tick();
    await age(60_000);
    await finish("complete", { result: {} });
    await tick();
    expect(await list()).toHaveLength(1);
    await load(fresh - 1, "b", 2000);
    await load(1);
    await tick();
    expect(await list()).toHaveLength(1);
    await load(fresh, "b", 3000);
    await env.DB.prepare("update items set deleted_at = 1 where id = 'b0'").run();
    await tick();
    expect(await list()).toHaveLength(1);
    await load(1, "c");
    await tick();
    expect(await list()).toHaveLength(2);
  });

  it("counts from the last published model before there was a training on items", async () => {
    await register(service, watched);
    await load(fresh);
    await age(60_000);
    await setUp(service, watched);
    await tick();
    expect(await list()).toEqual([]);
  });

  it("rests after one that failed", async () => {
    await register(service, watched);
    await load(fresh);
    await tick();
    await finish("fail", { error: "too few rows" });
    await tick(3_600_000);
    expect(await list()).toHaveLength(1);
    await tick(7 * 3_600_000);
    expect(await list()).toHaveLength(2);
  });

  it("is only for datasets whose spec says so", async () => {
    await register(service, boats);
    await load(100);
    await tick();
    expect(await list()).toEqual([]);
  });

  it("leaves a spec that says nothing as it was, and bounds what it says", () => {
    expect(canonicalSpec(checkSpec(diamonds))).not.toContain("retrain");
    for (const retrain of [
      { freshItems: 0 },
      { freshItems: 1.5 },
      { freshItems: "5" },
      {},
      { freshItems: 5, x: 1 },
      5,
    ])
      expect(() => checkSpec({ ...JSON.parse(canonicalSpec(boats)), retrain })).toThrow(/retrain/);
  });
});

describe("the clock", () => {
  it("ends trainings that nobody may claim again", async () => {
    await register(service, boats);
    await post("/v1/boats/train", {});
    await claim();
    await env.DB.prepare("update jobs set lease_expires_at = 1, attempt = 3").run();
    await tick();
    expect(await list()).toMatchObject([{ state: "failed" }]);
  });

  it("does the rest where one thing fails, and says that it did", async () => {
    await register(service, watched);
    await load(fresh);
    await env.DB.prepare(
      `insert into jobs (id, kind, dataset, params, state, attempt, slice, sent, actor, created_at, updated_at)
       values ('b', 'batch', 'boats', '{}', 'running', 1, 2, 2, 'x', 1, 1)`,
    ).run();
    await expect(tick(0, { BATCH_JOBS: broken("no queue") })).rejects.toThrow();
    expect((await list()).map(({ kind }) => kind).sort()).toEqual(["batch", "train"]);
  });
});
