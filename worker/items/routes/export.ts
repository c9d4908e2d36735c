// All items of a dataset as a stream: read from D1 a page at a time, so that memory does not grow with the table.
import { createRoute, z } from "@hono/zod-openapi";
import type { Filter } from "#core/api/item-query.ts";
import { csvCell } from "#core/dataset/csv.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Env } from "../../env.ts";
import type { App } from "../../http/context.ts";
import { DatasetPath, problems, secured } from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import type { Item } from "../store/items.ts";
import { listItems } from "../store/list.ts";
import { filterQuery, parseListFilters } from "./list.ts";

const formats = { ndjson: "application/x-ndjson", csv: "text/csv; charset=utf-8" } as const;
type Format = keyof typeof formats;

const route = createRoute({
  method: "get",
  path: "/v1/{dataset}/items/export",
  operationId: "exportItems",
  tags: ["Items"],
  summary: "Stream all items, as NDJSON or CSV",
  description:
    "Read page by page as fast as the reader takes them: items that nobody writes meanwhile come exactly once. What is exported can be " +
    "imported as it is.",
  security: secured,
  request: {
    params: DatasetPath,
    query: z.strictObject({ format: z.enum(["ndjson", "csv"]).default("ndjson"), ...filterQuery }),
  },
  responses: {
    200: {
      description: "Items by id: id, the features, the target.",
      content: {
        "application/x-ndjson": { schema: { type: "string" } },
        "text/csv": { schema: { type: "string" } },
      },
    },
    ...problems(400, 401, 403, 404),
  },
});

function writeItem(spec: DatasetSpec, format: Format, { id, features, target }: Item): string {
  if (format === "ndjson") return JSON.stringify({ id, ...features, [spec.target.name]: target });
  return [id, ...spec.features.map(({ name }) => features[name]), target].map(csvCell).join(",");
}

function headerOf(spec: DatasetSpec, format: Format): string {
  if (format === "ndjson") return "";
  return `${["id", ...spec.features.map(({ name }) => name), spec.target.name].join(",")}\r\n`;
}

const pageRows = 1000;

/** The stream asks for the next page only when the reader wants more; a failing database breaks it off. */
function streamItems(
  env: Env,
  spec: DatasetSpec,
  format: Format,
  filters: readonly Filter[],
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const end = format === "csv" ? "\r\n" : "\n";
  const list = {
    ...{ filters, limit: pageRows, scanRows: limits.listScanRows },
    sort: { by: { kind: "id" }, descending: false },
  } as const;
  let cursor: string | undefined;
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(headerOf(spec, format))),
    async pull(controller) {
      const { items, next } = await listItems(env, spec, { ...list, cursor });
      const text = items.map((item) => writeItem(spec, format, item) + end).join("");
      if (next === null) {
        if (text !== "") controller.enqueue(encoder.encode(text));
        controller.close();
        return;
      }
      cursor = next;
      // An empty piece asks to be called again: a page of a filtered list may be empty in the middle.
      controller.enqueue(encoder.encode(text));
    },
  });
}

export function mountItemExport(app: App): void {
  app.openapi(route, async (c) => {
    const { name, spec } = await requireDataset(c);
    const { format, filter } = c.req.valid("query");
    const filters = parseListFilters(spec, filter);
    const headers = {
      "content-type": formats[format],
      "content-disposition": `attachment; filename="${name}.${format}"`,
      "cache-control": "no-store",
    };
    return c.body(streamItems(c.env, spec, format, filters), 200, headers) as never;
  });
}
