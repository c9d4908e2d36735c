// Items: the rows of a dataset, read one by one or page by page.
import { createRoute } from "@hono/zod-openapi";
import { Item, pageOf } from "#core/api/answers.ts";
import { Refusal } from "#core/api/refusal.ts";
import type { App } from "../context.ts";
import { findItem, listItems } from "../store/items.ts";
import { requireDataset } from "./dataset.ts";
import { DatasetPath, idPath, json, pageQuery, problems, secured } from "./description.ts";

const list = createRoute({
  method: "get",
  path: "/v1/{dataset}/items",
  operationId: "listItems",
  tags: ["Items"],
  summary: "List items by id",
  security: secured,
  request: { params: DatasetPath, query: pageQuery },
  responses: { 200: json(pageOf(Item), "A page of items."), ...problems(400, 401, 403, 404) },
});

const read = createRoute({
  method: "get",
  path: "/v1/{dataset}/items/{id}",
  operationId: "getItem",
  tags: ["Items"],
  summary: "Read an item",
  security: secured,
  request: { params: idPath("The item's id.") },
  responses: { 200: json(Item, "The item; ETag is its revision."), ...problems(401, 403, 404) },
});

export function mountItems(app: App): void {
  app.openapi(list, async (c) => {
    const { name } = await requireDataset(c);
    return c.json(await listItems(c.env, name, c.req.valid("query")), 200);
  });

  app.openapi(read, async (c) => {
    const { name } = await requireDataset(c);
    const item = await findItem(c.env, name, c.req.valid("param").id);
    if (!item) throw new Refusal("not-found", `${name} has no item of this id`);
    c.header("etag", `"${item.revision}"`);
    return c.json(item, 200);
  });
}
