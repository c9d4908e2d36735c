// The entry of the Worker: requests in; log entries, dead letters and prices of challengers from the queues.
import { createApp } from "./app.ts";
import type { Env } from "./env.ts";
import { Isolate } from "./isolate.ts";
import { consumeDeadLetters } from "./queues/dead-letters.ts";
import { consumeRequestLog } from "./queues/request-log.ts";
import { consumeShadow } from "./queues/shadow.ts";

const app = createApp(new Isolate());

/** How the queues of wrangler.toml end that are not the request log's own, whatever comes before. */
const consumers = { "-dead": consumeDeadLetters, "-shadow": consumeShadow } as const;

function consume(batch: MessageBatch<unknown>, env: Env): Promise<void> {
  const found = Object.entries(consumers).find(([ending]) => batch.queue.endsWith(ending));
  return (found?.[1] ?? consumeRequestLog)(batch, env);
}

export default {
  fetch: app.fetch,
  queue: consume,
} satisfies ExportedHandler<Env, unknown>;
