// Relaxed comparables: where the same levels are too few, the nearest levels fill up, by index scans of a bounded number.
import { beforeEach, describe, expect, it } from "vitest";
import { similarStatements } from "../../../worker/comparables/store.ts";
import { limits } from "../../../worker/http/limits.ts";
import { diamonds, importItems, register, stone } from "../models/bundles.ts";
import { env, resetStorage, Service } from "../service.ts";

interface Answer {
  readonly items: readonly {
    id: string;
    distance: number;
    exact: boolean;
    differs: { feature: string; wanted: string; found: string; steps: number }[];
  }[];
  readonly exact: number;
}

let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, diamonds);
});

const item = (id: string, change: object = {}) => ({ id, ...stone, ...change, price: 1000 });

const similar = async (n: number, query = "&relaxed=true", row: object = stone, by = service) => {
  const answer = await by.fetch(`/v1/diamonds/similar?n=${n}${query}`, { json: row });
  expect(answer.status).toBe(200);
  return answer.json<Answer>();
};

/** A database that counts the statements it runs. */
function counted(): { DB: D1Database; texts: string[] } {
  const texts: string[] = [];
  const DB = new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") {
        return (sql: string) => {
          texts.push(sql);
          return target.prepare(sql);
        };
      }
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { DB, texts };
}

describe("relaxed comparables", () => {
  it("fill up with the nearest levels, each telling how it differs", async () => {
    await importItems(service, diamonds, [
      item("same", { carat: 3 }),
      item("color-1", { color: "H", carat: 1.2 }),
      item("clarity-1", { clarity: "VVS2", carat: 1.05 }),
      item("color-2", { color: "E" }),
      item("both-1", { cut: "Premium", color: "F", carat: 1.5 }),
      item("far", { clarity: "I1", color: "J", cut: "Fair" }),
    ]);
    const { items, exact } = await similar(5);
    expect(exact).toBe(1);
    expect(items.map(({ id }) => id)).toEqual(["same", "clarity-1", "color-1", "color-2", "both-1"]);
    expect(items[0]).toMatchObject({ exact: true, distance: 1.99, differs: [] });
    expect(items[1]).toMatchObject({
      exact: false,
      distance: 0.04,
      differs: [{ feature: "clarity", wanted: "VS1", found: "VVS2", steps: 1 }],
    });
    expect(items[4].differs).toEqual([
      { feature: "cut", wanted: "Ideal", found: "Premium", steps: 1 },
      { feature: "color", wanted: "G", found: "F", steps: 1 },
    ]);
  });

  it("are not looked for unless asked, nor where there are enough", async () => {
    await importItems(service, diamonds, [item("a"), item("b", { color: "H" })]);
    expect((await similar(5, "")).items.map(({ id }) => id)).toEqual(["a"]);
    expect((await similar(5, "&relaxed=false")).items).toHaveLength(1);
    const { DB, texts } = counted();
    service.env = { ...service.env, DB };
    expect((await similar(1)).items.map(({ id }) => id)).toEqual(["a"]);
    expect(texts.filter((sql) => sql.includes("match_key"))).toHaveLength(2);
    expect((await service.fetch("/v1/diamonds/similar?relaxed=yes", { json: stone })).status).toBe(400);
  });

  it("agree with a plain search over everything", async () => {
    const [, cuts, colors, clarities] = diamonds.features.map((f) => (f.type === "category" ? f.levels : []));
    const all = Array.from({ length: 600 }, (_, at) =>
      item(`i${String(at).padStart(3, "0")}`, {
        carat: Number((0.5 + ((at * 37) % 100) / 50).toFixed(2)),
        cut: cuts[(at * 3) % 5],
        color: colors[(at * 5) % 7],
        clarity: clarities[(at * 11) % 8],
      }),
    );
    await importItems(service, diamonds, all);
    const stepsOf = (other: typeof stone) =>
      Math.abs(cuts.indexOf(other.cut) - cuts.indexOf(stone.cut)) +
      Math.abs(colors.indexOf(other.color) - colors.indexOf(stone.color)) +
      Math.abs(clarities.indexOf(other.clarity) - clarities.indexOf(stone.clarity));
    const expected = all
      .map((one) => ({
        id: one.id,
        steps: stepsOf(one),
        distance: Number(Math.abs(one.carat - stone.carat).toPrecision(12)),
      }))
      .filter(({ steps }) => steps <= 1)
      .sort((a, b) => a.steps - b.steps || a.distance - b.distance || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id);
    expect(expected.length).toBeGreaterThan(5);
    const { items } = await similar(expected.length);
    expect(items.map(({ id }) => id)).toEqual(expected);
  });

  it("are searched by index in a bounded number of scans, however few there are", async () => {
    await importItems(service, diamonds, [item("far", { clarity: "I1", color: "J", cut: "Fair" })]);
    const { DB, texts } = counted();
    const { items } = await similar(100, "&relaxed=true", stone, new Service({ DB }));
    expect(items).toEqual([]);
    const scans = texts.filter((sql) => sql.includes("match_key"));
    expect(scans).toHaveLength(2 * (1 + limits.similarNeighbours));
    // D1 allows a request of the free plan 50 queries, of which the dataset takes one.
    expect(texts.length).toBeLessThanOrEqual(50);
    for (const sql of new Set(scans)) {
      expect(Object.values(similarStatements)).toContain(sql);
      const { results } = await env.DB.prepare(`explain query plan ${sql}`)
        .bind("diamonds", '["Ideal","G","VS1"]', 1, 5)
        .all<{ detail: string }>();
      const searches = results.filter(({ detail }) => /\bitems\b/.test(detail));
      expect(searches.length).toBeGreaterThan(0);
      for (const { detail } of searches) expect(detail).toMatch(/^SEARCH items USING INDEX items_similar /);
      for (const { detail } of results) expect(detail).not.toMatch(/TEMP B-TREE|SCAN items/);
    }
  });
});
