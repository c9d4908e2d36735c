// Models: the history of everything ever published, and the road by which a trainer publishes.
import { createRoute } from "@hono/zod-openapi";
import { findInstant, Instant } from "#core/api/instant.ts";
import { ModelRecord } from "#core/api/models.ts";
import { pageOf } from "#core/api/page.ts";
import { Refusal } from "#core/api/refusal.ts";
import { Manifest, ModelId } from "#core/bundle/manifest.ts";
import { checkContentType, parseWith, readBytes } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { DatasetPath, json, pageQuery, problems, secured, securedOrPublic } from "../../http/description.ts";
import { parseJson } from "../../http/json.ts";
import { limits } from "../../http/limits.ts";
import { checkPast } from "../../serving/model-reference.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { hexOf } from "../../storage/content.ts";
import { checkBundle, readParts } from "../bundle-check.ts";
import { findModel, listModels, noteCode, publishModel } from "../store/models.ts";

const list = createRoute({
  method: "get",
  path: "/v1/{dataset}/models",
  operationId: "listModels",
  tags: ["Models"],
  summary: "List the published models, newest first",
  description: "With at=, those that were published by then, with the aliases that pointed to them then.",
  security: securedOrPublic,
  request: {
    params: DatasetPath,
    query: pageQuery.extend({
      at: Instant.optional().meta({ description: "A moment: RFC 3339, or milliseconds since 1970." }),
    }),
  },
  responses: { 200: json(pageOf(ModelRecord), "A page of models."), ...problems(400, 401, 403, 404, 422) },
});

const part = { type: "string", format: "binary" } as const;

const publish = createRoute({
  method: "post",
  path: "/v1/{dataset}/models",
  operationId: "publishModel",
  tags: ["Models"],
  summary: "Publish a model bundle",
  description:
    "One part a file, named as the file. Sizes, hashes, id, spec, metadata and inputs are checked, and the probe rows are priced here " +
    "again. Publishing a model that is there already answers 200 with its record.",
  security: secured,
  request: {
    params: DatasetPath,
    body: {
      required: true,
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            required: ["manifest.json", "model.onnx"],
            properties: {
              "manifest.json": part,
              "model.onnx": part,
              "explain.json": part,
              "card.html": part,
              "held-out.bin": part,
            },
          },
        },
      },
    },
  },
  responses: {
    200: json(ModelRecord, "It was published already; this is its record."),
    201: json(ModelRecord, "Published."),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422),
  },
});

async function readForm(c: AppContext): Promise<FormData> {
  checkContentType(c, ["multipart/form-data"]);
  const bytes = await readBytes(c, limits.bundleBytes);
  c.var.notes.requestBody = `[multipart/form-data, ${bytes.length} bytes]`;
  try {
    return await new Response(bytes, {
      headers: { "content-type": c.req.header("content-type") ?? "" },
    }).formData();
  } catch {
    throw new Refusal("malformed", "the body is not multipart/form-data");
  }
}

export function mountModels(app: App): void {
  app.openapi(list, async (c) => {
    const { name } = await requireDataset(c);
    const { at: text, ...page } = c.req.valid("query");
    const at = text === undefined ? undefined : findInstant(text);
    if (at !== undefined) checkPast(at);
    return c.json(await listModels(c.env, name, { ...page, at }), 200);
  });

  app.openapi(publish, async (c) => {
    const { name } = await requireDataset(c);
    const { manifestBytes, files } = await readParts(await readForm(c));
    // A model's id is the hash of its bytes: what has the same id and the same bytes is published already, whenever it was fitted.
    const { id: claimed, environment } = parseWith(
      Claim,
      parseJson(new TextDecoder().decode(manifestBytes), "manifest.json"),
      ["manifest.json"],
    );
    const before = await findModel(c.env, name, claimed);
    const onnx = files.get("model.onnx");
    const same = onnx && before?.files.find((file) => file.name === "model.onnx")?.sha256;
    if (before && same && hexOf(await crypto.subtle.digest("SHA-256", onnx)) === same) {
      const { code } = environment;
      if (code !== before.code) await noteCode(c.env, name, claimed, code);
      return c.json(recordOf({ ...before, code }), 200);
    }
    // The spec as it is registered now, not as this isolate remembers it.
    await c.var.isolate.catalogue.refresh(c.env, name);
    const stored = await requireDataset(c);
    await publishModel(c.env, await checkBundle(name, stored, manifestBytes, files));
    const record = await findModel(c.env, name, claimed);
    if (!record)
      throw new Refusal("unavailable", "the model was written and cannot be read back; publish it again");
    c.var.notes.modelId = record.id;
    return c.json(recordOf(record), 201);
  });
}

const Claim = Manifest.pick({ id: true, environment: true }).extend({ id: ModelId });

function recordOf({
  bundle: _bundle,
  files: _files,
  ...record
}: NonNullable<Awaited<ReturnType<typeof findModel>>>) {
  return record;
}
