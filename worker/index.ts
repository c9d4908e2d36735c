// The entry of the Worker: requests in, log entries from the queue.
import { createApp } from "./app.ts";
import type { Env } from "./env.ts";
import { Isolate } from "./isolate.ts";
import { consumeRequestLog } from "./queues/request-log.ts";

const app = createApp(new Isolate());

export default {
  fetch: app.fetch,
  queue: consumeRequestLog,
} satisfies ExportedHandler<Env, unknown>;
