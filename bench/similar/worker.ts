// The Worker of bench:similar: fills two databases with made-up stones and houses, and finds comparables in either as the API does.
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { seeded } from "#core/random.ts";
import diamonds from "../../data/diamonds/dataset.json";
import { byFeatures } from "../../worker/comparables/nearness.ts";
import { findSimilar } from "../../worker/comparables/store.ts";
import type { Env } from "../../worker/env.ts";
import { packItem } from "../../worker/items/store/items.ts";
import { drawHouse, houses } from "./houses.ts";

interface BenchEnv {
  readonly SMALL: D1Database;
  readonly LARGE: D1Database;
}

type Row = Record<string, number | string>;

interface Table {
  readonly spec: DatasetSpec;
  readonly draw: (random: () => number) => Row;
  /** Levels that no item has: relaxed searches start from them. */
  readonly lonely: Row;
}

const stones: DatasetSpec = checkSpec(diamonds);

const insert = `
  insert into items (dataset, id, features, target, match_key, near, cell, revision, created_at, updated_at)
  select ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, 1, 0, 0 from json_each(?1)`;

/** A row whose levels and nearest-by number are drawn; many share a number, as stones share a weight. */
function drawStone(random: () => number): Row {
  const features = stones.features.filter(({ required }) => required);
  return Object.fromEntries(
    features.map((feature) => [
      feature.name,
      feature.type === "category"
        ? feature.levels[Math.floor(random() * feature.levels.length)]
        : Number((0.2 + 3 * random() ** 2).toFixed(2)),
    ]),
  );
}

const tables: Readonly<Record<string, Table>> = {
  stones: {
    spec: stones,
    draw: drawStone,
    lonely: Object.fromEntries(
      stones.features.flatMap((feature) =>
        feature.type === "category" ? [[feature.name, feature.levels[0]]] : [],
      ),
    ),
  },
  houses: { spec: houses, draw: drawHouse, lonely: { kind: "castle" } },
};

const isLonely = (row: Row, lonely: Row) =>
  Object.entries(lonely).every(([name, level]) => row[name] === level);

async function fill(
  database: D1Database,
  { spec, draw, lonely }: Table,
  from: number,
  count: number,
): Promise<void> {
  const random = seeded(from + 1);
  const packed: string[] = [];
  for (let at = from; at < from + count; at++) {
    let row = draw(random);
    while (isLonely(row, lonely)) row = draw(random);
    packed.push(packItem(spec, { id: `i${at}`, row, target: 1000 }));
  }
  await database
    .prepare(insert)
    .bind(`[${packed.join(",")}]`, spec.name)
    .run();
}

/** The database, and how many rows its batches have read, by its own count. */
function counting(database: D1Database): { readonly DB: D1Database; readonly rowsRead: () => number } {
  let rows = 0;
  const DB = new Proxy(database, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (name !== "batch") return typeof value === "function" ? value.bind(target) : value;
      return async (statements: D1PreparedStatement[]) => {
        const results = await target.batch(statements);
        for (const { meta } of results) rows += meta.rows_read;
        return results;
      };
    },
  });
  return { DB, rowsRead: () => rows };
}

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const number = (name: string) => Number(searchParams.get(name));
    const database = searchParams.get("size") === "large" ? env.LARGE : env.SMALL;
    const table = tables[searchParams.get("table") ?? ""];
    if (pathname === "/fill") {
      await fill(database, table, number("from"), number("count"));
      return new Response("filled");
    }
    const { spec, draw, lonely } = table;
    const random = seeded(number("seed"));
    const isRelaxed = searchParams.has("relaxed");
    const { DB, rowsRead } = counting(database);
    let found = 0;
    let incomplete = 0;
    for (let time = 0; time < number("times"); time++) {
      const drawn = draw(random);
      const row = isRelaxed ? { ...drawn, ...lonely } : drawn;
      const options = {
        n: number("n"),
        neighbours: isRelaxed ? 22 : 0,
        nearness: byFeatures(spec),
        ties: 100,
      };
      const { items, complete } = await findSimilar({ DB } as Env, spec, row, options);
      found += items.length;
      incomplete += complete ? 0 : 1;
    }
    return Response.json({ found, incomplete, rowsRead: rowsRead() });
  },
};
