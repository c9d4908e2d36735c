// The ledger: who moved what when, back again, away, and what was live at any moment of the past.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { diamonds, makeBundle, point, publish, register, stone } from "../models/bundles.ts";
import { resetStorage, Service } from "../service.ts";

const champion = "/v1/diamonds/aliases/champion";
const start = Date.parse("2026-11-01T10:00:00.000Z");
let service: Service;
let ids: string[];

beforeEach(async () => {
  await resetStorage();
  vi.useFakeTimers({ now: start, toFake: ["Date"] });
  service = new Service();
  await register(service, diamonds);
  ids = [];
  for (const slope of [1, 2, 3, 4]) {
    const bundle = await makeBundle(diamonds, { slope });
    expect((await publish(service, diamonds, bundle)).status).toBe(201);
    ids.push(bundle.manifest.id);
  }
});

afterEach(() => vi.useRealTimers());

interface Move {
  readonly revision: number;
  readonly kind: string;
  readonly model: string | null;
  readonly previous: string | null;
  readonly restores: number | null;
  readonly reason: string;
  readonly actor: string;
  readonly request: string;
  readonly time: string;
}

const ledger = async (alias = "champion") =>
  (
    await (
      await service.fetch(`/v1/diamonds/aliases/${alias}/history?limit=200`, { token: "admin" })
    ).json<{ items: Move[] }>()
  ).items;

const move = (model: string, alias = "champion", by = service, match = "*") =>
  by.fetch(`/v1/diamonds/aliases/${alias}`, {
    method: "PUT",
    token: "admin",
    headers: { "if-match": match },
    json: { model, reason: "better" },
  });

const rollBack = (json: object = {}, headers: Record<string, string> = {}, by = service) =>
  by.fetch(`${champion}/rollback`, { json: { reason: "it was wrong", ...json }, headers, token: "admin" });

const remove = (
  alias: string,
  query = "?reason=done",
  headers: Record<string, string> = { "if-match": "*" },
) => service.fetch(`/v1/diamonds/aliases/${alias}${query}`, { method: "DELETE", token: "admin", headers });

const modelOf = async (answer: Response) => (await answer.json<{ model: string }>()).model;
const tick = (ms = 1000) => vi.setSystemTime(Date.now() + ms);

describe("a rollback", () => {
  it("brings back what was live before, and is itself in the ledger", async () => {
    await point(service, diamonds, ids[0]);
    await move(ids[1]);
    const answer = await rollBack();
    expect(answer.status).toBe(200);
    expect(answer.headers.get("etag")).toBe('"3"');
    expect(await modelOf(answer)).toBe(ids[0]);
    const [last, second, first] = await ledger();
    expect(last).toMatchObject({
      ...{ revision: 3, kind: "rollback", model: ids[0], previous: ids[1], restores: 1 },
      ...{ reason: "it was wrong", actor: "admin" },
    });
    expect(second).toMatchObject({ revision: 2, kind: "move", model: ids[1], restores: null });
    expect(first).toMatchObject({ revision: 1, kind: "move", model: ids[0], previous: null });
    const price = await service.fetch("/v1/diamonds/predict", { json: stone });
    expect(price.headers.get("x-model")).toBe(ids[0]);
  });

  it("goes a step further back each time, and forward moves begin anew", async () => {
    await point(service, diamonds, ids[0]);
    for (const id of [ids[1], ids[1], ids[2]]) await move(id);
    expect(await modelOf(await rollBack())).toBe(ids[1]);
    expect(await modelOf(await rollBack())).toBe(ids[0]);
    expect((await rollBack()).status).toBe(409);
    await move(ids[3]);
    expect(await modelOf(await rollBack())).toBe(ids[0]);
    expect((await rollBack()).status).toBe(409);
    const kinds = (await ledger()).map(({ revision, restores }) => [revision, restores]);
    expect(kinds).toEqual([
      [8, 1],
      [7, null],
      [6, 1],
      [5, 3],
      ...[4, 3, 2, 1].map((revision) => [revision, null]),
    ]);
  });

  it("goes to a revision that is named, or says which there are", async () => {
    await point(service, diamonds, ids[0]);
    for (const id of [ids[1], ids[2]]) await move(id);
    expect(await modelOf(await rollBack({ to: 1 }))).toBe(ids[0]);
    expect((await rollBack({ to: 1 })).status).toBe(409);
    for (const to of [0, 9, 1.5, "1"]) expect((await rollBack({ to })).status).toBe(422);
    for (const change of [{ reason: "" }, { reason: undefined }, { extra: 1 }])
      expect((await rollBack(change)).status).toBe(422);
    expect(await ledger()).toHaveLength(4);
  });

  it("keeps its condition, and needs an alias", async () => {
    expect((await rollBack()).status).toBe(404);
    await point(service, diamonds, ids[0]);
    await move(ids[1]);
    expect((await rollBack({}, { "if-match": '"1"' })).status).toBe(412);
    const twice = [rollBack({}, { "if-match": '"2"' }), rollBack({}, { "if-match": '"2"' }, new Service())];
    expect((await Promise.all(twice)).map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(await ledger()).toHaveLength(3);
  });
});

describe("a removal", () => {
  it("leaves the ledger, and a new alias of the name goes on from it", async () => {
    await point(service, diamonds, ids[0], "trial");
    expect((await remove("trial", "?reason=done", {})).status).toBe(428);
    expect((await remove("trial", "?reason=done", { "if-match": '"2"' })).status).toBe(412);
    expect((await remove("trial", "")).status).toBe(400);
    expect((await remove("trial")).status).toBe(204);
    expect((await remove("trial")).status).toBe(404);
    expect((await service.fetch("/v1/diamonds/aliases/trial")).status).toBe(404);
    expect((await point(service, diamonds, ids[1], "trial")).headers.get("etag")).toBe('"3"');
    const moves = await ledger("trial");
    expect(moves.map(({ kind, model, previous }) => [kind, model, previous])).toEqual([
      ["move", ids[1], null],
      ["removal", null, ids[0]],
      ["move", ids[0], null],
    ]);
  });

  it("is refused for the champion", async () => {
    await point(service, diamonds, ids[0]);
    expect((await remove("champion")).status).toBe(409);
    expect(await ledger()).toHaveLength(1);
  });
});

describe("the list of aliases", () => {
  it("has every one by name, page by page", async () => {
    for (const alias of ["champion", "trial", "best"]) await point(service, diamonds, ids[0], alias);
    const list = async (query: string) =>
      (await service.fetch(`/v1/diamonds/aliases${query}`)).json<{
        items: { alias: string }[];
        next: string;
      }>();
    const first = await list("?limit=2");
    expect(first.items.map(({ alias }) => alias)).toEqual(["best", "champion"]);
    const second = await list(`?limit=2&cursor=${first.next}`);
    expect(second).toMatchObject({ items: [{ alias: "trial", model: ids[0] }], next: null });
  });
});

describe("200 moves at once", () => {
  const movers = Array.from({ length: 8 }, () => new Service());
  const statusesOf = async (asked: Promise<Response>[]) =>
    (await Promise.all(asked)).map(({ status }) => status);

  it("from one revision have exactly one winner", { timeout: 120_000 }, async () => {
    await point(service, diamonds, ids[0]);
    await move(ids[1]);
    const asked = Array.from({ length: 200 }, (_, at) =>
      at % 10 === 0
        ? rollBack({}, { "if-match": '"2"' }, movers[at % 8])
        : move(ids[2 + (at % 2)], "champion", movers[at % 8], '"2"'),
    );
    const statuses = await statusesOf(asked);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(199);
    expect(await ledger()).toHaveLength(3);
  });

  it("from wherever it stands leave a ledger without gaps", { timeout: 120_000 }, async () => {
    await point(service, diamonds, ids[0]);
    const asked = Array.from({ length: 200 }, (_, at) => move(ids[at % 4], "champion", movers[at % 8]));
    const won = (await statusesOf(asked)).filter((status) => status === 200).length;
    expect(won).toBeGreaterThan(0);
    const moves = (await ledger()).reverse();
    expect(moves.map(({ revision }) => revision)).toEqual(Array.from({ length: won + 1 }, (_, at) => at + 1));
    expect(new Set(moves.map(({ request }) => request)).size).toBe(won + 1);
    for (const [at, { previous }] of moves.entries()) expect(previous).toBe(moves[at - 1]?.model ?? null);
    const now = await (await service.fetch(champion)).json<{ model: string; revision: number }>();
    expect(now).toMatchObject({ model: moves[won].model, revision: won + 1 });
  });
});

describe("at=", () => {
  const price = (query: string, by = service) =>
    by.fetch(`/v1/diamonds/predict${query}`, { json: { ...stone, carat: 2 } });
  const pricedAt = async (at: string | number, by = service) => {
    const answer = await price(`?at=${encodeURIComponent(at)}`, by);
    const { prediction, model } = await answer.json<{ prediction: number; model: { id: string } }>();
    expect(answer.headers.get("x-model")).toBe(model.id);
    return { prediction, id: model.id };
  };

  it("is answered by what was live then, from the very millisecond of a move on", async () => {
    await point(service, diamonds, ids[0]);
    tick();
    await move(ids[1]);
    tick();
    await rollBack();
    tick();
    for (const by of [service, new Service()]) {
      const told = [];
      for (const ms of [0, 1, 999, 1000, 1001, 1999, 2000, 2500])
        told.push((await pricedAt(start + ms, by)).prediction);
      expect(told).toEqual([2, 2, 2, 4, 4, 4, 2, 2]);
    }
    expect((await pricedAt("2026-11-01T11:00:01+01:00")).id).toBe(ids[1]);
    expect((await pricedAt("2026-11-01T10:00:00.999Z")).id).toBe(ids[0]);
  });

  it("holds for batches, sweeps and other aliases", async () => {
    await point(service, diamonds, ids[0]);
    await point(service, diamonds, ids[2], "trial");
    tick();
    await move(ids[1]);
    await remove("trial");
    tick();
    const batch = await service.fetch(`/v1/diamonds/predict/batch?at=${start}`, { json: { rows: [stone] } });
    expect(batch.headers.get("x-model")).toBe(ids[0]);
    await batch.text();
    const sweep = await service.fetch(`/v1/diamonds/sweep?at=${start}`, {
      json: { row: stone, vary: [{ feature: "cut" }] },
    });
    expect(sweep.headers.get("x-model")).toBe(ids[0]);
    expect((await price(`?at=${start}&model=trial`)).headers.get("x-model")).toBe(ids[2]);
    expect((await price(`?at=${start + 1000}&model=trial`)).status).toBe(404);
    expect((await price("?model=trial")).status).toBe(404);
  });

  it("says what is wrong with a moment", async () => {
    await point(service, diamonds, ids[0]);
    const cases: [string, number, string][] = [
      [`?at=${start - 1}`, 404, "had no champion at 2026-11-01T09:59:59.999Z"],
      [`?at=${start + 60_000}`, 422, "not in the future"],
      ["?at=yesterday", 400, "RFC 3339"],
      ["?at=", 400, "RFC 3339"],
      ["?at=-1", 400, "RFC 3339"],
      ["?at=99999999999999999", 400, "RFC 3339"],
      ["?at=2026-13-01T00:00:00Z", 400, "RFC 3339"],
      [`?at=${start}&model=${ids[1]}`, 422, "an id names the same model at any time"],
    ];
    for (const [query, status, words] of cases) {
      const answer = await price(query);
      expect(`${query} ${answer.status}`).toBe(`${query} ${status}`);
      expect(await answer.text()).toContain(words);
    }
  });

  it("lists the models of the time with the aliases of the time", async () => {
    await point(service, diamonds, ids[0]);
    tick();
    await move(ids[1]);
    const late = await makeBundle(diamonds, { slope: 9 });
    tick();
    await publish(service, diamonds, late);
    const list = async (query: string) => {
      const answer = await service.fetch(`/v1/diamonds/models${query}`);
      const { items } = await answer.json<{ items: { id: string; aliases: string[] }[] }>();
      return Object.fromEntries(items.map(({ id, aliases }) => [id, aliases]));
    };
    expect(await list(`?at=${start + 999}`)).toMatchObject({ [ids[0]]: ["champion"], [ids[1]]: [] });
    expect(await list(`?at=${start + 1000}`)).toMatchObject({ [ids[0]]: [], [ids[1]]: ["champion"] });
    expect(Object.keys(await list(`?at=${start + 1000}`))).not.toContain(late.manifest.id);
    expect(Object.keys(await list(""))).toContain(late.manifest.id);
    expect(await list(`?at=${start - 1}`)).toEqual({});
    expect((await service.fetch(`/v1/diamonds/models?at=${start + 3_600_000}`)).status).toBe(422);
    expect((await service.fetch("/v1/diamonds/models?at=soon")).status).toBe(400);
  });
});

describe("the ledger's time", () => {
  it("never runs backwards, whatever a clock says", async () => {
    await point(service, diamonds, ids[0]);
    tick(-5000);
    await move(ids[1]);
    const [second, first] = await ledger();
    expect(Date.parse(second.time)).toBe(Date.parse(first.time));
    vi.setSystemTime(start);
    const answer = await service.fetch(`/v1/diamonds/predict?at=${start}`, { json: stone });
    expect(answer.headers.get("x-model")).toBe(ids[1]);
  });
});
