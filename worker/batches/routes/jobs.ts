// Batches beyond what one request takes: a file in, a file out, priced by the Worker itself slice by slice.
import { createRoute } from "@hono/zod-openapi";
import { BatchRequest, type FileFormat } from "#core/api/jobs.ts";
import { InputError } from "#core/api/problem.ts";
import { defaultCoverage } from "#core/bundle/conformal.ts";
import { parseWith, readJson } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { DatasetPath, problems, secured } from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import { acceptedJob, acceptJob, idempotencyHeader } from "../../jobs/index.ts";
import { chooseModel } from "../../serving/model-choice.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { sendSlice } from "../slice-queue.ts";
import { findFile } from "../store/files.ts";
import type { BatchPlan } from "../store/slices.ts";

const route = createRoute({
  method: "post",
  path: "/v1/{dataset}/predict/jobs",
  operationId: "predictFile",
  tags: ["Jobs"],
  summary: "Price a file of any number of rows, into another file",
  description:
    "source and result are names under /v1/files. The model is pinned now, whatever becomes champion meanwhile. A bad row fails alone, " +
    "as in predict/batch; the result appears once it is whole. The source must stay as it is until then.",
  security: secured,
  request: {
    params: DatasetPath,
    headers: idempotencyHeader,
    body: {
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/BatchRequest" } } },
    },
  },
  responses: { 202: acceptedJob, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
});

function findFormat(name: string): FileFormat {
  if (name.endsWith(".csv")) return "csv";
  if (/\.(ndjson|jsonl)$/.test(name)) return "ndjson";
  const detail = "required, since the source's name ends in none of .csv, .ndjson and .jsonl";
  throw new InputError([{ pointer: "/format", detail }]);
}

async function planBatch(c: AppContext): Promise<BatchPlan> {
  const request = parseWith(BatchRequest, await readJson(c, limits.jobBytes));
  const { source, result, coverage = defaultCoverage } = request;
  const format = request.format ?? findFormat(source);
  const file = await findFile(c.env, c.var.principal.subject, source);
  if (!file) throw new InputError([{ pointer: "/source", detail: "expected a file that you have put" }]);
  const { model } = await chooseModel(c, request.model);
  return { source, result, format, coverage, model: model.id, bytes: file.size, etag: file.etag };
}

export function mountBatchJobs(app: App): void {
  app.openapi(route, async (c) => {
    const { name } = await requireDataset(c);
    const params = await planBatch(c);
    // What is pinned now may be another model by the time a request is sent again.
    const known = ["source", "result", "format", "coverage"];
    return acceptJob(c, { kind: "batch", dataset: name, params, known }, async (job) => {
      if (job.state === "queued") await sendSlice(c.env, { job: job.id, slice: 0 });
    }) as never;
  });
}
