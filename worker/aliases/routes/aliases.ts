// Aliases as they stand, at any moment, and the ledger of their moves.
import { createRoute, z } from "@hono/zod-openapi";
import { Alias, AliasMove } from "#core/api/aliases.ts";
import { pageOf } from "#core/api/page.ts";
import { Refusal } from "#core/api/refusal.ts";
import type { App } from "../../http/context.ts";
import { DatasetPath, json, pageQuery, problems, secured, securedOrPublic } from "../../http/description.ts";
import { requireDataset } from "../../serving/requested-dataset.ts";
import { findAlias, listAliases } from "../store/aliases.ts";
import { listMoves } from "../store/ledger.ts";

export const AliasPath = z.object({ dataset: z.string(), alias: z.string() });

export const etagOf = (revision: number) => `"${revision}"`;

const list = createRoute({
  method: "get",
  path: "/v1/{dataset}/aliases",
  operationId: "listAliases",
  tags: ["Aliases"],
  summary: "List the aliases by name",
  security: securedOrPublic,
  request: { params: DatasetPath, query: pageQuery },
  responses: { 200: json(pageOf(Alias), "A page of aliases."), ...problems(400, 401, 403, 404) },
});

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

const history = createRoute({
  method: "get",
  path: "/v1/{dataset}/aliases/{alias}/history",
  operationId: "listAliasHistory",
  tags: ["Aliases"],
  summary: "List the moves of an alias, newest first",
  description: "The ledger is only ever added to: it outlives the alias.",
  security: secured,
  request: { params: AliasPath, query: pageQuery },
  responses: { 200: json(pageOf(AliasMove), "A page of the ledger."), ...problems(400, 401, 403, 404) },
});

export function mountAliases(app: App): void {
  app.openapi(list, async (c) => {
    const { name } = await requireDataset(c);
    c.header("cache-control", "no-cache");
    return c.json(await listAliases(c.env, name, c.req.valid("query")), 200);
  });

  app.openapi(read, async (c) => {
    const { name } = await requireDataset(c);
    const { alias } = c.req.valid("param");
    const found = await findAlias(c.env, name, alias);
    if (!found) throw new Refusal("not-found", `${name} has no alias of this name`);
    c.header("etag", etagOf(found.revision));
    c.header("cache-control", "no-cache");
    return c.json(found, 200);
  });

  app.openapi(history, async (c) => {
    const { name } = await requireDataset(c);
    const { alias } = c.req.valid("param");
    return c.json(await listMoves(c.env, name, alias, c.req.valid("query")), 200);
  });
}
