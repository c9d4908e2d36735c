// The entry of the Worker: requests in, log entries and dead letters from the queues.
import { createApp } from "./app.ts";
import type { Env } from "./env.ts";
import { Isolate } from "./isolate.ts";
import { consumeDeadLetters } from "./queues/dead-letters.ts";
import { consumeRequestLog } from "./queues/request-log.ts";

const app = createApp(new Isolate());

/** How the queue of wrangler.toml's dead_letter_queue ends, whatever comes before. */
const deadLetters = "-dead";

export default {
  fetch: app.fetch,
  queue: (batch, env) =>
    batch.queue.endsWith(deadLetters) ? consumeDeadLetters(batch, env) : consumeRequestLog(batch, env),
} satisfies ExportedHandler<Env, unknown>;
