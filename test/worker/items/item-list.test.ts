// Lists of items: every filter and order against a plain search over everything, page by page, while others write, and by index.
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Filter, parseFilters, parseSort } from "#core/api/item-query.ts";
import { checkSpec } from "#core/dataset/spec.ts";
import { limits } from "../../../worker/http/limits.ts";
import { listItems, listStatements } from "../../../worker/items/store/list.ts";
import { importItems, register } from "../models/bundles.ts";
import { env, resetStorage, Service } from "../service.ts";

const carts = checkSpec({
  name: "carts",
  title: "Carts",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "carts.csv" },
  target: { name: "price", unit: "EUR" },
  features: [
    { name: "load", type: "number", required: true },
    { name: "state", type: "category", levels: ["worn", 'so "so"', "good"], ordered: true, required: true },
    { name: "make", type: "category", levels: ["$x", "Zett", "a b, c"], required: false },
    { name: "limit", type: "number", required: false },
  ],
  split: { testShare: 0.2, seed: 1 },
  similar: { match: ["state"], nearest: "load" },
});
const states = ["worn", 'so "so"', "good"];

interface Cart {
  readonly id: string;
  readonly load: number;
  readonly state: string;
  readonly make?: string;
  readonly limit?: number;
  readonly price: number | null;
}

const all: Cart[] = Array.from({ length: 120 }, (_, at) => ({
  id: `i${String((at * 37) % 120).padStart(3, "0")}`,
  load: ((at * 7) % 20) / 4,
  state: states[at % 3],
  ...(at % 4 ? { make: ["$x", "Zett", "a b, c"][(at % 5) % 3] } : {}),
  ...(at % 3 ? { limit: (at % 11) - 5 } : {}),
  price: at % 6 ? (at * 13) % 50 : null,
}));

const service = new Service();
const path = "/v1/carts/items";

interface Page {
  readonly items: readonly { id: string; features: Omit<Cart, "id" | "price">; target: number | null }[];
  readonly next: string | null;
}

const query = (filters: readonly string[], rest: Record<string, string> = {}) => {
  const search = new URLSearchParams(rest);
  for (const filter of filters) search.append("filter", filter);
  return search.toString();
};
const get = (search: string, at = path) => service.fetch(`${at}?${search}`, { token: "admin" });

/** Ids of the whole list, page by page. */
async function walk(filters: readonly string[], sort: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor = "";
  do {
    const answer = await get(query(filters, { sort, limit: String(limit), ...(cursor && { cursor }) }));
    if (answer.status !== 200) throw new Error(await answer.text());
    const page: Page = await answer.json();
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next ?? "";
  } while (cursor);
  return ids;
}

const valueAt = (cart: Cart, name: string) => (cart as unknown as Record<string, unknown>)[name] ?? null;
const rank = (name: string, value: unknown) =>
  name === "state" ? states.indexOf(value as string) : (value as string | number);

/** The order as docs/items.md tells it: by value, then id; what is missing last, whichever the direction. */
function compare(name: string, sign: number) {
  return (a: Cart, b: Cart) => {
    const byId = a.id < b.id ? -sign : sign;
    if (name === "id") return byId;
    const [x, y] = [valueAt(a, name), valueAt(b, name)];
    if (x === null || y === null) return x === y ? byId : x === null ? 1 : -1;
    const [m, n] = [rank(name, x), rank(name, y)];
    return m === n ? byId : m < n ? -sign : sign;
  };
}

function passes(cart: Cart, filter: string): boolean {
  const [, name, operator, text] = /^(\w+):(\w+):(.*)$/.exec(filter) ?? [];
  const value = valueAt(cart, name);
  if (text === "") return (operator === "eq") === (value === null);
  if (value === null) return false;
  const isText = name === "make" || name === "state";
  const [a, b] = isText ? [rank(name, value), rank(name, text)] : [value as number, Number(text)];
  return { eq: a === b, ne: a !== b, lt: a < b, lte: a <= b, gt: a > b, gte: a >= b }[operator] ?? false;
}

beforeAll(async () => {
  await resetStorage();
  await register(service, carts);
  await importItems(service, carts, all);
});

describe("filters and orders", () => {
  const operators = ["eq", "ne", "lt", "lte", "gt", "gte"];
  const number = fc
    .tuple(
      fc.constantFrom("load", "limit", "price"),
      fc.constantFrom(...operators),
      fc.integer({ min: -6, max: 50 }),
    )
    .map(([name, operator, value]) => `${name}:${operator}:${value / 2}`);
  const level = fc
    .tuple(fc.constantFrom(...operators), fc.constantFrom(...states))
    .map(([operator, state]) => `state:${operator}:${state}`)
    .filter((text) => !text.includes(":eq:"));
  const make = fc.constantFrom(
    "make:ne:Zett",
    "make:ne:$x",
    "make:eq:",
    "make:ne:",
    "limit:eq:",
    "price:ne:",
  );
  const filters = fc.array(fc.oneof(number, level, make), { maxLength: 3 });
  const sort = fc
    .tuple(fc.constantFrom("", "-"), fc.constantFrom("id", "load", "state", "make", "limit", "price"))
    .map(([sign, name]) => sign + name);

  it("agree with a plain search over everything, whatever the page", async () => {
    await fc.assert(
      fc.asyncProperty(filters, sort, fc.integer({ min: 7, max: 130 }), async (conditions, order, limit) => {
        const expected = all
          .filter((cart) => conditions.every((condition) => passes(cart, condition)))
          .sort(compare(order.replace("-", ""), order.startsWith("-") ? -1 : 1))
          .map(({ id }) => id);
        expect(await walk(conditions, order, limit)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("take several levels of one category as any of them", async () => {
    const expected = all.filter(({ make }) => make === "$x" || make === "a b, c").map(({ id }) => id);
    expect(await walk(["make:eq:$x", "make:eq:a b, c"], "id", 50)).toEqual(expected.sort());
  });

  it("know when items were written", async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    expect(await walk([`updatedAt:lt:${soon}`], "-updatedAt", 200)).toHaveLength(120);
    expect(await walk([`createdAt:gte:${soon}`], "createdAt", 200)).toEqual([]);
  });

  it("bind every value: SQL in a filter is a text that no level is", async () => {
    const nasty = ["make:eq:' or 1=1 --", "make:eq:$x') union select 1", "load:eq:1; drop table items"];
    for (const filter of nasty) expect((await get(query([filter]))).status).toBe(400);
    expect((await get(query(["price) or (1:eq:1"]))).status).toBe(400);
    expect((await get(query([], { sort: "load; drop table items" }))).status).toBe(400);
    expect(await walk([], "id", 200)).toHaveLength(120);
  });

  it.each([
    ["an unknown name", "weight:eq:1", /one of load, state, make, limit, price, createdAt, updatedAt/],
    ["no operator", "load", /<name>:<operator>:<value>/],
    ["an unknown operator", "load:like:1", /one of eq, ne, lt, lte, gt, gte/],
    ["a number that is none", "load:gte:heavy", /a finite number for load; got "heavy"/],
    ["infinity", "load:lt:1e999", /finite number/],
    ["an unknown level", "state:eq:new", /one of worn, so "so", good/],
    ["an order of what has none", "make:lt:Zett", /eq or ne for make/],
    ["nothing compared", "load:lt:", /a finite number/],
    ["a date without a time", "updatedAt:gte:2026-01-01", /a time as 2026/],
  ])("refuse %s, naming what is allowed", async (_, filter, detail) => {
    const answer = await get(query([filter]));
    expect(answer.status).toBe(400);
    const { errors } = await answer.json<{ errors: { pointer: string; detail: string }[] }>();
    expect(errors).toEqual([{ pointer: "/filter", detail: expect.stringMatching(detail) }]);
  });

  it("refuse too much: conditions, lengths, limits and other parameters", async () => {
    const many = Array.from({ length: 33 }, (_, at) => `load:gte:${at}`);
    for (const search of [
      query(many),
      query([`make:eq:${"x".repeat(400)}`]),
      query([], { limit: "0" }),
      query([], { limit: "1000000000" }),
      query([], { sort: "" }),
      query([], { sort: "--load" }),
      query([], { order: "load" }),
      query([], { load: "1" }),
    ]) {
      expect((await get(search)).status, search).toBe(400);
    }
  });
});

describe("cursors", () => {
  const nextOf = async (filters: readonly string[], sort: string) =>
    (await (await get(query(filters, { sort, limit: "5" }))).json<Page>()).next ?? "";

  it("belong to their dataset, filter and order", async () => {
    const cursor = await nextOf(["load:gte:1"], "price");
    expect((await get(query(["load:gte:1"], { sort: "price", cursor }))).status).toBe(200);
    expect((await get(query(["load:gte:1"], { sort: "-price", cursor }))).status).toBe(400);
    expect((await get(query(["load:gte:1.5"], { sort: "price", cursor }))).status).toBe(400);
    expect((await get(query([], { sort: "price", cursor }))).status).toBe(400);
    await register(service, { ...carts, name: "wagons" });
    const other = await get(query(["load:gte:1"], { sort: "price", cursor }), "/v1/wagons/items");
    expect(other.status).toBe(400);
    expect((await other.json<{ errors: object[] }>()).errors).toMatchObject([{ pointer: "/cursor" }]);
  });

  it("are refused when forged, and never a failure of ours", async () => {
    const real = await nextOf([], "price");
    const [print] = JSON.parse(atob(real.replaceAll("-", "+").replaceAll("_", "/")));
    const encode = (value: unknown) =>
      btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    const forged = [
      ...["", "x", "%00", "AAAA", "A".repeat(999), real.slice(0, -3)],
      ...[
        null,
        1,
        [],
        [print],
        [print, 1],
        [print, {}, "a"],
        [print, 1, 2],
        [print, 1, "a", 1],
        ["", 1, "a"],
      ].map(encode),
    ];
    for (const cursor of forged)
      expect((await get(query([], { sort: "price", cursor }))).status, cursor).toBe(400);
    // A place that no page ended at is still a place of this list.
    const made = await get(query([], { sort: "price", cursor: encode([print, 1e308, "zz"]) }));
    expect((await made.json<Page>()).items.every(({ target }) => target === null)).toBe(true);
  });
});

describe("while others write", () => {
  beforeEach(async () => {
    await importItems(service, carts, all);
  });

  it("what nobody writes comes exactly once, in any order", async () => {
    const list = async (sort: string) => {
      const seen: string[] = [];
      let cursor = "";
      let round = 0;
      do {
        const page: Page = await (
          await get(query([], { sort, limit: "17", ...(cursor && { cursor }) }))
        ).json();
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.next ?? "";
        // Between pages some are deleted, some made before and after the place, some moved.
        await importItems(service, carts, [
          { ...all[0], id: `a${round}` },
          { ...all[0], id: `z${round}` },
          { ...all[1], price: round, load: round },
        ]);
        const { revision } = await (await service.fetch(`${path}/z${round}`, { token: "admin" })).json<{
          revision: number;
        }>();
        await service.fetch(`${path}/z${round}`, {
          method: "DELETE",
          token: "admin",
          headers: { "if-match": `"${revision}"` },
        });
        round++;
      } while (cursor);
      return seen;
    };
    const untouched = all.filter(({ id }) => id !== all[1].id).map(({ id }) => id);
    for (const sort of ["id", "-price", "load", "state"]) {
      const seen = await list(sort);
      const counted = untouched.map((id) => seen.filter((other) => other === id).length);
      expect(counted).toEqual(untouched.map(() => 1));
    }
  });
});

describe("work", () => {
  const plan = async (sort: string, texts: readonly string[], known = true) => {
    const filters: Filter[] = parseFilters(carts, texts);
    const given = { spec: carts, sort: parseSort(carts, sort), filters, limit: 10, scanRows: 100 };
    const { page, edge } = listStatements(given, { known, after: known ? [1, "i01"] : [null, "i01"] });
    const results = await Promise.all(
      (edge ? [page, edge] : [page]).map(({ text, bound }) =>
        env.DB.prepare(`explain query plan ${text}`)
          .bind(...bound)
          .all<{ detail: string }>(),
      ),
    );
    return results.flatMap((result) => result.results.map(({ detail }) => detail));
  };

  it.each([
    ["id", [], "sqlite_autoindex_items_1 (dataset=? AND id>?)"],
    ["-id", ["load:gte:1"], "sqlite_autoindex_items_1 (dataset=? AND id<?)"],
    ["price", ["price:lt:40"], "items_target (dataset=? AND (target,id)>(?,?)"],
    ["-price", ["make:ne:Zett"], "items_target (dataset=? AND target>? AND (target,id)<(?,?)"],
    ["-updatedAt", [], "items_updated (dataset=? AND (updated_at,id)<(?,?)"],
    ["load", ["state:eq:good", "limit:gt:0"], "items_similar (dataset=? AND match_key=? AND (near,id)>(?,?)"],
  ])("by %s %o walks its index in order", async (sort, filters, expected) => {
    const details = (await plan(sort, filters)).filter((detail) => /\bitems\b/.test(detail));
    expect(details).not.toEqual([]);
    for (const detail of details) {
      expect(detail).toMatch(/^SEARCH items USING (COVERING )?INDEX /);
      expect(detail).toContain(expected);
    }
    expect((await plan(sort, filters)).join("\n")).not.toContain("TEMP B-TREE");
  });

  it("of a filter that almost nothing passes is bounded: the page ends short and goes on", async () => {
    const options = {
      filters: parseFilters(carts, ["limit:eq:5", "state:eq:good"]),
      sort: parseSort(carts, "price"),
      limit: 10,
      scanRows: 16,
    };
    const expected = (await walk(["limit:eq:5", "state:eq:good"], "price", 200)).sort();
    const found: string[] = [];
    let [cursor, pages, short] = [undefined as string | undefined, 0, 0];
    do {
      const page = await listItems(env, carts, { ...options, cursor });
      found.push(...page.items.map(({ id }) => id));
      cursor = page.next ?? undefined;
      pages++;
      if (page.next !== null && page.items.length < 10) short++;
    } while (cursor !== undefined);
    expect(found.sort()).toEqual(expected);
    expect(pages).toBeGreaterThan(7);
    expect(short).toBeGreaterThan(5);
    const { page } = listStatements({ spec: carts, ...options }, { known: true, after: undefined });
    const { meta } = await env.DB.prepare(page.text)
      .bind(...page.bound)
      .run();
    expect(meta.rows_read).toBeLessThanOrEqual(2 * 16 + 4);
  });

  it("in an order without an index is refused beyond a size, where one by index is not", async () => {
    const filler = `with recursive n(i) as (select 1 union all select i + 1 from n where i <= ${limits.sortedItems})
      insert into items (dataset, id, features, target, revision, created_at, updated_at)
      select 'carts', 'f' || i, '{"load":1,"state":"worn"}', 1, 1, 0, 0 from n`;
    await env.DB.prepare(filler).run();
    try {
      const refused = await get(query([], { sort: "make" }));
      expect(refused.status).toBe(400);
      expect(await refused.text()).toContain("expected id, updatedAt or price");
      for (const sort of ["-id", "price", "-updatedAt"])
        expect((await get(query([], { sort }))).status).toBe(200);
      expect((await get(query(["state:eq:good"], { sort: "load" }))).status).toBe(200);
      expect((await get(query(["limit:eq:4"], { sort: "price" }))).status).toBe(200);
    } finally {
      await env.DB.prepare("delete from items where id like 'f%'").run();
    }
  });
});
