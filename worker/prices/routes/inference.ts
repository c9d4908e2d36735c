// The Open Inference Protocol v2: datasets as models, models as their versions, so that clients of KServe and Triton work unchanged.
import { createRoute, z } from "@hono/zod-openapi";
import {
  describeTensors,
  InferAnswer,
  InferRequest,
  ModelMetadata,
  readInferRows,
  wantedOutputs,
} from "#core/api/inference.ts";
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { doubleBytes } from "#core/api/tensors.ts";
import { defaultCoverage } from "#core/bundle/conformal.ts";
import { checkContentType, parseWith, readBytes } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { DatasetPath, idPath, json, problems, securedOrPublic } from "../../http/description.ts";
import { parseJson } from "../../http/json.ts";
import { boundText, limits, limitsFor } from "../../http/limits.ts";
import { listModels } from "../../models/index.ts";
import { loggable } from "../../requests/index.ts";
import { chooseModel } from "../../serving/model-choice.ts";
import { notFinite, type Price, priceRows } from "../../serving/pricing.ts";
import { inferenceTags } from "./inference-server.ts";

const versionPath = idPath("The model's id, as a version of the dataset's model.");
const lengthHeader = "inference-header-content-length";
const jsonType = "application/json";
const bytesType = "application/octet-stream";

/** A path for the champion and the same for a version by its id. */
const places = [
  { base: "/v2/models/{dataset}", params: DatasetPath, suffix: "" },
  { base: "/v2/models/{dataset}/versions/{id}", params: versionPath, suffix: "Version" },
] as const;

const metadataOf = ({ base, params, suffix }: (typeof places)[number]) =>
  createRoute({
    method: "get",
    path: base,
    operationId: `getModelMetadata${suffix}`,
    tags: inferenceTags,
    summary: "Read the tensors that a model takes and gives",
    security: securedOrPublic,
    request: { params },
    responses: { 200: json(ModelMetadata, "The model."), ...problems(401, 403, 404) },
  });

const readyOf = ({ base, params, suffix }: (typeof places)[number]) =>
  createRoute({
    method: "get",
    path: `${base}/ready`,
    operationId: `isModelReady${suffix}`,
    tags: inferenceTags,
    summary: "Whether a model can be asked",
    security: securedOrPublic,
    request: { params },
    responses: {
      200: json(z.object({ name: z.string(), ready: z.literal(true) }), "It can."),
      ...problems(401, 403, 404),
    },
  });

const inferOf = ({ base, params, suffix }: (typeof places)[number]) =>
  createRoute({
    method: "post",
    path: `${base}/infer`,
    operationId: `infer${suffix}`,
    tags: inferenceTags,
    summary: "Price the rows that tensors hold",
    description:
      `One tensor a feature, [N] or [N, 1], of FP32, FP64, INT32, INT64 or BYTES; at most ${boundText("inferRows")} rows. null, NaN and "" are ` +
      "missing. Outputs: prediction, low, high. The parameter coverage sets that of the interval. Binary tensors are taken and given.",
    security: securedOrPublic,
    request: {
      params,
      body: {
        required: true,
        content: {
          [jsonType]: { schema: { $ref: "#/components/schemas/InferRequest" } },
          [bytesType]: { schema: { type: "string", format: "binary" } },
        },
      },
    },
    responses: {
      200: json(InferAnswer, "One element a row."),
      ...problems(400, 401, 403, 404, 413, 415, 422),
    },
  });

const reference = (c: AppContext) => c.req.param("id");

/** The JSON of a request and the bytes of the tensors after it. */
async function readRequest(c: AppContext): Promise<{ request: InferRequest; tail: Uint8Array }> {
  // Triton's client names no type at all.
  if (c.req.header("content-type") !== undefined) checkContentType(c, [jsonType, bytesType]);
  const bytes = await readBytes(c, limitsFor(c.var.principal.kind).inferBytes);
  const given = c.req.header(lengthHeader);
  const length = given === undefined ? bytes.length : Number(given);
  if (!Number.isInteger(length) || length < 0 || length > bytes.length)
    throw new Refusal("malformed", `${lengthHeader}: expected at most the ${bytes.length} bytes of the body`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes.subarray(0, length));
  } catch {
    throw new Refusal("malformed", "the body is not UTF-8");
  }
  c.var.notes.requestBody = loggable(text, limits.loggedBodyBytes, length < bytes.length);
  return { request: parseWith(InferRequest, parseJson(text)), tail: bytes.subarray(length) };
}

function parseCoverage(request: InferRequest): number {
  const coverage = request.parameters?.coverage ?? defaultCoverage;
  if (typeof coverage === "number" && coverage >= 0.5 && coverage <= 0.99) return coverage;
  throw new InputError([{ pointer: "/parameters/coverage", detail: "expected a number of 0.5 to 0.99" }]);
}

const outputOf = {
  prediction: ({ prediction }: Price) => prediction,
  low: ({ interval }: Price) => interval.low,
  high: ({ interval }: Price) => interval.high,
} as const;

/** Answers in JSON, with the bytes of the outputs that are wanted so after it. */
async function infer(c: AppContext): Promise<Response> {
  const { request, tail } = await readRequest(c);
  const coverage = parseCoverage(request);
  const { model } = await chooseModel(c, reference(c));
  const rows = readInferRows(model.spec, request, tail, limitsFor(c.var.principal.kind).inferRows);
  const prices = priceRows(model, rows, coverage).map((price) => {
    if (!price) throw new InputError([notFinite]);
    return price;
  });
  const blobs: Uint8Array<ArrayBuffer>[] = [];
  const outputs = wantedOutputs(request).map(({ name, isBinary }) => {
    const data = prices.map(outputOf[name]);
    const output = { name, datatype: "FP64", shape: [rows.length, 1] };
    if (!isBinary) return { ...output, data };
    const blob = doubleBytes(data);
    blobs.push(blob);
    return { ...output, parameters: { binary_data_size: blob.length } };
  });
  const answer: InferAnswer = {
    model_name: model.spec.name,
    model_version: model.id,
    id: request.id ?? c.var.requestId,
    parameters: { unit: model.spec.target.unit, coverage },
    outputs,
  };
  if (blobs.length === 0) return c.json(answer, 200);
  const head = new TextEncoder().encode(JSON.stringify(answer));
  c.header(lengthHeader, String(head.length));
  c.var.notes.answerHead = loggable(JSON.stringify(answer), limits.loggedBodyBytes);
  return c.body(await new Blob([head, ...blobs]).arrayBuffer(), 200, { "content-type": bytesType });
}

/** Versions by their ids, newest first; the champion alone where the database does not answer. */
async function versionsOf(c: AppContext, dataset: string, champion: string): Promise<string[]> {
  try {
    const { items } = await listModels(c.env, dataset, { limit: limits.pageItems });
    return items.map(({ id }) => id);
  } catch (error) {
    console.error(`${dataset}: versions not listed`, error);
    return [champion];
  }
}

export function mountInference(app: App): void {
  for (const place of places) {
    app.openapi(metadataOf(place), async (c) => {
      const { model } = await chooseModel(c, reference(c));
      const name = model.spec.name;
      const versions = reference(c) ? [model.id] : await versionsOf(c, name, model.id);
      return c.json({ name, versions, platform: "onnx_onnxv1", ...describeTensors(model.spec) }, 200);
    });

    app.openapi(readyOf(place), async (c) => {
      const { model } = await chooseModel(c, reference(c));
      return c.json({ name: model.spec.name, ready: true as const }, 200);
    });

    app.openapi(inferOf(place), async (c) => (await infer(c)) as never);
  }
}
