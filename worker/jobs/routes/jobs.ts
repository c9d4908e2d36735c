// Jobs: listed, read and cancelled by those who ask for them.
import { createRoute, z } from "@hono/zod-openapi";
import { pageOf } from "#core/api/answers.ts";
import { Job, jobKinds, jobStates } from "#core/api/jobs.ts";
import type { App } from "../../http/context.ts";
import { json, pageQuery, problems, secured } from "../../http/description.ts";
import { cancelJob, listJobs, requireJob } from "../store/jobs.ts";

export const JobPath = z.object({ id: z.string().meta({ description: "The job's id." }) });

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
