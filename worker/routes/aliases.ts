// Aliases: names that point to models, moved on condition, every move on record.
import { createRoute, z } from "@hono/zod-openapi";
import { Alias, AliasMove, pageOf } from "#core/api/answers.ts";
import { AliasName, MoveAlias } from "#core/api/bodies.ts";
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { parseWith, readJson } from "../body.ts";
import type { App, AppContext } from "../context.ts";
import { limits } from "../limits.ts";
import * as store from "../store/aliases.ts";
import { findModel } from "../store/models.ts";
import { copyPointer } from "../store/pointers.ts";
import { requireDataset } from "./dataset.ts";
import { json, pageQuery, problems, secured, securedOrPublic } from "./description.ts";

const AliasPath = z.object({ dataset: z.string(), alias: z.string() });

const read = createRoute({
  method: "get",
  path: "/v1/{dataset}/aliases/{alias}",
  operationId: "getAlias",
  tags: ["Aliases"],
  summary: "Read where an alias points",
  security: securedOrPublic,
  request: { params: AliasPath },
  responses: { 200: json(Alias, "The alias; moving it must name this ETag."), ...problems(401, 403, 404) },
});

const move = createRoute({
  method: "put",
  path: "/v1/{dataset}/aliases/{alias}",
  operationId: "putAlias",
  tags: ["Aliases"],
  summary: "Move an alias to a published model",
  description:
    "If-Match names the ETag it has now; If-None-Match: * makes a new alias. One of the two is needed.",
  security: secured,
  request: {
    params: AliasPath,
    headers: z.object({ "if-match": z.string().optional(), "if-none-match": z.string().optional() }),
    body: {
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/MoveAlias" } } },
    },
  },
  responses: {
    200: json(Alias, "Moved."),
    201: json(Alias, "Made."),
    ...problems(400, 401, 403, 404, 412, 413, 415, 422, 428),
  },
});

const history = createRoute({
  method: "get",
  path: "/v1/{dataset}/aliases/{alias}/history",
  operationId: "listAliasHistory",
  tags: ["Aliases"],
  summary: "List the moves of an alias, newest first",
  security: secured,
  request: { params: AliasPath, query: pageQuery },
  responses: { 200: json(pageOf(AliasMove), "A page of the ledger."), ...problems(400, 401, 403, 404) },
});

const etagOf = (revision: number) => `"${revision}"`;

/** The revision that the request's condition asks for: 0 for one that must not exist, undefined where it cannot hold. */
function parseCondition(c: AppContext, present: store.Alias | undefined): number | undefined {
  const match = c.req.header("if-match");
  const noneMatch = c.req.header("if-none-match");
  if (match !== undefined) {
    const tags = match.split(",").map((tag) => tag.trim());
    const holds = present && (tags.includes("*") || tags.includes(etagOf(present.revision)));
    return holds ? present.revision : undefined;
  }
  if (noneMatch?.trim() === "*") return present ? undefined : 0;
  throw new Refusal(
    "precondition-required",
    "expected If-Match with the alias's ETag, or If-None-Match: * for a new one",
  );
}

function hasMoved(alias: string, present: store.Alias | undefined): Refusal {
  const now = present
    ? `it points to ${present.model} (ETag ${etagOf(present.revision)})`
    : "it does not exist";
  return new Refusal("precondition-failed", `${alias} is not where the condition says: ${now}`);
}

async function moveAlias(c: AppContext, alias: string): Promise<{ made: boolean; moved: store.Alias }> {
  const { name, spec, specHash } = await requireDataset(c);
  parseWith(AliasName, alias, ["alias"]);
  const present = await store.findAlias(c.env, name, alias);
  const from = parseCondition(c, present);
  const { model, reason, gate } = parseWith(MoveAlias, await readJson(c, limits.aliasBytes));
  if (from === undefined) throw hasMoved(alias, present);
  const record = await findModel(c.env, name, model);
  if (!record) throw new InputError([{ pointer: "/model", detail: `expected a published model of ${name}` }]);
  const before = present && present.model !== model ? await findModel(c.env, name, present.model) : undefined;
  const previous = before && { model: before.id, bundle: before.bundle };
  const order = { dataset: name, alias, model, reason, gate: gate ?? undefined, from };
  const moved = await store.moveAlias(c.env, {
    ...order,
    actor: c.var.principal.subject,
    request: c.var.requestId,
  });
  if (!moved) throw hasMoved(alias, await store.findAlias(c.env, name, alias));
  c.var.notes.modelId = model;
  const pointer = { model, bundle: record.bundle, revision: moved.revision, specHash, spec, previous };
  // The move has happened. The copy only serves cold isolates without D1: that it failed shall not look as if nothing moved.
  await copyPointer(c.env, name, alias, pointer).catch((error) =>
    console.error(`${name}/${alias}: no copy`, error),
  );
  await c.var.isolate.catalogue.refresh(c.env, name);
  return { made: from === 0, moved };
}

export function mountAliases(app: App): void {
  app.openapi(read, async (c) => {
    const { name } = await requireDataset(c);
    const { alias } = c.req.valid("param");
    const found = await store.findAlias(c.env, name, alias);
    if (!found) throw new Refusal("not-found", `${name} has no alias of this name`);
    c.header("etag", etagOf(found.revision));
    c.header("cache-control", "no-cache");
    return c.json(found, 200);
  });

  app.openapi(move, async (c) => {
    const { made, moved } = await moveAlias(c, c.req.valid("param").alias);
    c.header("etag", etagOf(moved.revision));
    return made ? c.json(moved, 201) : c.json(moved, 200);
  });

  app.openapi(history, async (c) => {
    const { name } = await requireDataset(c);
    const { alias } = c.req.valid("param");
    return c.json(await store.listMoves(c.env, name, alias, c.req.valid("query")), 200);
  });
}
