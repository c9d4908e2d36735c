// Comparables by distance on the ground and by numbers: the same as comparing with every single item, wherever on Earth.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { compareWith } from "#core/dataset/comparison.ts";
import { cellOf } from "#core/dataset/ground.ts";
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { byFeatures } from "../../../worker/comparables/nearness.ts";
import { termStatements } from "../../../worker/comparables/store/terms.ts";
import { findSimilar } from "../../../worker/comparables/store.ts";
import { importItems, register } from "../models/bundles.ts";
import { env, resetStorage, Service } from "../service.ts";

const huts: DatasetSpec = checkSpec({
  name: "huts",
  title: "Huts",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "huts.csv" },
  target: { name: "price", unit: "EUR" },
  features: [
    { name: "lat", type: "number", minimum: -90, maximum: 90, required: true },
    { name: "lon", type: "number", minimum: -180, maximum: 180, required: true },
    { name: "area", type: "number", unit: "m²", minimum: 0, required: true },
    { name: "beds", type: "number", minimum: 0 },
    { name: "roof", type: "category", levels: ["tin", "slate"], required: true },
  ],
  places: [{ name: "position", latitude: "lat", longitude: "lon" }],
  split: { testShare: 0.2, seed: 1 },
  similar: {
    near: [
      { by: "position", scale: 1 },
      { by: "area", scale: 30 },
    ],
  },
});

const comparing = (similar: object, version = 1) => checkSpec({ ...huts, version, similar });

interface Hut {
  readonly [name: string]: string | number;
  readonly lat: number;
  readonly lon: number;
  readonly area: number;
  readonly roof: string;
}

interface Answer {
  readonly items: readonly {
    id: string;
    distance: number;
    exact: boolean;
    apart: { by: string; difference: number; unit: string }[];
  }[];
  readonly complete: boolean;
  readonly spread: { count: number; nearest: object | null } | null;
}

let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
});

const fill = async (spec: DatasetSpec, all: readonly Hut[]) => {
  await register(service, spec);
  if (all.length === 0) return;
  await importItems(
    service,
    spec,
    all.map((hut, at) => ({ id: `h${at}`, ...hut, price: 1000 + at })),
  );
};

const ask = async (row: Hut, n: number, query = "") => {
  const answer = await service.fetch(`/v1/huts/similar?n=${n}${query}`, { json: row, token: "admin" });
  expect(answer.status).toBe(200);
  return answer.json<Answer>();
};

/** The distances of the nearest, by comparing with every item. */
function bruteForce(spec: DatasetSpec, all: readonly Hut[], row: Hut, n: number): number[] {
  const compare = compareWith(spec, row);
  return all
    .filter((hut) => spec.similar?.match.every((name) => hut[name] === row[name]))
    .flatMap((hut) => compare(hut)?.distance ?? [])
    .sort((a, b) => a - b)
    .slice(0, n);
}

const hut = (lat: number, lon: number, area = 100, roof = "tin"): Hut => ({ lat, lon, area, roof });

const edges = { lat: [-90, 90, 0, 89.999, -89.999], lon: [-180, 180, 0, 179.999, -179.999] };
const anywhere = fc.record({
  lat: fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(...edges.lat)),
  lon: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(...edges.lon)),
  area: fc.integer({ min: 10, max: 300 }),
  roof: fc.constantFrom("tin", "slate"),
});
/** A town: many huts within some kilometres, some on the very same spot. */
const town = fc
  .tuple(
    anywhere,
    fc.array(fc.tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -40, max: 40 }), anywhere), {
      minLength: 60,
      maxLength: 150,
    }),
  )
  .map(([{ lat, lon }, around]) =>
    around.map(([north, east, one]) => ({
      ...one,
      lat: Math.min(90, Math.max(-90, lat + north / 1000)),
      lon: Math.min(180, Math.max(-180, lon + east / 1000)),
    })),
  );
const land = fc
  .tuple(fc.array(anywhere, { maxLength: 80 }), fc.array(town, { maxLength: 3 }))
  .map((parts) => parts.flat(2));

describe("comparables on the ground", () => {
  it.each([
    [
      "a place and a number",
      {
        near: [
          { by: "position", scale: 1 },
          { by: "area", scale: 30 },
        ],
      },
    ],
    ["a place alone", { near: [{ by: "position", scale: 5 }] }],
    [
      "a place that hardly matters",
      {
        near: [
          { by: "area", scale: 1 },
          { by: "position", scale: 20_000 },
        ],
      },
    ],
    ["a number alone", { near: [{ by: "area", scale: 2 }] }],
    [
      "levels, a place and a number",
      {
        match: ["roof"],
        near: [
          { by: "position", scale: 1 },
          { by: "area", scale: 30 },
        ],
      },
    ],
  ])("are the nearest of all by %s", async (_, similar) => {
    const spec = comparing(similar);
    await fc.assert(
      fc.asyncProperty(land, anywhere, fc.integer({ min: 1, max: 8 }), async (all, elsewhere, n) => {
        await resetStorage();
        service = new Service();
        await fill(spec, all);
        for (const row of [elsewhere, ...all.slice(-1)]) {
          const options = { n, neighbours: 0, nearness: byFeatures(spec), ties: 4 };
          const { items, complete } = await findSimilar(env, spec, row, options);
          expect(items.map(({ distance }) => distance)).toEqual(bruteForce(spec, all, row, n));
          expect(complete).toBe(true);
        }
      }),
      { numRuns: 8 },
    );
  });

  it("say how far each is, in kilometres and in the unit of each number", async () => {
    await fill(huts, [hut(10, 20, 100), hut(10.01, 20, 130), hut(10, 179.9)]);
    const { items, complete, spread } = await ask(hut(10, 20), 3);
    expect(complete).toBe(true);
    expect(items.map(({ id }) => id)).toEqual(["h0", "h1", "h2"]);
    expect(items[1].apart).toEqual([
      { by: "position", difference: expect.closeTo(1.11195, 4), unit: "km" },
      { by: "area", difference: 30, unit: "m²" },
    ]);
    expect(items[1].distance).toBeCloseTo(Math.hypot(1.11195, 1), 4);
    expect(spread).toMatchObject({ count: 3, nearest: { low: 100, high: 130 } });
  });

  it("say that not all were read where thousands lie on one spot", async () => {
    const spec = comparing({ near: [{ by: "position", scale: 1 }] });
    await fill(
      spec,
      Array.from({ length: 5200 }, () => hut(1, 1)),
    );
    const crowded = await ask(hut(1, 1), 2);
    expect(crowded.items.map(({ distance }) => distance)).toEqual([0, 0]);
    expect(crowded.complete).toBe(false);
    expect((await ask(hut(-50, 100), 2)).items).toHaveLength(2);
  });

  it("fill up with other levels when relaxed, by distance", async () => {
    await fill(comparing({ match: ["roof"], near: [{ by: "position", scale: 1 }] }), [
      hut(10, 20, 100, "slate"),
      hut(10.5, 20, 100, "slate"),
      hut(40, 20),
    ]);
    const { items } = await ask(hut(10, 20), 3, "&relaxed=true");
    expect(items.map(({ id, exact }) => [id, exact])).toEqual([
      ["h2", true],
      ["h0", false],
      ["h1", false],
    ]);
  });

  it("leave out items that do not tell what the row does", async () => {
    await fill(
      comparing({
        near: [
          { by: "position", scale: 1 },
          { by: "beds", scale: 1 },
        ],
      }),
      [{ ...hut(10, 20), beds: 2 }, hut(10, 20)],
    );
    expect((await ask({ ...hut(10, 20), beds: 3 }, 5)).items.map(({ id }) => id)).toEqual(["h0"]);
    expect((await ask(hut(10, 20), 5)).items).toHaveLength(2);
  });

  it("are indexed anew when a spec begins to compare a place, to the same cells as JavaScript's", async () => {
    const all = fc.sample(anywhere, 200);
    await fill(comparing({ nearest: "area" }), all);
    expect((await env.DB.prepare("select count(*) as n from items where cell is not null").first())?.n).toBe(
      0,
    );
    await register(service, comparing(huts.similar as object, 2));
    const { results } = await env.DB.prepare("select id, cell, near from items").all<{
      id: string;
      cell: number;
      near: number;
    }>();
    for (const { id, cell, near } of results) {
      const { lat, lon, area } = all[Number(id.slice(1))];
      expect([cell, near]).toEqual([cellOf({ latitude: lat, longitude: lon }), area]);
    }
  });

  it("are found by index scans", async () => {
    await register(service, huts);
    const plan = async (sql: string) =>
      (
        await env.DB.prepare(`explain query plan ${sql}`)
          .bind("huts", "[]", "[]", 1, 2, 3)
          .all<{ detail: string }>()
      ).results
        .map(({ detail }) => detail)
        .join("; ");
    for (const sql of [...termStatements.curve, ...termStatements.number, termStatements.span])
      expect(await plan(`select * from (${sql}) where ?6 > 0 and ?5 > 0 and ?4 > 0 and ?3 > ''`)).toMatch(
        /SEARCH items USING INDEX items_(place|similar) \(dataset=\? AND match_key=\? AND (cell|near)[<>]/,
      );
    expect(await plan(termStatements.disc)).toMatch(
      /SEARCH items USING COVERING INDEX items_place \(dataset=\? AND match_key=\? AND cell>\? AND cell<\?\)/,
    );
  });
});

describe("a spec that compares", () => {
  it.each([
    [{ near: [{ by: "nowhere", scale: 1 }] }, "/similar/near/0/by"],
    [{ near: [{ by: "roof", scale: 1 }] }, "/similar/near/0/by"],
    [
      {
        near: [
          { by: "area", scale: 1 },
          { by: "area", scale: 2 },
        ],
      },
      "/similar/near/1/by",
    ],
    [{ near: [{ by: "beds", scale: 1 }] }, "/similar/near"],
    [{ near: [{ by: "area", scale: 0 }] }, "/similar/near/0/scale"],
    [{ nearest: "area", near: [{ by: "area", scale: 1 }] }, "/similar/nearest"],
    [{ match: ["roof"] }, "/similar/nearest"],
  ])("is refused with %j", async (similar, pointer) => {
    const answer = await service.fetch("/v1/datasets/huts", {
      method: "PUT",
      json: { ...huts, similar },
      token: "admin",
    });
    expect(answer.status).toBe(422);
    const { errors } = await answer.json<{ errors: { pointer: string }[] }>();
    expect(errors.map((fault) => fault.pointer)).toEqual([pointer]);
  });
});
