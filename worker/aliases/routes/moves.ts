// Moving aliases: to a model, back to a former one, or away, on condition, every move on record.
import { createRoute, z } from "@hono/zod-openapi";
import { Alias } from "#core/api/answers.ts";
import { AliasName, MoveAlias, Reason, RollbackAlias } from "#core/api/bodies.ts";
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { championAlias } from "../../datasets/index.ts";
import { parseWith, readJson } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { json, problems, secured } from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import { findGate, findModel } from "../../models/index.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import * as store from "../store/aliases.ts";
import { findBefore, findRestorable, type Restorable } from "../store/ledger.ts";
import { copyPointer } from "../store/pointers.ts";
import { AliasPath, etagOf } from "./aliases.ts";

const Condition = z.object({ "if-match": z.string().optional() });
const bodyOf = (name: string) => ({
  required: true,
  content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
});

const move = createRoute({
  method: "put",
  path: "/v1/{dataset}/aliases/{alias}",
  operationId: "putAlias",
  tags: ["Aliases"],
  summary: "Move an alias to a published model",
  description:
    "If-Match names the ETag it has now; If-None-Match: * makes a new alias. One of the two is needed. A move without a gate report is " +
    "compared here with the model before it, where both hold the errors of the same held-out rows.",
  security: secured,
  request: {
    params: AliasPath,
    headers: Condition.extend({ "if-none-match": z.string().optional() }),
    body: bodyOf("MoveAlias"),
  },
  responses: {
    200: json(Alias, "Moved."),
    201: json(Alias, "Made."),
    ...problems(400, 401, 403, 404, 412, 413, 415, 422, 428),
  },
});

const rollback = createRoute({
  method: "post",
  path: "/v1/{dataset}/aliases/{alias}/rollback",
  operationId: "rollbackAlias",
  tags: ["Aliases"],
  summary: "Take an alias back to a former model",
  description:
    "To the model of the revision `to`, or to the other model that was live before the present one came. A second rollback goes a step " +
    "further back; a rollback is a move like any other and itself in the ledger. With If-Match it happens only where the alias still " +
    "has this ETag, so that a repeated request does not go back twice.",
  security: secured,
  request: { params: AliasPath, headers: Condition, body: bodyOf("RollbackAlias") },
  responses: {
    200: json(Alias, "Where it points now."),
    ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/{dataset}/aliases/{alias}",
  operationId: "deleteAlias",
  tags: ["Aliases"],
  summary: "Remove an alias",
  description: "Any but the champion's. Its ledger stays, with the removal in it.",
  security: secured,
  request: {
    params: AliasPath,
    headers: Condition,
    query: z.strictObject({ reason: Reason.meta({ description: "Why, for the ledger." }) }),
  },
  responses: { 204: { description: "Removed." }, ...problems(400, 401, 403, 404, 409, 412, 422, 428) },
});

/** Whether If-Match holds for an alias; undefined where none was sent. */
function isMatch(c: AppContext, present: store.Alias | undefined): boolean | undefined {
  const match = c.req.header("if-match");
  if (match === undefined) return undefined;
  const tags = match.split(",").map((tag) => tag.trim());
  return present !== undefined && (tags.includes("*") || tags.includes(etagOf(present.revision)));
}

function hasMoved(alias: string, present: store.Alias | undefined): Refusal {
  const now = present
    ? `it points to ${present.model} (ETag ${etagOf(present.revision)})`
    : "it does not exist";
  return new Refusal("precondition-failed", `${alias} is not where the condition says: ${now}`);
}

interface Order extends Pick<store.NewMove, "alias" | "kind" | "model" | "restores" | "reason"> {
  readonly gate?: unknown;
  readonly present: store.Alias | undefined;
}

/** Writes a move to a model that is published; undefined where the alias has moved meanwhile. */
async function carryOut(c: AppContext, order: Order): Promise<store.Alias | undefined> {
  const { name, spec, specHash } = await requireDataset(c);
  const { alias, kind, model, present, restores, reason } = order;
  const record = await findModel(c.env, name, model);
  if (!record) throw new InputError([{ pointer: "/model", detail: `expected a published model of ${name}` }]);
  const before = present && present.model !== model ? await findModel(c.env, name, present.model) : undefined;
  const gate = order.gate ?? (before && (await findGate(c.env, name, before, record)));
  const moved = await store.moveAlias(c.env, {
    ...{ dataset: name, alias, kind, model, restores, reason, gate },
    from: present?.revision ?? 0,
    actor: c.var.principal.subject,
    request: c.var.requestId,
  });
  if (!moved) return undefined;
  c.var.notes.modelId = model;
  if (alias === championAlias) {
    const previous = before && { model: before.id, bundle: before.bundle };
    const pointer = { model, bundle: record.bundle, revision: moved.revision, specHash, spec, previous };
    // The move has happened. The copy only serves isolates without D1: that it failed shall not look as if nothing moved.
    await copyPointer(c.env, name, alias, pointer).catch((error) =>
      console.error(`${name}/${alias}: no copy`, error),
    );
  }
  await c.var.isolate.catalogue.refresh(c.env, name);
  return moved;
}

async function moveTo(c: AppContext, alias: string): Promise<{ made: boolean; moved: store.Alias }> {
  const { name } = await requireDataset(c);
  parseWith(AliasName, alias, ["alias"]);
  const present = await store.findAlias(c.env, name, alias);
  const holds = isMatch(c, present);
  const isNew = c.req.header("if-none-match")?.trim() === "*";
  if (holds === undefined && !isNew) {
    const detail = "expected If-Match with the alias's ETag, or If-None-Match: * for a new one";
    throw new Refusal("precondition-required", detail);
  }
  const order = parseWith(MoveAlias, await readJson(c, limits.aliasBytes));
  if (!(holds ?? present === undefined)) throw hasMoved(alias, present);
  const moved = await carryOut(c, { ...order, alias, kind: "move", present });
  if (!moved) throw hasMoved(alias, await store.findAlias(c.env, name, alias));
  return { made: present === undefined, moved };
}

/** The alias, or a refusal: 404 where there is none, 412 where If-Match speaks of another state of it. */
async function requireAlias(c: AppContext, name: string, alias: string): Promise<store.Alias> {
  const present = await store.findAlias(c.env, name, alias);
  if (!present) throw new Refusal("not-found", `${name} has no alias of this name`);
  if (isMatch(c, present) === false) throw hasMoved(alias, present);
  return present;
}

async function findTarget(
  c: AppContext,
  name: string,
  { alias, model, revision }: store.Alias,
  to: number | undefined,
): Promise<Restorable> {
  if (to === undefined) {
    const present = (await findRestorable(c.env, name, alias, revision)) ?? { model, revision };
    const before = await findBefore(c.env, name, alias, present);
    if (before) return before;
    throw new Refusal("conflict", `${alias} has pointed to no other model before ${model} came`);
  }
  const target = await findRestorable(c.env, name, alias, to);
  if (!target) {
    const detail = `expected a revision of ${alias} that pointed to a model, as its history lists them; got ${to}`;
    throw new InputError([{ pointer: "/to", detail }]);
  }
  if (target.model === model) throw new Refusal("conflict", `${alias} points to ${model} already`);
  return target;
}

async function rollBack(c: AppContext, alias: string): Promise<store.Alias> {
  const { name } = await requireDataset(c);
  const { reason, to } = parseWith(RollbackAlias, await readJson(c, limits.aliasBytes));
  const present = await requireAlias(c, name, alias);
  const { model, revision: restores } = await findTarget(c, name, present, to);
  const moved = await carryOut(c, { alias, kind: "rollback", model, restores, reason, present });
  if (moved) return moved;
  if (c.req.header("if-match") !== undefined)
    throw hasMoved(alias, await store.findAlias(c.env, name, alias));
  throw new Refusal("conflict", `${alias} moved while it was to be rolled back: read it again`);
}

async function removeAlias(c: AppContext, alias: string, reason: string): Promise<void> {
  const { name } = await requireDataset(c);
  if (alias === championAlias) {
    const detail = "the champion is what prices: move it to another model instead of removing it";
    throw new Refusal("conflict", detail);
  }
  if (c.req.header("if-match") === undefined)
    throw new Refusal("precondition-required", "expected If-Match with the alias's ETag, or *");
  const present = await requireAlias(c, name, alias);
  const order = { alias, kind: "removal", model: present.model, reason, present } as const;
  if (!(await carryOut(c, order))) throw hasMoved(alias, await store.findAlias(c.env, name, alias));
}

export function mountAliasMoves(app: App): void {
  app.openapi(move, async (c) => {
    const { made, moved } = await moveTo(c, c.req.valid("param").alias);
    c.header("etag", etagOf(moved.revision));
    return made ? c.json(moved, 201) : c.json(moved, 200);
  });

  app.openapi(rollback, async (c) => {
    const moved = await rollBack(c, c.req.valid("param").alias);
    c.header("etag", etagOf(moved.revision));
    return c.json(moved, 200);
  });

  app.openapi(remove, async (c) => {
    await removeAlias(c, c.req.valid("param").alias, c.req.valid("query").reason);
    return c.body(null, 204);
  });
}
