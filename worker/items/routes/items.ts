// Items: the rows of a dataset, listed in any order and read one by one, with everything that was ever changed about one.
import { createRoute } from "@hono/zod-openapi";
import { Item, ItemChange } from "#core/api/items.ts";
import { pageOf } from "#core/api/page.ts";
import { Refusal } from "#core/api/refusal.ts";
import { etagOf, isKnown } from "../../http/conditions.ts";
import type { App } from "../../http/context.ts";
import {
  DatasetPath,
  idPath,
  ifNoneMatchHeader,
  json,
  pageQuery,
  problems,
  secured,
} from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { listChanges } from "../store/audit.ts";
import { findItem } from "../store/items.ts";
import { listItems } from "../store/list.ts";
import { filterQuery, parseListFilters, parseListSort, sortQuery } from "./list.ts";

const itemPath = idPath("The item's id, percent-encoded.");

const list = createRoute({
  method: "get",
  path: "/v1/{dataset}/items",
  operationId: "listItems",
  tags: ["Items"],
  summary: "List items, filtered and sorted",
  description:
    "Go on with next until it is null. A page that had to look at " +
    `${limits.listScanRows} items to find fewer than its limit ends there: it may be short, even empty. A cursor belongs to its ` +
    "dataset, filter and sort. Items that nobody writes meanwhile come exactly once.",
  security: secured,
  request: { params: DatasetPath, query: pageQuery.extend({ ...filterQuery, ...sortQuery }) },
  responses: { 200: json(pageOf(Item), "A page of items."), ...problems(400, 401, 403, 404) },
});

const read = createRoute({
  method: "get",
  path: "/v1/{dataset}/items/{id}",
  operationId: "getItem",
  tags: ["Items"],
  summary: "Read an item",
  security: secured,
  request: { params: itemPath, headers: ifNoneMatchHeader },
  responses: {
    200: json(Item, "The item; ETag is its revision, which changes and deletion must name."),
    304: { description: "The reader has this revision already." },
    ...problems(400, 401, 403, 404),
  },
});

const history = createRoute({
  method: "get",
  path: "/v1/{dataset}/items/{id}/history",
  operationId: "listItemHistory",
  tags: ["Items"],
  summary: "List the changes of an item, newest first",
  description:
    "Who changed what, when and how, each with the content before and after; of a deleted item too.",
  security: secured,
  request: { params: itemPath, query: pageQuery },
  responses: { 200: json(pageOf(ItemChange), "A page of changes."), ...problems(400, 401, 403, 404) },
});

export function mountItems(app: App): void {
  app.openapi(list, async (c) => {
    const { spec } = await requireDataset(c);
    const { cursor, limit, filter, sort: order } = c.req.valid("query");
    const filters = parseListFilters(spec, filter);
    const sort = await parseListSort(c, spec, order, filters);
    const { listScanRows: scanRows } = limits;
    return c.json(await listItems(c.env, spec, { cursor, limit, filters, sort, scanRows }), 200);
  });

  app.openapi(read, async (c) => {
    const { name } = await requireDataset(c);
    const item = await findItem(c.env, name, c.req.valid("param").id);
    if (!item) throw new Refusal("not-found", `${name} has no item of this id`);
    c.header("etag", etagOf(item.revision));
    c.header("cache-control", "no-cache");
    if (isKnown(c.req.header("if-none-match"), item.revision)) return c.body(null, 304);
    return c.json(item, 200);
  });

  app.openapi(history, async (c) => {
    const { name } = await requireDataset(c);
    const changes = await listChanges(c.env, name, c.req.valid("param").id, c.req.valid("query"));
    if (!changes) throw new Refusal("not-found", `${name} never had an item of this id`);
    return c.json(changes, 200);
  });
}
