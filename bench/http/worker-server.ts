// The Worker as it is deployed, on workerd: the script that wrangler would upload, local D1, R2 and Queues, and a socket straight to it.
// `wrangler dev` and Miniflare's own port put a proxy written in JavaScript before it, which costs more than the Worker.
// Usage: node bench/http/worker-server.ts SCRIPT STATE PORT (a file, a folder of storage, a port, the next one being a second, cold copy's).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_readConfig as readConfig } from "wrangler";
import { migrate } from "./migrate.ts";

const root = join(import.meta.dirname, "../..");
const [script, state, port] = process.argv.slice(2);

/** What of wrangler.toml a price needs. */
interface Config {
  readonly name: string;
  readonly compatibility_date: string;
  readonly vars: Record<string, string>;
  readonly d1_databases: readonly { readonly binding: string }[];
  readonly r2_buckets: readonly { readonly binding: string }[];
  readonly ratelimits: readonly {
    readonly name: string;
    readonly namespace_id: string;
    readonly simple: { readonly limit: number; readonly period: 10 | 60 };
  }[];
  readonly queues: {
    readonly producers: readonly { readonly binding: string; readonly queue: string }[];
    readonly consumers: readonly {
      readonly queue: string;
      readonly max_batch_size: number;
      readonly max_batch_timeout: number;
      readonly max_retries: number;
      readonly dead_letter_queue?: string;
    }[];
  };
}

const config = readConfig({ config: join(root, "wrangler.toml") }) as Config;

/** The Worker on a port of its own; both copies have the same storage. */
const workerOn = (name: string, socket: number) => ({
  name,
  modules: true as const,
  script: readFileSync(script, "utf8"),
  compatibilityDate: config.compatibility_date,
  bindings: {
    ...config.vars,
    ADMIN_TOKEN: process.env.ADMIN_TOKEN ?? "",
    SIGNING_SECRET: process.env.SIGNING_SECRET ?? "",
  },
  d1Databases: Object.fromEntries(config.d1_databases.map(({ binding }) => [binding, binding])),
  r2Buckets: Object.fromEntries(config.r2_buckets.map(({ binding }) => [binding, binding.toLowerCase()])),
  ratelimits: Object.fromEntries(config.ratelimits.map(({ name, ...limit }) => [name, limit])),
  queueProducers: Object.fromEntries(
    config.queues.producers.map(({ binding, queue }) => [binding, { queueName: queue }]),
  ),
  unsafeDirectSockets: [{ host: "127.0.0.1", port: socket }],
});

const queueConsumers = Object.fromEntries(
  config.queues.consumers.map((consumer) => [
    consumer.queue,
    {
      maxBatchSize: consumer.max_batch_size,
      maxBatchTimeout: consumer.max_batch_timeout,
      maxRetries: consumer.max_retries,
      deadLetterQueue: consumer.dead_letter_queue,
    },
  ]),
);

const server = new Miniflare(
  convertV4MiniflareOptions({
    workers: [
      { ...workerOn(config.name, Number(port)), queueConsumers },
      // An isolate that nobody has asked anything, for when the storage is warm already.
      workerOn(`${config.name}-cold`, Number(port) + 1),
    ],
    resourcePersistencePath: state,
  }),
);

await server.ready;
const database = await server.getD1Database("DB");
const [{ n }] = (
  await database
    .prepare("select count(*) as n from sqlite_master where name = 'datasets'")
    .all<{ n: number }>()
).results;
if (n === 0) await migrate(database);
console.log("ready");

async function stop(): Promise<void> {
  await server.dispose();
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
