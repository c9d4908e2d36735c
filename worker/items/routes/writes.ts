// Items written one by one: made, replaced, patched and deleted, each on condition that nobody else was faster.
import { createRoute } from "@hono/zod-openapi";
import { checkItemContent, checkNewItem, type ItemContent, mergeItem } from "#core/api/item-bodies.ts";
import { Item } from "#core/api/items.ts";
import { Refusal } from "#core/api/refusal.ts";
import { checkContentType, readText } from "../../http/body.ts";
import { etagOf, type MatchCondition, parseIfMatch } from "../../http/conditions.ts";
import type { App, AppContext } from "../../http/context.ts";
import {
  DatasetPath,
  idempotencyHeader,
  idPath,
  ifMatchHeader,
  json,
  jsonBody,
  problems,
  secured,
} from "../../http/description.ts";
import { answerOnce, HashedBody, type Once } from "../../http/idempotency.ts";
import { parseJson } from "../../http/json.ts";
import { limits } from "../../http/limits.ts";
import type { Answer } from "../../http/store/idempotency.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import * as store from "../store/items.ts";

const patchTypes = ["application/merge-patch+json", "application/json"] as const;
const itemPath = idPath("The item's id, percent-encoded.");
const changed = { 200: json(Item, "The item as it is now, with its ETag.") };

const create = createRoute({
  method: "post",
  path: "/v1/{dataset}/items",
  operationId: "createItem",
  tags: ["Items"],
  summary: "Make an item",
  description: "The server makes an id where the body has none. 409 where the id is taken.",
  security: secured,
  request: { params: DatasetPath, headers: idempotencyHeader, body: jsonBody("NewItem") },
  responses: {
    201: json(Item, "The item; Location and ETag name it."),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422),
  },
});

const replace = createRoute({
  method: "put",
  path: "/v1/{dataset}/items/{id}",
  operationId: "putItem",
  tags: ["Items"],
  summary: "Replace an item",
  description: "If-Match names the ETag that was read. The same content again changes nothing.",
  security: secured,
  request: { params: itemPath, headers: ifMatchHeader, body: jsonBody("ItemContent") },
  responses: { ...changed, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428) },
});

const patch = createRoute({
  method: "patch",
  path: "/v1/{dataset}/items/{id}",
  operationId: "patchItem",
  tags: ["Items"],
  summary: "Change a part of an item",
  description:
    "A JSON merge patch (RFC 7396): what it names is set, what it names as null is taken away. The item must be valid afterwards.",
  security: secured,
  request: { params: itemPath, headers: ifMatchHeader, body: jsonBody("ItemPatch", patchTypes) },
  responses: { ...changed, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428) },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/{dataset}/items/{id}",
  operationId: "deleteItem",
  tags: ["Items"],
  summary: "Delete an item",
  description: "It is gone for every reader but its history. If-Match names the ETag that was read.",
  security: secured,
  request: { params: itemPath, headers: ifMatchHeader },
  responses: { 204: { description: "Deleted." }, ...problems(400, 401, 403, 404, 409, 412, 428) },
});

const writerOf = (c: AppContext): store.Writer => ({
  actor: c.var.principal.subject,
  request: c.var.requestId,
});

function createdAnswer(dataset: string, item: store.Item): Answer {
  const location = `/v1/${dataset}/items/${encodeURIComponent(item.id)}`;
  return { status: 201, headers: { location, etag: etagOf(item.revision) }, body: JSON.stringify(item) };
}

async function createItem(c: AppContext): Promise<Response> {
  const { name, spec } = await requireDataset(c);
  checkContentType(c, ["application/json"]);
  const body = new HashedBody(c, limits.itemBytes);
  return answerOnce(c, body, async (once: Once | undefined) => {
    const { id = crypto.randomUUID(), ...content } = checkNewItem(
      spec,
      parseJson(await readText(c, body.chunks())),
    );
    const seal = await once?.seal();
    const keep = seal && ((made: store.Item) => seal(createdAnswer(name, made)));
    const made = await store.createItem(c.env, spec, { id, ...content }, writerOf(c), keep);
    if (made) return createdAnswer(name, made);
    const errors = [{ pointer: "/id", detail: "an item of this id is there already" }];
    throw new Refusal("conflict", `${name} has an item of this id already`, { errors });
  });
}

/** Reads, checks the condition, and writes by compare and swap; under If-Match: * again where another change came between. */
async function change<T>(
  c: AppContext,
  id: string,
  { isAny, holds }: MatchCondition,
  attempt: (present: store.Item) => Promise<T | undefined>,
): Promise<T> {
  const { name } = await requireDataset(c);
  for (let tries = 0; tries < limits.changeAttempts; tries++) {
    const present = await store.findItem(c.env, name, id);
    if (!present) throw new Refusal("not-found", `${name} has no item of this id`);
    const done = holds(present.revision) ? await attempt(present) : undefined;
    if (done !== undefined) return done;
    if (isAny) continue;
    const detail = `the item has changed since it was read (ETag ${etagOf(present.revision)} when last seen)`;
    throw new Refusal("precondition-failed", detail);
  }
  throw new Refusal("conflict", "others change this item all the time; try again");
}

const isSame = (present: store.Item, { row, target }: ItemContent) =>
  present.target === target && JSON.stringify(present.features) === JSON.stringify(row);

async function changeContent(
  c: AppContext,
  id: string,
  action: "replace" | "patch",
  types: readonly string[],
): Promise<Response> {
  const { spec } = await requireDataset(c);
  const condition = parseIfMatch(c.req.header("if-match"), "item");
  checkContentType(c, types);
  const body = parseJson(await readText(c, limits.itemBytes));
  const item = await change(c, id, condition, async (present) => {
    const before = { row: present.features, target: present.target };
    const content = action === "patch" ? mergeItem(spec, before, body) : checkItemContent(spec, body);
    if (isSame(present, content)) return present;
    return store.changeItem(c.env, spec, present, content, action, writerOf(c));
  });
  c.header("etag", etagOf(item.revision));
  return c.json(item, 200);
}

export function mountItemWrites(app: App): void {
  app.openapi(create, async (c) => (await createItem(c)) as never);

  app.openapi(replace, async (c) => {
    return (await changeContent(c, c.req.valid("param").id, "replace", ["application/json"])) as never;
  });

  app.openapi(patch, async (c) => {
    return (await changeContent(c, c.req.valid("param").id, "patch", patchTypes)) as never;
  });

  app.openapi(remove, async (c) => {
    const condition = parseIfMatch(c.req.header("if-match"), "item");
    await change(c, c.req.valid("param").id, condition, async (present) => {
      const isDeleted = await store.deleteItem(c.env, c.var.dataset ?? "", present, writerOf(c));
      return isDeleted || undefined;
    });
    return c.body(null, 204);
  });
}
