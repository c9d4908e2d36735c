// Jobs: listed, read and cancelled by those who ask for them.
import { createRoute, z } from "@hono/zod-openapi";
import { pageOf } from "#core/api/answers.ts";
import { Job, jobKinds, jobStates } from "#core/api/jobs.ts";
import { InputError } from "#core/api/problem.ts";
import type { App, AppContext } from "../../http/context.ts";
import { json, pageQuery, problems, secured } from "../../http/description.ts";
import { cancelJob, createJob, listJobs, type NewJob, requireJob } from "../store/jobs.ts";

export const JobPath = z.object({ id: z.string().meta({ description: "The job's id." }) });

export const idempotencyHeader = z.object({
  "idempotency-key": z
    .string()
    .optional()
    .meta({ description: "Chosen by the sender: sent again, it answers with the job that it made." }),
});

export const acceptedJob = {
  ...json(Job, "In the queue; Location is where to ask for it."),
  headers: { Location: { description: "The job.", schema: { type: "string" as const } } },
};

const longestKey = 200;

function findIdempotencyKey(c: AppContext): string | undefined {
  const key = c.req.header("idempotency-key");
  if (key === undefined || (key !== "" && key.length <= longestKey)) return key;
  const detail = `expected 1 to ${longestKey} characters`;
  throw new InputError([{ pointer: "/idempotency-key", detail }]);
}

/** Queues a job in the caller's name and answers 202 with it. */
export async function acceptJob(
  c: AppContext,
  asked: Pick<NewJob, "kind" | "dataset" | "params" | "known">,
  begin?: (job: Job) => Promise<void>,
): Promise<Response> {
  const actor = c.var.principal.subject;
  const job = await createJob(c.env, { ...asked, actor, idempotencyKey: findIdempotencyKey(c) });
  if (!job) throw new Error("only a job that must stand alone may be refused its place");
  await begin?.(job);
  return c.json(job, 202, { location: `/v1/jobs/${job.id}` });
}

const list = createRoute({
  method: "get",
  path: "/v1/jobs",
  operationId: "listJobs",
  tags: ["Jobs"],
  summary: "List jobs, newest first",
  security: secured,
  request: {
    query: pageQuery.extend({
      dataset: z.string().max(63).optional(),
      kind: z.enum(jobKinds).optional(),
      state: z.enum(jobStates).optional(),
    }),
  },
  responses: { 200: json(pageOf(Job), "A page of jobs."), ...problems(400, 401, 403) },
});

const read = createRoute({
  method: "get",
  path: "/v1/jobs/{id}",
  operationId: "getJob",
  tags: ["Jobs"],
  summary: "Read a job: its state, progress and result",
  security: secured,
  request: { params: JobPath },
  responses: { 200: json(Job, "The job."), ...problems(401, 403, 404) },
});

const cancel = createRoute({
  method: "post",
  path: "/v1/jobs/{id}/cancel",
  operationId: "cancelJob",
  tags: ["Jobs"],
  summary: "Cancel a job, in the middle of it too",
  description:
    "One that waits is cancelled at once; one that runs as soon as whoever works on it hears of it, within a third of its lease. " +
    "Cancelling twice is harmless; one that has ended otherwise answers 409.",
  security: secured,
  request: { params: JobPath },
  responses: { 200: json(Job, "Cancelled, or about to be."), ...problems(401, 403, 404, 409) },
});

export function mountJobs(app: App): void {
  app.openapi(list, async (c) => {
    const { cursor, limit, ...filter } = c.req.valid("query");
    return c.json(await listJobs(c.env, filter, { cursor, limit }), 200);
  });

  app.openapi(read, async (c) => {
    c.header("cache-control", "no-store");
    return c.json(await requireJob(c.env, c.req.valid("param").id), 200);
  });

  app.openapi(cancel, async (c) => c.json(await cancelJob(c.env, c.req.valid("param").id), 200));
}
