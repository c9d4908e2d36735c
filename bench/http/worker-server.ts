// The Worker as it is deployed, on workerd: the script that wrangler would upload, local D1, R2 and Queues, and a socket straight to it.
// `wrangler dev` and Miniflare's own port put a proxy written in JavaScript before it, which costs more than the Worker.
// Usage: tsx bench/http/worker-server.ts SCRIPT STATE PORT (a file, a folder of storage, a port). Says "ready" once it listens.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const root = join(import.meta.dirname, "../..");
const [script, state, port] = process.argv.slice(2);

/** What wrangler.toml says, as far as a price needs it. */
const queue = "appraise-requests";
const server = new Miniflare(
  convertV4MiniflareOptions({
    name: "appraise",
    modules: true,
    script: readFileSync(script, "utf8"),
    compatibilityDate: "2026-10-01",
    bindings: {
      PUBLIC_DATASETS: "diamonds",
      ADMIN_TOKEN: process.env.ADMIN_TOKEN ?? "",
      SIGNING_SECRET: process.env.SIGNING_SECRET ?? "",
    },
    d1Databases: { DB: "appraise" },
    r2Buckets: { BUCKET: "appraise-models" },
    queueProducers: { REQUEST_LOG: { queueName: queue } },
    queueConsumers: { [queue]: { maxBatchSize: 100, maxBatchTimeout: 1, maxRetries: 5 } },
    resourcePersistencePath: state,
    unsafeDirectSockets: [{ host: "127.0.0.1", port: Number(port) }],
  }),
);

await server.ready;
const database = await server.getD1Database("DB");
const tables = await database
  .prepare("select count(*) as n from sqlite_master where name = 'datasets'")
  .first<{ n: number }>();
if (tables?.n === 0) {
  const folder = join(root, "migrations");
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()) {
    const statements = readFileSync(join(folder, file), "utf8").split("--> statement-breakpoint");
    await database.batch(statements.map((statement) => database.prepare(statement)));
  }
}
console.log("ready");

async function stop(): Promise<void> {
  await server.dispose();
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
