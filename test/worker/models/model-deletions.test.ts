// Deleting models: never one that was live, never half, and nothing beside what was named.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { times } from "../../../worker/http/limits.ts";
import { env, resetStorage, Service } from "../service.ts";
import { diamonds, makeBundle, point, publish, register, stone, type TestBundle } from "./bundles.ts";

const models = "/v1/diamonds/models";
let service: Service;
let live: TestBundle;
let idle: TestBundle;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, diamonds);
  live = await makeBundle(diamonds, { slope: 1 });
  idle = await makeBundle(diamonds, { slope: 2 });
  for (const bundle of [live, idle]) expect((await publish(service, diamonds, bundle)).status).toBe(201);
  await point(service, diamonds, live.manifest.id);
});

const remove = (id: string, by = service) =>
  by.fetch(`${models}/${id}`, { method: "DELETE", token: "admin" });

const keys = async (prefix = "models/") => (await env.BUCKET.list({ prefix })).objects.map(({ key }) => key);

const listed = async () => {
  const { items } = await (await service.fetch(models)).json<{
    items: { id: string; everLive: boolean }[];
  }>();
  return Object.fromEntries(items.map(({ id, everLive }) => [id, everLive]));
};

/** The binding, except that `method` fails. */
const without = <T extends object>(binding: T, method: string): T =>
  new Proxy(binding, {
    get(target, name) {
      if (name === method)
        return () => {
          throw new Error(`no ${method}`);
        };
      const member = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });

describe("a model that was never live", () => {
  it("is gone, row and files, and may be published anew", async () => {
    const { id } = idle.manifest;
    expect(await listed()).toEqual({ [live.manifest.id]: true, [id]: false });
    expect((await service.fetch(`/v1/diamonds/predict?model=${id}`, { json: stone })).status).toBe(200);
    expect((await remove(id)).status).toBe(204);
    expect((await service.fetch(`${models}/${id}`)).status).toBe(404);
    expect((await service.fetch(`/v1/diamonds/predict?model=${id}`, { json: stone })).status).toBe(404);
    expect(await keys(`models/diamonds/${id}`)).toEqual([]);
    expect(await keys(`models/diamonds/${live.manifest.id}`)).toHaveLength(5);
    expect((await remove(id)).status).toBe(404);
    const record = await env.DB.prepare("select actor, finished_at from model_deletions").all();
    expect(record.results).toMatchObject([{ actor: "admin", finished_at: expect.any(Number) }]);
    expect((await publish(service, diamonds, idle)).status).toBe(201);
    expect((await service.fetch(`/v1/diamonds/predict?model=${id}`, { json: stone })).status).toBe(200);
  });

  it("leaves other isolates within the time of a move", async () => {
    const other = new Service();
    const price = () => other.fetch(`/v1/diamonds/predict?model=${idle.manifest.id}`, { json: stone });
    expect((await price()).status).toBe(200);
    expect((await remove(idle.manifest.id)).status).toBe(204);
    vi.useFakeTimers({ now: Date.now() + times.staleAfterMs + 1, toFake: ["Date"] });
    expect((await price()).status).toBe(404);
    vi.useRealTimers();
  });

  it("is invisible once half deleted; doing it again ends it, and nothing is published in between", async () => {
    const { id } = idle.manifest;
    const dying = new Service({ BUCKET: without(env.BUCKET, "delete") });
    expect((await remove(id, dying)).status).toBe(503);
    expect((await service.fetch(`${models}/${id}`)).status).toBe(404);
    expect(await listed()).toEqual({ [live.manifest.id]: true });
    expect(await keys(`models/diamonds/${id}`)).toHaveLength(5);
    const refused = await publish(service, diamonds, idle);
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain("being deleted");
    expect((await remove(id)).status).toBe(204);
    expect(await keys(`models/diamonds/${id}`)).toEqual([]);
    expect((await publish(service, diamonds, idle)).status).toBe(201);
  });

  it("is whole again where a deletion fell between its files and its row", async () => {
    const { id } = idle.manifest;
    await remove(id);
    const DB = new Proxy(env.DB, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...given: unknown[]) => {
          const statement = member.apply(target, given);
          if (name !== "prepare" || !/^\s*insert into models/.test(String(given[0]))) return statement;
          return {
            bind: (...values: unknown[]) => ({
              first: async () => {
                await remove(id, new Service());
                return statement.bind(...values).first();
              },
            }),
          };
        };
      },
    });
    expect((await publish(new Service({ DB }), diamonds, idle)).status).toBe(201);
    expect(await keys(`models/diamonds/${id}`)).toHaveLength(5);
  });
});

describe("a model that was ever live", () => {
  it("is kept, under whatever alias and however long ago", async () => {
    expect((await remove(live.manifest.id)).status).toBe(409);
    await point(service, diamonds, idle.manifest.id, "trial");
    const gone = await service.fetch("/v1/diamonds/aliases/trial?reason=done", {
      method: "DELETE",
      token: "admin",
      headers: { "if-match": "*" },
    });
    expect(gone.status).toBe(204);
    const answer = await remove(idle.manifest.id);
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain("was live");
    expect(await keys()).toHaveLength(10);
  });

  it("is kept also where the move and the deletion meet", async () => {
    for (let round = 0; round < 10; round++) {
      const bundle = await makeBundle(diamonds, { slope: 100 + round });
      await publish(service, diamonds, bundle);
      const { id } = bundle.manifest;
      const [deleted, pointed] = await Promise.all([
        remove(id, new Service()),
        point(new Service(), diamonds, id, `trial-${round}`),
      ]);
      const outcome = `${deleted.status} ${pointed.status}`;
      expect(["204 422", "204 412", "409 201"]).toContain(outcome);
      expect(await keys(`models/diamonds/${id}`)).toHaveLength(deleted.status === 204 ? 0 : 5);
    }
  });
});

describe("ids that are none", () => {
  it.each([
    "..%2f..%2faliases",
    "%2e%2e",
    "linear-",
    "linear-0123456789ab%2f..",
    "*",
    "%00",
    "x".repeat(3000),
  ])("%s reaches no object", async (id) => {
    const before = await keys("");
    expect((await remove(id)).status).toBe(404);
    expect(await keys("")).toEqual(before);
  });
});

describe("bundles left behind", () => {
  const path = "/v1/diamonds/abandoned-bundles";
  const ask = async (method = "GET") =>
    (await service.fetch(path, { method, token: "admin" })).json<{ items: object[]; next: string | null }>();

  it("are listed and cleaned once they are a day old, and nothing else is", async () => {
    const half = await makeBundle(diamonds, { slope: 3 });
    const BUCKET = new Proxy(env.BUCKET, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...given: unknown[]) => {
          if (name === "put" && String(given[0]).endsWith("manifest.json")) throw new Error("died");
          return member.apply(target, given);
        };
      },
    });
    expect((await publish(new Service({ BUCKET }), diamonds, half)).status).toBe(503);
    expect(await ask()).toEqual({ items: [], next: null });
    vi.useFakeTimers({ now: Date.now() + times.abandonedAfterMs + 60_000, toFake: ["Date"] });
    const folder = { model: half.manifest.id, files: 4, bundle: expect.stringMatching(/^[0-9a-f]{16}$/) };
    expect(await ask()).toMatchObject({ items: [folder], next: null });
    expect(await ask("DELETE")).toMatchObject({ items: [folder], next: null });
    vi.useRealTimers();
    expect(await ask()).toEqual({ items: [], next: null });
    expect(await keys()).toHaveLength(10);
    expect((await publish(service, diamonds, half)).status).toBe(201);
  });
});
