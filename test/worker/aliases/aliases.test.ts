// Aliases: moved on condition, by one winner, with every move in the ledger.
import { beforeEach, describe, expect, it } from "vitest";
import { diamonds, makeBundle, point, publish, register, setUp, stone } from "../models/bundles.ts";
import { broken, env, resetStorage, Service } from "../service.ts";

const champion = "/v1/diamonds/aliases/champion";
let service: Service;
let ids: string[];

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, diamonds);
  ids = [];
  for (const slope of [1, 2, 3]) {
    const bundle = await makeBundle(diamonds, { slope });
    await publish(service, diamonds, bundle);
    ids.push(bundle.manifest.id);
  }
});

const move = (model: string, headers: Record<string, string>, extra: object = {}, by = service) =>
  by.fetch(champion, { method: "PUT", token: "admin", headers, json: { model, reason: "better", ...extra } });

interface Moves {
  readonly items: readonly {
    revision: number;
    model: string;
    previous: string | null;
    gate: unknown;
    reason: string;
  }[];
  readonly next: string | null;
}

const ledger = async (query = "") =>
  (await service.fetch(`${champion}/history${query}`, { token: "admin" })).json<Moves>();

describe("aliases", () => {
  it("are made, read and moved by ETag, and every move is on record", async () => {
    const made = await point(service, diamonds, ids[0]);
    expect(made.status).toBe(201);
    const read = await service.fetch(champion);
    expect(read.headers.get("etag")).toBe(made.headers.get("etag"));
    expect(await read.json()).toMatchObject({ alias: "champion", model: ids[0], revision: 1 });
    const moved = await move(
      ids[1],
      { "if-match": read.headers.get("etag") ?? "" },
      { gate: { mae: [1, 2] } },
    );
    expect(moved.status).toBe(200);
    expect(moved.headers.get("etag")).not.toBe(made.headers.get("etag"));
    const { items, next } = await ledger();
    expect(next).toBeNull();
    expect(items).toMatchObject([
      { revision: 2, model: ids[1], previous: ids[0], gate: { mae: [1, 2] }, reason: "better" },
      { revision: 1, model: ids[0], previous: null, gate: null, reason: "first" },
    ]);
    const page = await ledger("?limit=1");
    expect(page.items).toHaveLength(1);
    expect((await ledger(`?limit=1&cursor=${page.next}`)).items[0].revision).toBe(1);
  });

  it("ask for a condition, and keep it", async () => {
    expect((await move(ids[0], {})).status).toBe(428);
    expect((await move(ids[0], { "if-match": '"1"' })).status).toBe(412);
    expect((await move(ids[0], { "if-match": "*" })).status).toBe(412);
    await point(service, diamonds, ids[0]);
    expect((await point(service, diamonds, ids[1])).status).toBe(412);
    expect((await move(ids[1], { "if-match": '"7"' })).status).toBe(412);
    expect((await move(ids[1], { "if-match": 'W/"1"' })).status).toBe(412);
    expect((await move(ids[1], { "if-match": '"9", "1"' })).status).toBe(200);
    expect((await move(ids[2], { "if-match": "*" })).status).toBe(200);
    expect((await ledger()).items).toHaveLength(3);
  });

  it("point only to published models, for a reason, under a name", async () => {
    const bad = [
      { model: "linear-000000000000" },
      { model: "nosuch" },
      { reason: "" },
      { reason: undefined },
      { extra: 1 },
      { gate: "good" },
    ];
    for (const change of bad) {
      const answer = await move(ids[0], { "if-none-match": "*" }, change);
      expect(`${JSON.stringify(change)} ${answer.status}`).toBe(`${JSON.stringify(change)} 422`);
    }
    for (const name of ["Champion", "linear-0123456789ab", "a".repeat(70)]) {
      expect((await point(service, diamonds, ids[0], name)).status).toBe(422);
    }
    expect((await ledger()).items).toEqual([]);
  });

  it("are moved by exactly one of many at once", async () => {
    await point(service, diamonds, ids[0]);
    const movers = Array.from({ length: 8 }, (_, at) =>
      move(ids[1 + (at % 2)], { "if-match": '"1"' }, { reason: `mover ${at}` }, new Service()),
    );
    const statuses = (await Promise.all(movers)).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array(7).fill(412)]);
    const { items } = await ledger();
    expect(items.map(({ revision }) => revision)).toEqual([2, 1]);
    const now = await (await service.fetch(champion)).json<{ model: string }>();
    expect(now.model).toBe(items[0].model);
  });

  it("are made by exactly one of many at once", async () => {
    const makers = ids.map((id) => point(new Service(), diamonds, id));
    const statuses = (await Promise.all(makers)).map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 412, 412]);
    expect((await ledger()).items).toHaveLength(1);
  });

  it("move even when their copy in R2 fails, and the copy never goes backwards", async () => {
    await point(service, diamonds, ids[0]);
    const half = new Service();
    await half.fetch("/v1/diamonds/predict", { json: stone });
    half.env = { ...half.env, BUCKET: broken("no R2") };
    expect((await move(ids[1], { "if-match": '"1"' }, {}, half)).status).toBe(200);
    const key = "aliases/diamonds/champion.json";
    const copy = async () => (await env.BUCKET.get(key))?.json<{ revision: number; model: string }>();
    expect(await copy()).toMatchObject({ revision: 1, model: ids[0] });
    expect((await move(ids[2], { "if-match": '"2"' })).status).toBe(200);
    expect(await copy()).toMatchObject({ revision: 3, model: ids[2] });
  });
});

describe("the champion", () => {
  it("is what the dataset names, and what readyz waits for", async () => {
    expect((await service.fetch("/readyz")).status).toBe(503);
    const cold = new Service();
    await point(cold, diamonds, ids[1]);
    const ready = await cold.fetch("/readyz");
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ ready: true, datasets: [{ name: "diamonds", ready: true }] });
    const dataset = await cold.fetch("/v1/diamonds");
    expect(await dataset.json()).toMatchObject({
      champion: { id: ids[1], family: "linear" },
      rows: 0,
      public: true,
    });
  });

  it("is served from a set-up in one go", async () => {
    await resetStorage();
    const fresh = new Service();
    const { manifest } = await setUp(fresh, diamonds);
    const answer = await fresh.fetch("/v1/diamonds/predict", { json: stone });
    expect(answer.headers.get("x-model")).toBe(manifest.id);
  });
});
