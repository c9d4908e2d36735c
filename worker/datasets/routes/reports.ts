// The data report of a dataset: read as a page or as JSON, replaced by whoever publishes its models.
import { createRoute } from "@hono/zod-openapi";
import { DataReport, KeptDataReport, NewDataReport } from "#core/api/data-report.ts";
import { Refusal } from "#core/api/refusal.ts";
import { parseWith, readJson } from "../../http/body.ts";
import { isKnownTag } from "../../http/conditions.ts";
import type { App } from "../../http/context.ts";
import {
  DatasetPath,
  ifNoneMatchHeader,
  json,
  jsonBody,
  problems,
  secured,
  securedOrPublic,
} from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import { negotiateType } from "../../http/negotiation.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { findReport, keepReport, openReport } from "../store/reports.ts";

const read = createRoute({
  method: "get",
  path: "/v1/{dataset}/report",
  operationId: "getDataReport",
  tags: ["Datasets"],
  summary: "Read the data report, as JSON or as a page",
  description: "Accept chooses: application/json or text/html. Each has an ETag of its own.",
  security: securedOrPublic,
  request: { params: DatasetPath, headers: ifNoneMatchHeader },
  responses: {
    200: {
      description: "The report.",
      content: {
        "application/json": { schema: DataReport },
        "text/html": { schema: { type: "string" as const } },
      },
    },
    304: { description: "The reader has it already." },
    ...problems(400, 401, 403, 404, 406),
  },
});

const put = createRoute({
  method: "put",
  path: "/v1/{dataset}/report",
  operationId: "putDataReport",
  tags: ["Datasets"],
  summary: "Replace the data report",
  security: secured,
  request: { params: DatasetPath, body: jsonBody("NewDataReport") },
  responses: { 200: json(KeptDataReport, "Kept."), ...problems(400, 401, 403, 404, 413, 415, 422) },
});

// Somebody's HTML on our origin: it may show itself, and run nothing.
const pagePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

export function mountReports(app: App): void {
  app.openapi(read, async (c) => {
    const { name } = await requireDataset(c);
    const type = negotiateType(c.req.header("accept"), ["application/json", "text/html"]);
    const kept = await findReport(c.env, name);
    if (!kept)
      throw new Refusal("not-found", `${name} has no data report yet; appraise report --publish sends one`);
    const part = type === "text/html" ? "html" : "json";
    const headers: Record<string, string> = {
      etag: `"${kept.sha256}-${part}"`,
      "cache-control": "no-cache",
      vary: "accept",
    };
    if (isKnownTag(c.req.header("if-none-match"), headers.etag)) return c.body(null, 304, headers) as never;
    const body = await openReport(c.env, name, kept, part);
    if (!body) throw new Refusal("unavailable", "the report is being replaced at the moment");
    if (part === "html") headers["content-security-policy"] = pagePolicy;
    headers["content-type"] = part === "html" ? "text/html; charset=utf-8" : "application/json";
    return c.body(body, 200, headers) as never;
  });
  app.openapi(put, async (c) => {
    const { name } = await requireDataset(c);
    const { report, page } = parseWith(NewDataReport, await readJson(c, limits.dataReportBytes));
    const sha256 = await keepReport(c.env, name, JSON.stringify(report), page);
    return c.json({ dataset: name, sha256 }, 200);
  });
}
