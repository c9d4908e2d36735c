// The entry of the Worker: requests, what the queues deliver (log entries, dead letters, prices of challengers, slices of batches), and the clock.
import { createApp } from "./app.ts";
import { consumeBatchJobs } from "./batches/queue.ts";
import type { Env } from "./env.ts";
import { keepJobsGoing } from "./jobs/schedule.ts";
import { consumeDeadLetters } from "./requests/dead-letters.ts";
import { consumeRequestLog } from "./requests/queue.ts";
import { Isolate } from "./serving/isolate.ts";
import { consumeShadow } from "./shadow/queue.ts";

const isolate = new Isolate();
const app = createApp(isolate);

/** How the queues of wrangler.toml end that are not the request log's own, whatever comes before. */
const consumers = {
  "-dead": consumeDeadLetters,
  "-shadow": consumeShadow,
  "-batches": (batch: MessageBatch<unknown>, env: Env) => consumeBatchJobs(batch, env, isolate),
} as const;

function consume(batch: MessageBatch<unknown>, env: Env): Promise<void> {
  const found = Object.entries(consumers).find(([ending]) => batch.queue.endsWith(ending));
  return (found?.[1] ?? consumeRequestLog)(batch, env);
}

export default {
  fetch: app.fetch,
  queue: consume,
  scheduled: (controller, env) => keepJobsGoing(env, controller.scheduledTime),
} satisfies ExportedHandler<Env, unknown>;
