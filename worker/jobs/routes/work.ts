// The trainers' side of jobs: claimed under a lease, which every report must name.
import { createRoute, z } from "@hono/zod-openapi";
import * as jobs from "#core/api/jobs.ts";
import { parseWith, readJson } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { json, problems, secured } from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import * as store from "../store/leases.ts";
import { JobPath } from "./jobs.ts";

const bodyOf = (name: string) => ({
  required: true,
  content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
});

const claim = createRoute({
  method: "post",
  path: "/v1/jobs/claim",
  operationId: "claimJob",
  tags: ["Trainers"],
  summary: "Claim the oldest job that waits, or whose trainer has fallen silent",
  description: "The lease in the answer is needed for everything else, and must be kept alive by heartbeats.",
  security: secured,
  request: { body: bodyOf("Claim") },
  responses: {
    200: json(jobs.ClaimedJob, "The job is yours for leaseSeconds."),
    204: { description: "Nothing to do: ask again later." },
    ...problems(400, 401, 403, 413, 415, 422),
  },
});

interface Report<T> {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly body: string;
  readonly schema: z.ZodType<T>;
  readonly bytes: number;
  readonly answer: z.ZodType;
  readonly act: (c: AppContext, id: string, body: T) => Promise<object>;
}

function mountReport<T>(app: App, report: Report<T>): void {
  const route = createRoute({
    method: "post",
    path: `/v1/jobs/{id}/${report.path}`,
    operationId: report.operationId,
    tags: ["Trainers"],
    summary: report.summary,
    description: "409 where the lease is lost: another trainer may have the job by now.",
    security: secured,
    request: { params: JobPath, body: bodyOf(report.body) },
    responses: {
      200: json(report.answer, "Noted."),
      ...problems(400, 401, 403, 404, 409, 413, 415, 422),
    },
  });
  app.openapi(route, async (c) => {
    const body = parseWith(report.schema, await readJson(c, report.bytes));
    return c.json(await report.act(c, c.req.valid("param").id, body), 200) as never;
  });
}

export function mountJobWork(app: App): void {
  app.openapi(claim, async (c) => {
    const job = await store.claimJob(c.env, parseWith(jobs.Claim, await readJson(c, limits.jobBytes)));
    return job ? c.json(job, 200) : c.body(null, 204);
  });

  mountReport(app, {
    ...{ path: "heartbeat", operationId: "extendLease", body: "Heartbeat", schema: jobs.Heartbeat },
    ...{ summary: "Keep the lease, and hear whether to stop", bytes: limits.jobBytes },
    answer: jobs.HeartbeatAnswer,
    act: (c, id, { lease }) => store.extendLease(c.env, id, lease),
  });
  mountReport(app, {
    ...{ path: "events", operationId: "reportJob", body: "JobReport", schema: jobs.JobReport },
    ...{ summary: "Tell progress and log lines", bytes: limits.reportBytes, answer: z.object({}) },
    act: async (c, id, report) => {
      await store.reportJob(c.env, id, report);
      return {};
    },
  });
  mountReport(app, {
    ...{ path: "release", operationId: "releaseJob", body: "Heartbeat", schema: jobs.Heartbeat },
    ...{ summary: "Give the job back to the queue", bytes: limits.jobBytes, answer: jobs.Job },
    act: (c, id, { lease }) => store.releaseJob(c.env, id, lease),
  });
  mountReport(app, {
    ...{ path: "complete", operationId: "completeJob", body: "Completion", schema: jobs.Completion },
    ...{ summary: "End the job with its result", bytes: limits.resultBytes, answer: jobs.Job },
    act: (c, id, { lease, result }) => store.completeJob(c.env, id, lease, result),
  });
  mountReport(app, {
    ...{ path: "fail", operationId: "failJob", body: "Failure", schema: jobs.Failure },
    ...{ summary: "End the job with the reason why there is no result", bytes: limits.jobBytes },
    answer: jobs.Job,
    act: (c, id, { lease, error, retry }) => store.failJob(c.env, id, lease, error, retry),
  });
}
