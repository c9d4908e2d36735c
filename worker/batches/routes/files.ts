// Files: what a batch reads and what it leaves, streamed up and down, each caller in a folder of their own.
import { createRoute, z } from "@hono/zod-openapi";
import { FileName, StoredFile } from "#core/api/jobs.ts";
import { pageOf } from "#core/api/page.ts";
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { checkContentType, parseWith } from "../../http/body.ts";
import { parseTags } from "../../http/conditions.ts";
import type { App, AppContext } from "../../http/context.ts";
import { json, pageQuery, problems, secured } from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import * as store from "../store/files.ts";

const FilePath = z.object({
  name: z.string().meta({ description: "Letters, digits, dots, - and _; no folders." }),
});
const conditions = z.object({
  "if-match": z.string().optional(),
  "if-none-match": z.string().optional(),
});

const types = ["text/csv", "application/x-ndjson"] as const;
const text = { schema: { type: "string" as const, format: "binary" } };
const content = { "text/csv": text, "application/x-ndjson": text };

const list = createRoute({
  method: "get",
  path: "/v1/files",
  operationId: "listFiles",
  tags: ["Files"],
  summary: "List your files by name",
  security: secured,
  request: { query: pageQuery },
  responses: { 200: json(pageOf(StoredFile), "A page of files."), ...problems(400, 401, 403) },
});

const put = createRoute({
  method: "put",
  path: "/v1/files/{name}",
  operationId: "putFile",
  tags: ["Files"],
  summary: "Keep a file for a batch, or replace it",
  description:
    `CSV or NDJSON of at most ${limits.fileBytes} bytes, streamed; Content-Length is needed. Nobody else sees it. ` +
    "If-Match and If-None-Match: * are honoured. A body that breaks off leaves what was there before.",
  security: secured,
  request: { params: FilePath, headers: conditions, body: { required: true, content } },
  responses: { 200: json(StoredFile, "Kept."), ...problems(400, 401, 403, 412, 413, 415, 422) },
});

const get = createRoute({
  method: "get",
  path: "/v1/files/{name}",
  operationId: "getFile",
  tags: ["Files"],
  summary: "Read a file of yours: one you put, or the result of a batch",
  description: "X-Job and X-Model name the job that wrote it and the model that priced it.",
  security: secured,
  request: { params: FilePath, headers: conditions },
  responses: {
    200: { description: "The file.", content },
    304: { description: "The reader has it already." },
    ...problems(400, 401, 403, 404, 412, 422),
  },
});

const nameOf = (c: AppContext) => parseWith(FileName, c.req.param("name"), ["name"]);

/** What R2 is to hold a request against; nothing else of its headers. Throws a refusal for what is no entity tag. */
function conditionsOf(c: AppContext): Headers {
  const headers = new Headers();
  for (const name of ["If-Match", "If-None-Match"]) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, parseTags(name, value).join(", "));
  }
  return headers;
}

function parseLength(c: AppContext): number {
  const given = c.req.header("content-length");
  const bytes = /^\d{1,15}$/.test(given ?? "") ? Number(given) : Number.NaN;
  if (!(bytes >= 0)) throw new Refusal("malformed", "expected Content-Length with the size of the file");
  if (bytes > limits.fileBytes)
    throw new Refusal(
      "too-large",
      `the body is larger than the ${limits.fileBytes} bytes that are kept here`,
    );
  if (bytes === 0) throw new InputError("expected a file with at least one row; it is empty");
  return bytes;
}

async function answerFile(c: AppContext): Promise<Response> {
  const name = nameOf(c);
  const file = await store.openFile(c.env, c.var.principal.subject, name, conditionsOf(c));
  if (!file) throw new Refusal("not-found", `you have no file called ${name}`);
  const { etag, job, model, bytes } = store.describeFile(file);
  const headers: Record<string, string> = { etag, "cache-control": "private, no-cache" };
  if (!("body" in file)) {
    if (c.req.header("if-match") === undefined) return c.body(null, 304, headers);
    throw new Refusal("precondition-failed", "the file is another one than If-Match says");
  }
  if (job !== null) headers["x-job"] = job;
  if (model !== null) headers["x-model"] = model;
  headers["content-type"] = file.httpMetadata?.contentType ?? "application/octet-stream";
  headers["content-disposition"] = `attachment; filename="${name}"`;
  headers["content-length"] = String(bytes);
  return c.body(file.body, 200, headers);
}

export function mountFiles(app: App): void {
  app.openapi(list, async (c) =>
    c.json(await store.listFiles(c.env, c.var.principal.subject, c.req.valid("query")), 200),
  );

  app.openapi(put, async (c) => {
    const name = nameOf(c);
    const type = checkContentType(c, types);
    const bytes = parseLength(c);
    const body = c.req.raw.body;
    if (!body) throw new Refusal("malformed", "expected a body");
    c.var.notes.requestBody = `[${type}, ${bytes} bytes]`;
    const file = { body, bytes, type };
    const kept = await store.keepFile(c.env, c.var.principal.subject, name, file, conditionsOf(c));
    if (!kept) throw new Refusal("precondition-failed", "the file is not as the condition says");
    c.header("etag", kept.httpEtag);
    return c.json(store.describeFile(kept), 200);
  });

  app.openapi(get, async (c) => (await answerFile(c)) as never);
}
