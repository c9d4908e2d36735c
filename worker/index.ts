// The entry of the Worker: requests, what the queues deliver (log entries, dead letters, slices of batches), and the clock.
import { createApp } from "./app.ts";
import type { Env } from "./env.ts";
import { Isolate } from "./isolate.ts";
import { keepJobsGoing } from "./jobs/schedule.ts";
import { consumeBatchJobs } from "./queues/batch-jobs.ts";
import { consumeDeadLetters } from "./queues/dead-letters.ts";
import { consumeRequestLog } from "./queues/request-log.ts";

const isolate = new Isolate();
const app = createApp(isolate);

/** How the queue of wrangler.toml's dead_letter_queue ends, whatever comes before. */
const deadLetters = "-dead";
const batches = "-batches";

export default {
  fetch: app.fetch,
  queue(batch, env) {
    if (batch.queue.endsWith(deadLetters)) return consumeDeadLetters(batch, env);
    if (batch.queue.endsWith(batches)) return consumeBatchJobs(batch, env, isolate);
    return consumeRequestLog(batch, env);
  },
  scheduled: (controller, env) => keepJobsGoing(env, controller.scheduledTime),
} satisfies ExportedHandler<Env, unknown>;
