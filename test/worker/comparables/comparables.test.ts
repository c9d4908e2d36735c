// Relaxed comparables: where the same levels are too few, the nearest levels fill up, by index scans of a bounded number.
import { beforeEach, describe, expect, it } from "vitest";
import { similarStatements } from "../../../worker/comparables/store.ts";
import { limits } from "../../../worker/http/limits.ts";
import { diamonds, importItems, register, setUp, stone } from "../models/bundles.ts";
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
      .sort((a, b) => a.steps - b.steps || a.distance - b.distance || (a.id < b.id ? -1 : 1));
    expect(expected.length).toBeGreaterThan(5);
    const { items } = await similar(expected.length);
    const told = items.map(({ distance, differs }) => [
      differs.reduce((sum, { steps }) => sum + steps, 0),
      distance,
    ]);
    expect(told).toEqual(expected.map(({ steps, distance }) => [steps, distance]));
    expect(items.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
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

describe("equally near items", () => {
  // The id says the order of arrival, and it runs against what the stones are.
  const tied = Array.from({ length: 60 }, (_, at) => ({
    ...item(`t${String(at).padStart(2, "0")}`, { carat: 1, depth: 70 - at / 10, table: 57 }),
    price: 3000 + at * 100,
  }));

  it("come in the order of their other features where no model is there, never by id", async () => {
    await importItems(service, diamonds, tied);
    const asked = { ...stone, carat: 1, depth: 66, table: 57 };
    const { items } = await similar(3, "", asked);
    expect(items.map(({ id }) => id).sort()).toEqual(["t39", "t40", "t41"]);
    expect(items[0].id).toBe("t40");
  });

  it("come in the order of the champion's predictions where there is one", async () => {
    const { manifest } = await setUp(service, diamonds);
    await importItems(service, diamonds, tied);
    const asked = { ...stone, carat: 1, depth: 66, table: 57 };
    const predict = async (row: object) =>
      (await (await service.fetch("/v1/diamonds/predict", { json: row })).json<{ prediction: number }>())
        .prediction;
    const own = await predict(asked);
    const apart = await Promise.all(
      tied.map(async ({ id, price: _, ...row }) => ({
        id,
        apart: Math.abs(Math.log((await predict(row)) / own)),
      })),
    );
    const expected = apart.sort((a, b) => a.apart - b.apart || (a.id < b.id ? -1 : 1)).slice(0, 5);
    const { items } = await similar(5, "", asked);
    expect(items.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect(manifest.id).toBeTruthy();
  });

  it("do not pass for the market: the answer says what more of them cost", async () => {
    await importItems(service, diamonds, [...tied, { ...item("far", { carat: 3 }), price: 90_000 }]);
    const { spread } = (await similar(3, "", { ...stone, carat: 1 })) as Answer & { spread: unknown };
    // 61 stones of the same levels; quartiles as numpy.quantile gives them.
    expect(spread).toEqual({
      count: 61,
      nearest: { low: 1, high: 3 },
      median: 6000,
      lowerQuartile: 4500,
      upperQuartile: 7500,
    });
  });

  it("have no spread where no target is known", async () => {
    const { spread } = (await similar(3, "")) as Answer & { spread: unknown };
    expect(spread).toBeNull();
  });
});
