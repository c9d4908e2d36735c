// The Worker of bench:similar: fills two databases with made-up stones, and finds comparables in either as the API does.
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { seeded } from "#core/random.ts";
import diamonds from "../../data/diamonds/dataset.json";
import { byFeatures } from "../../worker/comparables/nearness.ts";
import { findSimilar } from "../../worker/comparables/store.ts";
import type { Env } from "../../worker/env.ts";
import { matchKeyOf } from "../../worker/items/store/items.ts";

interface BenchEnv {
  readonly SMALL: D1Database;
  readonly LARGE: D1Database;
}

const spec: DatasetSpec = checkSpec(diamonds);
const nearest = spec.similar?.nearest ?? "";

const insert = `
  insert into items (dataset, id, features, target, match_key, near, revision, created_at, updated_at)
  select ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, 1, 0, 0 from json_each(?1)`;

/** A row whose levels and nearest-by number are drawn; many share a number, as stones share a weight. */
function drawRow(random: () => number): Record<string, number | string> {
  const features = spec.features.filter(({ required }) => required);
  return Object.fromEntries(
    features.map((feature) => [
      feature.name,
      feature.type === "category"
        ? feature.levels[Math.floor(random() * feature.levels.length)]
        : Number((0.2 + 3 * random() ** 2).toFixed(2)),
    ]),
  );
}

/** The combination of levels that no item has: relaxed searches start from it. */
const lonely = Object.fromEntries(
  spec.features.flatMap((feature) =>
    feature.type === "category" ? [[feature.name, feature.levels[0]]] : [],
  ),
);
const isLonely = (row: Record<string, number | string>) =>
  Object.entries(lonely).every(([name, level]) => row[name] === level);

async function fill(database: D1Database, from: number, count: number): Promise<void> {
  const random = seeded(from + 1);
  const packed: unknown[] = [];
  for (let at = from; at < from + count; at++) {
    let row = drawRow(random);
    while (isLonely(row)) row = drawRow(random);
    packed.push([`i${at}`, JSON.stringify(row), 1000, matchKeyOf(spec, row), row[nearest]]);
  }
  await database.prepare(insert).bind(JSON.stringify(packed), spec.name).run();
}

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const number = (name: string) => Number(searchParams.get(name));
    const database = searchParams.get("size") === "large" ? env.LARGE : env.SMALL;
    if (pathname === "/fill") {
      await fill(database, number("from"), number("count"));
      return new Response("filled");
    }
    const random = seeded(number("seed"));
    const isRelaxed = searchParams.has("relaxed");
    let found = 0;
    for (let time = 0; time < number("times"); time++) {
      const drawn = drawRow(random);
      const row = isRelaxed ? { ...drawn, ...lonely } : drawn;
      const options = {
        n: number("n"),
        neighbours: isRelaxed ? 22 : 0,
        nearness: byFeatures(spec),
        ties: 100,
      };
      const { items } = await findSimilar({ DB: database } as Env, spec, nearest, row, options);
      found += items.length;
    }
    return Response.json({ found });
  },
};
