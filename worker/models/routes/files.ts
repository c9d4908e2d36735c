// The files of a model: immutable, so they are kept for a year by whoever fetched them.
import { createRoute, z } from "@hono/zod-openapi";
import { Refusal } from "#core/api/refusal.ts";
import { Manifest } from "#core/bundle/manifest.ts";
import type { App, AppContext } from "../../http/context.ts";
import {
  binary,
  idPath,
  ifNoneMatchHeader,
  json,
  problems,
  securedOrPublic,
} from "../../http/description.ts";
import { isPublicDataset } from "../../identity/index.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { withStorage } from "../../storage/database.ts";
import { bundleKey, openObject } from "../../storage/objects.ts";
import { findModel, type ModelFiles } from "../store/models.ts";

interface Artefact {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly type: string;
  readonly file: string;
  /** Of a file that is JSON. */
  readonly schema?: z.ZodType;
}

const artefacts: readonly Artefact[] = [
  {
    path: "",
    operationId: "getModel",
    summary: "Read a model's manifest",
    type: "application/json",
    file: "manifest.json",
    schema: Manifest,
  },
  {
    path: "/model.onnx",
    operationId: "getModelOnnx",
    summary: "Download the model as ONNX",
    type: "application/octet-stream",
    file: "model.onnx",
  },
  {
    path: "/card",
    operationId: "getModelCard",
    summary: "Read the model card",
    type: "text/html; charset=utf-8",
    file: "card.html",
  },
  {
    path: "/explain.json",
    operationId: "getModelExplain",
    summary: "Download what explains the model's prices",
    type: "application/json",
    file: "explain.json",
    // One form for each kind of model; core/bundle/explanation.ts has them.
    schema: z.record(z.string(), z.unknown()),
  },
];

// A card is somebody's HTML: it may show itself, and run nothing.
const cardPolicy =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/** Folder and hashes of a model, from memory for the champion, so that its files need no database. */
async function findFiles(c: AppContext, id: string): Promise<{ name: string } & ModelFiles> {
  const { name, champion } = await requireDataset(c);
  if (champion?.id === id) return { name, bundle: champion.bundle, files: champion.manifest.files };
  const model = await findModel(c.env, name, id);
  if (!model) throw new Refusal("not-found", `${name} has no model of this id`);
  return { name, bundle: model.bundle, files: model.files };
}

/** Whether If-None-Match holds the tag (RFC 9110, 13.1.2: weak comparison). */
function isKnown(header: string | undefined, etag: string): boolean {
  if (!header) return false;
  const tags = header.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}

async function answerFile(c: AppContext, artefact: Artefact): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const { name, bundle, files } = await findFiles(c, id);
  c.var.notes.modelId = id;
  const isManifest = artefact.file === "manifest.json";
  const hash = isManifest ? bundle : files.find((file) => file.name === artefact.file)?.sha256;
  if (!hash) throw new Refusal("not-found", `the model ${id} has no ${artefact.file}`);
  const headers: Record<string, string> = {
    etag: `"${hash}"`,
    // What needs a token must not be handed on by a shared cache.
    "cache-control": `${isPublicDataset(c.env, name) ? "public" : "private"}, max-age=31536000, immutable`,
  };
  if (isKnown(c.req.header("if-none-match"), headers.etag)) return c.body(null, 304, headers);
  const object = await withStorage(() => openObject(c.env, bundleKey(name, id, bundle, artefact.file)));
  if (!object) throw new Refusal("unavailable", `${artefact.file} cannot be read at the moment`);
  if (artefact.file === "card.html") headers["content-security-policy"] = cardPolicy;
  headers["content-type"] = artefact.type;
  headers["content-length"] = String(object.size);
  return c.body(object.body, 200, headers);
}

export function mountModelFiles(app: App): void {
  for (const artefact of artefacts) {
    const route = createRoute({
      method: "get",
      path: `/v1/{dataset}/models/{id}${artefact.path}`,
      operationId: artefact.operationId,
      tags: ["Models"],
      summary: artefact.summary,
      description: "Never changes: strong ETag, cached for a year.",
      security: securedOrPublic,
      request: { params: idPath("The model's id."), headers: ifNoneMatchHeader },
      responses: {
        200: artefact.schema
          ? json(artefact.schema, artefact.summary)
          : binary(artefact.type, artefact.summary),
        304: { description: "The reader has it already." },
        ...problems(401, 403, 404),
      },
    });
    app.openapi(route, async (c) => (await answerFile(c, artefact)) as never);
  }
}
