// API keys: made by users for their programs and pages, shown once, revoked at will.
import { createRoute, z } from "@hono/zod-openapi";
import { ApiKey, CreateKey, NewApiKey } from "#core/api/identity.ts";
import { pageOf } from "#core/api/page.ts";
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { parseWith, readJson } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { json, jsonBody, pageQuery, problems, secured } from "../../http/description.ts";
import { limits, times } from "../../http/limits.ts";
import { makeKey } from "../keys.ts";
import { hashSecret } from "../secrets.ts";
import * as store from "../store/keys.ts";
import { checkEscalation } from "./users.ts";

const create = createRoute({
  method: "post",
  path: "/v1/keys",
  operationId: "createKey",
  tags: ["Keys"],
  summary: "Make an API key",
  description:
    "The key is answered this once. A publishable key is for the widget: it prices, compares and explains single rows and reads the files of a model by its " +
    `id, on the pages of its origins only. To rotate, make the new key under the same name (${limits.keysOfOneName} may live), then revoke the old one. ` +
    "A key can do at most what its maker can.",
  security: secured,
  request: { body: jsonBody("CreateKey") },
  responses: { 201: json(NewApiKey, "The key."), ...problems(400, 401, 403, 409, 413, 415, 422) },
});

const list = createRoute({
  method: "get",
  path: "/v1/keys",
  operationId: "listKeys",
  tags: ["Keys"],
  summary: "List one's keys; an admin's list has everybody's",
  security: secured,
  request: { query: pageQuery },
  responses: { 200: json(pageOf(ApiKey), "A page of keys."), ...problems(400, 401, 403) },
});

const revoke = createRoute({
  method: "delete",
  path: "/v1/keys/{id}",
  operationId: "revokeKey",
  tags: ["Keys"],
  summary: "Revoke a key",
  description: `It is refused everywhere ${times.keyTrustMs / 1000} seconds later at most. Its entry stays in the list.`,
  security: secured,
  request: { params: z.object({ id: z.string().meta({ description: "The key's id, not the key." }) }) },
  responses: { 200: json(ApiKey, "The key as it is now."), ...problems(401, 403, 404) },
});

/** Keys of everybody are an admin's to see; others see their own. */
const ownerOf = ({ var: { principal } }: AppContext) =>
  principal.may("admin") ? undefined : principal.subject;

async function createKey(c: AppContext): Promise<z.infer<typeof NewApiKey>> {
  const wanted = parseWith(CreateKey, await readJson(c, limits.identityBytes));
  checkEscalation(c, wanted.scopes);
  const now = Date.now();
  const expiresAt = wanted.expiresAt === undefined ? undefined : Date.parse(wanted.expiresAt);
  if (expiresAt !== undefined && expiresAt <= now) {
    throw new InputError([{ pointer: "/expiresAt", detail: "expected a time that is still to come" }]);
  }
  const { id, text } = makeKey(wanted.kind);
  const { name, kind, scopes, origins, datasets } = wanted;
  const owner = c.var.principal.subject;
  const made = { id, name, kind, scopes, origins, datasets, owner, createdAt: now, expiresAt };
  const bounds = { sameName: limits.keysOfOneName, inAll: limits.keysOfOneOwner };
  if (!(await store.insertKey(c.env, { ...made, hash: await hashSecret(text) }, bounds))) {
    const detail = `expected fewer than ${bounds.sameName} live keys called "${name}" and ${bounds.inAll} in all: revoke one first`;
    throw new Refusal("conflict", detail);
  }
  const instant = (time: number) => new Date(time).toISOString();
  return {
    ...{ id, key: text, name, kind, scopes, owner, lastUsedAt: null, revokedAt: null },
    origins: origins ?? null,
    datasets: datasets ?? null,
    createdAt: instant(now),
    expiresAt: expiresAt === undefined ? null : instant(expiresAt),
  };
}

export function mountKeys(app: App): void {
  app.openapi(create, async (c) => {
    const made = await createKey(c);
    c.header("cache-control", "no-store");
    return c.json(made, 201);
  });
  app.openapi(list, async (c) => c.json(await store.listKeys(c.env, ownerOf(c), c.req.valid("query")), 200));
  app.openapi(revoke, async (c) => {
    const { id } = c.req.valid("param");
    const key = await store.revokeKey(c.env, id, ownerOf(c));
    if (!key) throw new Refusal("not-found", "you have no key of this id");
    c.var.isolate.keys.forget(id);
    return c.json(key, 200);
  });
}
