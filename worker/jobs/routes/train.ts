// Training on demand: a job in the queue that the next free trainer claims.
import { createRoute } from "@hono/zod-openapi";
import { TrainRequest } from "#core/api/jobs.ts";
import { Refusal } from "#core/api/refusal.ts";
import { parseWith, readJson } from "../../http/body.ts";
import type { App } from "../../http/context.ts";
import { DatasetPath, problems, secured } from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { acceptedJob, acceptJob, idempotencyHeader } from "../accept-job.ts";

const route = createRoute({
  method: "post",
  path: "/v1/{dataset}/train",
  operationId: "trainModels",
  tags: ["Jobs"],
  summary: "Queue a training: {} retrains every family on the current items",
  description:
    "A trainer (`appraise work`) claims the job, trains, publishes, and moves the champion if the new model is surely better on the same " +
    "held-out rows. promote always overrules that: it needs a reason, and the scope models:promote.",
  security: secured,
  request: {
    params: DatasetPath,
    headers: idempotencyHeader,
    body: {
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/TrainRequest" } } },
    },
  },
  responses: { 202: acceptedJob, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
});

export function mountTrain(app: App): void {
  app.openapi(route, async (c) => {
    const { name } = await requireDataset(c);
    const params = parseWith(TrainRequest, await readJson(c, limits.jobBytes));
    const { principal } = c.var;
    // Whoever may only ask for trainings must not reach past the gate by way of the trainer, which may promote.
    if (params.promote === "always" && !principal.may("models:promote"))
      throw new Refusal("forbidden", "promote always needs the scope models:promote");
    return acceptJob(c, { kind: "train", dataset: name, params }) as never;
  });
}
