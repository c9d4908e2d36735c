// The events of a job as they come: server-sent events that a reader may pick up again where it lost them.
import { createRoute, z } from "@hono/zod-openapi";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { Refusal } from "#core/api/refusal.ts";
import type { App, AppContext } from "../../http/context.ts";
import { problems, secured } from "../../http/description.ts";
import { limits, times } from "../../http/limits.ts";
import { type JobEvent, listJobEvents } from "../store/events.ts";
import { requireJob } from "../store/jobs.ts";
import { JobPath } from "./jobs.ts";

const route = createRoute({
  method: "get",
  path: "/v1/jobs/{id}/events",
  operationId: "followJob",
  tags: ["Jobs"],
  summary: "Follow a job as server-sent events: state, progress, log",
  description:
    "A stream ends with the job, or after three quarters of a minute: EventSource then goes on by itself after the Last-Event-ID. " +
    "204 where the job has ended and nothing is left to tell.",
  security: secured,
  request: { params: JobPath, headers: z.object({ "last-event-id": z.string().optional() }) },
  responses: {
    200: { description: "The events.", content: { "text/event-stream": { schema: { type: "string" } } } },
    204: { description: "The reader knows it all." },
    ...problems(400, 401, 403, 404),
  },
});

function parseLastEvent(c: AppContext): number {
  const given = c.req.header("last-event-id") ?? "0";
  if (/^\d{1,15}$/.test(given)) return Number(given);
  const errors = [{ pointer: "/last-event-id", detail: "expected the id of an event of this job" }];
  throw new Refusal("malformed", "a parameter of the query or the path is wrong", { errors });
}

async function write(stream: SSEStreamingApi, events: readonly JobEvent[]): Promise<void> {
  for (const { sequence, type, data } of events)
    await stream.writeSSE({ id: String(sequence), event: type, data });
}

/** Writes events as they come until the last, the reader's leaving, or the bound on reads. */
async function follow(c: AppContext, stream: SSEStreamingApi, id: string, events: JobEvent[], after: number) {
  let last = after;
  let page = events;
  let silentMs = 0;
  await stream.write(`retry: ${times.eventPollMs}\n\n`);
  for (let reads = 1; !stream.aborted; reads++) {
    await write(stream, page);
    last = page.at(-1)?.sequence ?? last;
    if (page.some(({ isLast }) => isLast) || reads >= limits.eventReads) return;
    if (page.length < limits.eventPage) {
      await stream.sleep(times.eventPollMs);
      silentMs = page.length > 0 ? 0 : silentMs + times.eventPollMs;
    }
    if (silentMs >= times.eventBeatMs) {
      await stream.write(": still here\n\n");
      silentMs = 0;
    }
    page = await listJobEvents(c.env, id, last, limits.eventPage);
  }
}

export function mountJobEvents(app: App): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const after = parseLastEvent(c);
    const { finishedAt } = await requireJob(c.env, id);
    const events = await listJobEvents(c.env, id, after, limits.eventPage);
    if (finishedAt !== null && events.length === 0) return c.body(null, 204) as never;
    return streamSSE(
      c,
      (stream) => follow(c, stream, id, events, after),
      async (error) => console.error(`the events of ${id} break off`, error),
    ) as never;
  });
}
