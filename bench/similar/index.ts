// bench:similar: how long the query for comparables takes among 10,000 and among 1,000,000 items, in local D1, exact and relaxed.
//
//   npm run bench:similar [-- --large 1000000 --rounds 60 --table houses]
//
// The two databases take turns; every request asks for many rows one after the other, so that HTTP weighs little.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { buildScript } from "../http/build-script.ts";
import { migrate } from "../http/migrate.ts";
import { printTable } from "../train/table.ts";

const { values } = parseArgs({
  options: {
    large: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "60" },
    table: { type: "string" },
  },
});
const sizes = { small: 10_000, large: Number(values.large) };
const rounds = Number(values.rounds);
if (
  !(Number.isInteger(sizes.large) && sizes.large >= sizes.small) ||
  !(Number.isInteger(rounds) && rounds > 0) ||
  !["stones", "houses", undefined].includes(values.table)
) {
  console.error("expected --large of at least 10000, --rounds of at least 1, --table stones or houses");
  process.exit(2);
}

const itemsAStatement = 5000;
const queriesARequest = 20;
type Size = keyof typeof sizes;
const tables = ["stones", "houses"].filter((table) => table === (values.table ?? table));

const cases = [
  { name: "by a number, 5 items", query: "table=stones&n=5" },
  { name: "by a number, 20 items", query: "table=stones&n=20" },
  { name: "by a number, relaxed from levels nobody has, 5 items", query: "table=stones&n=5&relaxed" },
  { name: "by place and number, 5 items", query: "table=houses&n=5" },
  { name: "by place and number, 20 items", query: "table=houses&n=20" },
  {
    name: "by place and number, relaxed from a level nobody has, 5 items",
    query: "table=houses&n=5&relaxed",
  },
];

const folder = mkdtempSync(join(tmpdir(), "bench-similar-"));
const server = new Miniflare(
  convertV4MiniflareOptions({
    name: "similar",
    modules: true,
    script: readFileSync(buildScript(folder, "bench/similar/worker.ts"), "utf8"),
    compatibilityDate: "2026-10-01",
    d1Databases: { SMALL: "small", LARGE: "large" },
    resourcePersistencePath: join(folder, "state"),
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  }),
);

interface Asked {
  /** Of one query, the mean of a request. */
  readonly milliseconds: number;
  readonly rowsRead: number;
  /** Queries of the request that did not read all that could be nearer. */
  readonly incomplete: number;
}

async function ask(origin: URL, size: Size, query: string, seed: number): Promise<Asked> {
  const start = performance.now();
  const answer = await fetch(
    new URL(`/?size=${size}&times=${queriesARequest}&seed=${seed}&${query}`, origin),
  );
  const told = (await answer.json()) as { found: number; incomplete: number; rowsRead: number };
  if (told.found === 0) throw new Error(`${query}: nothing found`);
  return {
    milliseconds: (performance.now() - start) / queriesARequest,
    rowsRead: told.rowsRead / queriesARequest,
    incomplete: told.incomplete,
  };
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

try {
  await server.ready;
  const origin = await server.unsafeGetDirectURL("similar");
  for (const [size, binding] of [
    ["small", "SMALL"],
    ["large", "LARGE"],
  ] as const) {
    await migrate(await server.getD1Database(binding));
    const start = performance.now();
    for (const table of tables)
      for (let from = 0; from < sizes[size]; from += itemsAStatement) {
        const count = Math.min(itemsAStatement, sizes[size] - from);
        await fetch(new URL(`/fill?table=${table}&size=${size}&from=${from}&count=${count}`, origin));
      }
    console.log(
      `${tables.length} x ${sizes[size]} items inserted in ${((performance.now() - start) / 1000).toFixed(1)} s`,
    );
  }
  const lines: string[][] = [];
  for (const { name, query } of cases.filter((one) => tables.some((table) => one.query.includes(table)))) {
    const asked: Record<Size, Asked[]> = { small: [], large: [] };
    for (let round = -5; round < rounds; round++) {
      for (const size of ["small", "large"] as const) {
        const took = await ask(origin, size, query, round + 1000);
        if (round >= 0) asked[size].push(took);
      }
    }
    const [small, large] = [asked.small, asked.large].map((all) => ({
      p50: median(all.map(({ milliseconds }) => milliseconds)),
      rows: median(all.map(({ rowsRead }) => rowsRead)).toFixed(0),
    }));
    const times = [small.p50.toFixed(3), large.p50.toFixed(3), (large.p50 / small.p50).toFixed(2)];
    const incomplete = [...asked.small, ...asked.large].reduce((sum, one) => sum + one.incomplete, 0);
    lines.push([name, ...times, small.rows, large.rows, String(incomplete)]);
  }
  const [small, large] = [sizes.small, sizes.large];
  printTable(
    [
      "",
      `p50 ms, ${small}`,
      `p50 ms, ${large}`,
      "ratio",
      `rows read, ${small}`,
      `rows read, ${large}`,
      "incomplete",
    ],
    lines,
  );
} finally {
  await server.dispose();
  rmSync(folder, { recursive: true, force: true });
}
