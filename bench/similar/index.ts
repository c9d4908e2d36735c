// bench:similar: how long the query for comparables takes among 10,000 and among 1,000,000 items, in local D1, exact and relaxed.
//
//   npm run bench:similar [-- --large 1000000 --rounds 60]
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
  options: { large: { type: "string", default: "1000000" }, rounds: { type: "string", default: "60" } },
});
const sizes = { small: 10_000, large: Number(values.large) };
const rounds = Number(values.rounds);
if (
  !(Number.isInteger(sizes.large) && sizes.large >= sizes.small) ||
  !(Number.isInteger(rounds) && rounds > 0)
) {
  console.error("expected --large of at least 10000 and --rounds of at least 1");
  process.exit(2);
}

const itemsAStatement = 5000;
const queriesARequest = 20;
type Size = keyof typeof sizes;

const cases = [
  { name: "exact, 5 items", query: "n=5" },
  { name: "exact, 20 items", query: "n=20" },
  { name: "relaxed from levels nobody has, 5 items", query: "n=5&relaxed" },
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

/** Milliseconds of one query, the mean of a request. */
async function ask(origin: URL, size: Size, query: string, seed: number): Promise<number> {
  const start = performance.now();
  const answer = await fetch(
    new URL(`/?size=${size}&times=${queriesARequest}&seed=${seed}&${query}`, origin),
  );
  const { found } = (await answer.json()) as { found: number };
  if (found === 0) throw new Error(`${query}: nothing found`);
  return (performance.now() - start) / queriesARequest;
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
    for (let from = 0; from < sizes[size]; from += itemsAStatement)
      await fetch(
        new URL(
          `/fill?size=${size}&from=${from}&count=${Math.min(itemsAStatement, sizes[size] - from)}`,
          origin,
        ),
      );
    console.log(`${sizes[size]} items inserted in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  const lines: string[][] = [];
  for (const { name, query } of cases) {
    const times: Record<Size, number[]> = { small: [], large: [] };
    for (let round = -5; round < rounds; round++) {
      for (const size of ["small", "large"] as const) {
        const took = await ask(origin, size, query, round + 1000);
        if (round >= 0) times[size].push(took);
      }
    }
    const [small, large] = [median(times.small), median(times.large)];
    lines.push([name, small.toFixed(3), large.toFixed(3), (large / small).toFixed(2)]);
  }
  printTable(["", `p50 ms, ${sizes.small}`, `p50 ms, ${sizes.large}`, "ratio"], lines);
} finally {
  await server.dispose();
  rmSync(folder, { recursive: true, force: true });
}
