// How a route queues a job: the Idempotency-Key it takes and the 202 it answers.
import { z } from "@hono/zod-openapi";
import { Job } from "#core/api/jobs.ts";
import { InputError } from "#core/api/problem.ts";
import type { AppContext } from "../http/context.ts";
import { json } from "../http/description.ts";
import { createJob, type NewJob } from "./store/jobs.ts";

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
