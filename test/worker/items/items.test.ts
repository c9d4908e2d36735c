// Items: imported line by line, listed and exported page by page, and found again by what they are like.
import { beforeEach, describe, expect, it } from "vitest";
import { similarStatements } from "../../../worker/comparables/store.ts";
import { limits } from "../../../worker/http/limits.ts";
import { boats, diamonds, importItems, register, setUp } from "../models/bundles.ts";
import { broken, env, resetStorage, Service } from "../service.ts";

const items = "/v1/boats/items";
let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, boats);
});

const boat = (id: string, length: number, hull = "wood", price: number | null = 1000) => ({
  id,
  length,
  hull,
  price,
});
const fleet = (count: number) =>
  Array.from({ length: count }, (_, at) => boat(String(at).padStart(5, "0"), 1 + (at % 90)));

interface Report {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejectedCount: number;
  readonly rejected: readonly { line: number; errors: readonly { pointer: string; detail: string }[] }[];
}

const report = async (given: readonly object[]) => (await importItems(service, boats, given)).json<Report>();

const send = (body: BodyInit, type = "application/x-ndjson") =>
  service.fetch(`${items}/import`, {
    method: "POST",
    headers: { "content-type": type },
    body,
    token: "admin",
  });

describe("import", () => {
  it("inserts, updates and leaves alone what says the same", async () => {
    const none = { rejectedCount: 0, rejected: [] };
    expect(await report(fleet(3))).toEqual({ inserted: 3, updated: 0, unchanged: 0, ...none });
    expect(await report(fleet(3))).toEqual({ inserted: 0, updated: 0, unchanged: 3, ...none });
    const changed = [...fleet(2), boat("00002", 50), boat("new", 7)];
    expect(await report(changed)).toEqual({ inserted: 1, updated: 1, unchanged: 2, ...none });
    const read = await service.fetch(`${items}/00002`, { token: "admin" });
    expect(read.headers.get("etag")).toBe('"2"');
    expect(await read.json()).toMatchObject({
      id: "00002",
      features: { length: 50, hull: "wood" },
      target: 1000,
      revision: 2,
    });
    expect((await (await service.fetch("/v1/boats", { token: "admin" })).json<{ rows: number }>()).rows).toBe(
      4,
    );
  });

  it("rejects bad lines one by one, with their number and faults", async () => {
    const lines = [
      JSON.stringify(boat("a", 5)),
      "",
      "{",
      '{"id": "b", "length": 1e309, "hull": "wood"}',
      JSON.stringify({ ...boat("c", 5), hull: "paper", extra: 1 }),
      JSON.stringify({ length: 5, hull: "wood" }),
      JSON.stringify({ ...boat("d", 5), price: "cheap" }),
      "[]",
      JSON.stringify({ ...boat("e", 5), price: null }),
    ];
    const answer = await send(lines.join("\r\n"));
    const { rejected, ...counts } = await answer.json<Report>();
    expect(counts).toEqual({ inserted: 2, updated: 0, unchanged: 0, rejectedCount: 6 });
    expect(rejected.map(({ line, errors }) => [line, errors.map(({ pointer }) => pointer).join()])).toEqual([
      [3, ""],
      [4, "/length"],
      [5, "/extra,/hull"],
      [6, "/id"],
      [7, "/price"],
      [8, ""],
    ]);
  });

  it("lists a bounded number of rejected lines and counts them all", async () => {
    const { rejected, rejectedCount } = await (await send("{}\n".repeat(500))).json<Report>();
    expect(rejectedCount).toBe(500);
    expect(rejected).toHaveLength(100);
  });

  it("refuses another type, bytes that are no text, and a body beyond the bound", async () => {
    expect((await send("{}", "application/json")).status).toBe(415);
    expect((await send(new Uint8Array([0xff, 0xfe, 0x0a]))).status).toBe(400);
    expect((await send(`${"x".repeat(100_000)}\n`)).status).toBe(413);
    const lines = Math.ceil(limits.importBytes / 1001) + 1;
    expect((await send(`${" ".repeat(1000)}\n`.repeat(lines))).status).toBe(413);
  });

  it("writes thousands, in more than one statement, and exports them all again", async () => {
    const given = fleet(12_000);
    expect(await report(given)).toMatchObject({ inserted: 12_000, rejectedCount: 0 });
    const exported = await service.fetch(`${items}/export`, { token: "admin" });
    expect(exported.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = (await exported.text()).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(given);
  });

  it("exports CSV that quotes what needs quotes, and nothing but the header for nothing", async () => {
    const csv = async () => (await service.fetch(`${items}/export?format=csv`, { token: "admin" })).text();
    expect(await csv()).toBe("id,length,hull,age,price\r\n");
    await report([boat("a,b", 5, 'say "steel"', null), { ...boat("c", 6.5), age: 3 }]);
    expect(await csv()).toBe(
      'id,length,hull,age,price\r\n"a,b",5,"say ""steel""",,\r\nc,6.5,wood,3,1000\r\n',
    );
  });
});

describe("lists", () => {
  it("page through every item once", async () => {
    await report(fleet(25));
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const query: string = next ? `&cursor=${next}` : "";
      const answer = await service.fetch(`${items}?limit=10${query}`, { token: "admin" });
      const page: { items: { id: string }[]; next: string | null } = await answer.json();
      seen.push(...page.items.map(({ id }) => id));
      next = page.next;
    } while (next);
    expect(seen).toEqual(fleet(25).map(({ id }) => id));
    for (const limit of ["0", "201", "x"]) {
      expect((await service.fetch(`${items}?limit=${limit}`, { token: "admin" })).status).toBe(400);
    }
  });
});

describe("similar", () => {
  interface Similar {
    readonly items: readonly {
      id: string;
      distance: number;
      exact: boolean;
      features: object;
      target: number;
    }[];
    readonly exact: number;
  }
  const similar = async (row: object, n: number) =>
    (await service.fetch(`/v1/boats/similar?n=${n}`, { json: row, token: "admin" })).json<Similar>();
  const ids = async (length: number, n: number, hull = "wood") =>
    (await similar({ length, hull }, n)).items.map(({ id }) => id);

  it("gives the same levels, nearest first from both sides, ties by id", async () => {
    await report([
      boat("e", 9.9),
      boat("b", 10.1),
      boat("a", 10.1),
      boat("d", 9.9),
      boat("c", 10),
      boat("f", 12),
      boat("g", 3),
      boat("z", 10, 'say "steel"'),
    ]);
    expect(await ids(10, 7)).toEqual(["c", "a", "b", "d", "e", "f", "g"]);
    expect(await ids(10, 4)).toEqual(["c", "a", "b", "d"]);
    expect(await ids(9.9, 2)).toEqual(["d", "e"]);
    expect(await ids(1, 3)).toEqual(["g", "d", "e"]);
    expect(await ids(100, 3)).toEqual(["f", "a", "b"]);
    const { items: found, exact } = await similar({ length: 10.5, hull: "wood" }, 1);
    expect(exact).toBe(1);
    expect(found).toEqual([
      {
        id: "a",
        features: { length: 10.1, hull: "wood" },
        target: 1000,
        distance: 0.4,
        exact: true,
        differs: [],
        apart: [{ by: "length", difference: -0.4, unit: "m" }],
      },
    ]);
  });

  it("counts honestly where fewer exist, and where none do", async () => {
    await report([boat("a", 5), boat("z", 5, 'say "steel"')]);
    expect(await similar({ length: 5, hull: "wood" }, 5)).toMatchObject({ exact: 1 });
    expect(await similar({ length: 5, hull: "GfK é" }, 5)).toEqual({
      ...{ items: [], exact: 0, complete: true },
      spread: null,
    });
  });

  it("agrees with a plain search over everything", async () => {
    const all = Array.from({ length: 400 }, (_, at) =>
      boat(`i${(at * 7919) % 400}`, 1 + ((at * 37) % 60) / 4, at % 3 ? "wood" : "GfK é"),
    );
    await report(all);
    for (const length of [1, 4.3, 8.125, 20]) {
      const expected = all
        .filter(({ hull }) => hull === "wood")
        .map(({ id, length: other }) => ({ id, distance: Number(Math.abs(other - length).toPrecision(12)) }))
        .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
        .slice(0, 25)
        .map(({ id }) => id);
      expect(await ids(length, 25)).toEqual(expected);
    }
  });

  it("follows the spec when it compares by something else", async () => {
    await report([{ ...boat("a", 5, "GfK é"), age: 1 }, boat("b", 5, 'say "steel"')]);
    const kept = await env.DB.prepare("select match_key, near from items order by id").all();
    const byNothing = { ...boats, version: 2, similar: undefined };
    expect((await register(service, byNothing)).status).toBe(200);
    expect(
      (await service.fetch("/v1/boats/similar", { json: { length: 5, hull: "wood" }, token: "admin" }))
        .status,
    ).toBe(404);
    expect((await register(service, { ...boats, version: 3 })).status).toBe(200);
    // Made by the database this time: they must be the very texts that the import makes.
    expect((await env.DB.prepare("select match_key, near from items order by id").all()).results).toEqual(
      kept.results,
    );
    expect(await ids(5, 5, "GfK é")).toEqual(["a"]);
  });

  it("searches the index in both directions and scans no table", async () => {
    await report(fleet(50));
    const plan = async (sql: string, bound: unknown[]) => {
      const { results } = await env.DB.prepare(`explain query plan ${sql}`)
        .bind(...bound)
        .all<{ detail: string }>();
      return results.map(({ detail }) => detail);
    };
    const bound = ["boats", '["wood"]', 10, 5];
    const up = await plan(similarStatements.up, bound);
    const down = await plan(similarStatements.down, bound);
    const searches = [...up, ...down].filter((detail) => /\bitems\b/.test(detail));
    expect(searches).toHaveLength(5);
    for (const detail of searches) {
      expect(detail).toMatch(
        /^SEARCH items USING INDEX items_similar \(dataset=\? AND match_key=\? AND near[<>=]\?/,
      );
    }
    for (const detail of [...up, ...down]) {
      expect(detail).not.toMatch(/^SCAN items|TEMP B-TREE/);
    }
  });

  it("reads no more rows than it needs, however many are equally near", async () => {
    await report([...fleet(2000), ...Array.from({ length: 3000 }, (_, at) => boat(`tie${at}`, 50))]);
    for (const sql of Object.values(similarStatements)) {
      for (const length of [30, 50, 51, 90]) {
        const result = await env.DB.prepare(sql).bind("boats", '["wood"]', length, 5).run();
        expect(result.meta.rows_read).toBeLessThanOrEqual(25);
      }
    }
    // 22 boats of 51 m, then those of 50 and 52 m by id: 44 of the fleet before the first of the ties.
    expect((await ids(51, 70)).slice(66)).toEqual(["tie0", "tie1", "tie10", "tie100"]);
  });
});

describe("without a database", () => {
  it("the dataset is still described, its rows uncounted", async () => {
    await setUp(service, diamonds);
    await service.fetch("/v1/diamonds");
    service.env = { ...service.env, DB: broken("no D1") };
    const answer = await service.fetch("/v1/diamonds");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ name: "diamonds", rows: null });
    expect((await service.fetch("/v1/diamonds/items", { token: "admin" })).status).toBe(503);
  });
});
