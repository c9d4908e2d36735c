// Users: the first by a secret that is good once, the others by an admin.
import { createRoute, z } from "@hono/zod-openapi";
import { Bootstrap, ChangePassword, ChangeUser, CreateUser, User } from "#core/api/identity.ts";
import { pageOf } from "#core/api/page.ts";
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { type Scope, scopes } from "#core/api/scopes.ts";
import { parseWith, readJson } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { json, jsonBody, pageQuery, problems, secured } from "../../http/description.ts";
import { limits } from "../../http/limits.ts";
import { checkPassword, hashPassword } from "../passwords.ts";
import { isSameSecret } from "../secrets.ts";
import * as store from "../store/users.ts";
import { throttleLogin } from "../throttle.ts";

const NamePath = z.object({ name: z.string() });

const bootstrap = createRoute({
  method: "post",
  path: "/v1/users/bootstrap",
  operationId: "createFirstUser",
  tags: ["Users"],
  summary: "Make the first user, who may do everything",
  description: "With the BOOTSTRAP_SECRET, once: where there is any user it is good for nothing.",
  security: [],
  request: { body: jsonBody("Bootstrap") },
  responses: { 201: json(User, "The first user."), ...problems(400, 401, 409, 413, 415, 422) },
});

const create = createRoute({
  method: "post",
  path: "/v1/users",
  operationId: "createUser",
  tags: ["Users"],
  summary: "Make a user",
  description:
    "Nobody gives scopes that they do not have. Users are disabled and never deleted: their names stand in the ledger.",
  security: secured,
  request: { body: jsonBody("CreateUser") },
  responses: { 201: json(User, "The user."), ...problems(400, 401, 403, 409, 413, 415, 422) },
});

const list = createRoute({
  method: "get",
  path: "/v1/users",
  operationId: "listUsers",
  tags: ["Users"],
  summary: "List users by name",
  security: secured,
  request: { query: pageQuery },
  responses: { 200: json(pageOf(User), "A page of users."), ...problems(400, 401, 403) },
});

const read = createRoute({
  method: "get",
  path: "/v1/users/{name}",
  operationId: "getUser",
  tags: ["Users"],
  summary: "Read a user",
  security: secured,
  request: { params: NamePath },
  responses: { 200: json(User, "The user."), ...problems(401, 403, 404) },
});

const change = createRoute({
  method: "patch",
  path: "/v1/users/{name}",
  operationId: "changeUser",
  tags: ["Users"],
  summary: "Change a user's scopes, disable or enable a user",
  description:
    "Disabling ends the refresh tokens at once, keys within ten seconds, and access tokens when they expire, half an hour later at most.",
  security: secured,
  request: { params: NamePath, body: jsonBody("ChangeUser") },
  responses: {
    200: json(User, "The user as it is now."),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422),
  },
});

const setPassword = createRoute({
  method: "put",
  path: "/v1/users/{name}/password",
  operationId: "putPassword",
  tags: ["Users"],
  summary: "Set a password",
  description: "One's own with the current one, another's as an admin. Every login under the old one ends.",
  security: secured,
  request: { params: NamePath, body: jsonBody("ChangePassword") },
  responses: { 204: { description: "It is set." }, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
});

const answerOf = ({ password: _, tokenVersion: __, ...user }: store.StoredUser) => ({
  ...user,
  scopes: [...user.scopes],
});

/** Throws a refusal where somebody gives more than they have. */
export function checkEscalation(c: AppContext, wanted: readonly Scope[]): void {
  const lacking = wanted.filter((scope) => !c.var.principal.may(scope));
  if (lacking.length === 0) return;
  throw new Refusal("forbidden", `you cannot give what you do not have: ${lacking.join(" ")}`);
}

async function requireUser(c: AppContext, name: string): Promise<store.StoredUser> {
  const user = await store.findUser(c.env, name.slice(0, 100));
  if (!user) throw new Refusal("not-found", "there is no user of this name");
  return user;
}

async function createFirst(c: AppContext): Promise<store.StoredUser> {
  await throttleLogin(c, undefined);
  const { secret, name, password } = parseWith(Bootstrap, await readJson(c, limits.identityBytes));
  if (!(await isSameSecret(secret, c.env.BOOTSTRAP_SECRET))) {
    throw new Refusal("unauthorized", "the bootstrap secret is wrong, or none is set");
  }
  const user = { name, password: await hashPassword(password), scopes, createdBy: "bootstrap" };
  if (!(await store.insertUser(c.env, user, { first: true }))) {
    throw new Refusal(
      "conflict",
      "there are users already: the bootstrap secret is used up; log in as one of them",
    );
  }
  return requireUser(c, name);
}

async function createUser(c: AppContext): Promise<store.StoredUser> {
  const { name, password, scopes: wanted } = parseWith(CreateUser, await readJson(c, limits.identityBytes));
  checkEscalation(c, wanted);
  const createdBy = c.var.principal.subject;
  const made = { name, password: await hashPassword(password), scopes: wanted, createdBy };
  if (!(await store.insertUser(c.env, made))) throw new Refusal("conflict", `the name ${name} is taken`);
  return requireUser(c, name);
}

async function changeUser(c: AppContext, name: string): Promise<store.StoredUser> {
  const { scopes: wanted, disabled } = parseWith(ChangeUser, await readJson(c, limits.identityBytes));
  const user = await requireUser(c, name);
  if (wanted) checkEscalation(c, wanted);
  const isSelf = user.name === c.var.principal.subject;
  if (isSelf && (disabled || (wanted && !wanted.includes("admin")))) {
    throw new Refusal("conflict", "you would lock yourself out: let another admin do it");
  }
  await store.changeUser(c.env, user.name, { scopes: wanted, disabled });
  c.var.isolate.users.forget(user.name);
  return requireUser(c, name);
}

async function changePassword(c: AppContext, name: string): Promise<void> {
  const { currentPassword, password } = parseWith(ChangePassword, await readJson(c, limits.identityBytes));
  const { principal } = c.var;
  const isOwn = principal.kind === "user" && principal.subject === name;
  if (!isOwn && !principal.may("admin")) throw new Refusal("forbidden", "this is not your password to set");
  const user = await requireUser(c, name);
  if (isOwn) {
    // A token that was left lying about must not be enough to take the account.
    await throttleLogin(c, name);
    const { right } = await checkPassword(currentPassword ?? "", user.password);
    if (!right)
      throw new InputError([{ pointer: "/currentPassword", detail: "expected your present password" }]);
  }
  const set = await store.setPassword(c.env, user.name, user.password, await hashPassword(password));
  if (!set) throw new Refusal("conflict", "the password has been changed meanwhile");
  c.var.isolate.users.forget(user.name);
}

export function mountUsers(app: App): void {
  app.openapi(bootstrap, async (c) => c.json(answerOf(await createFirst(c)), 201));
  app.openapi(create, async (c) => c.json(answerOf(await createUser(c)), 201));
  app.openapi(list, async (c) => {
    const { items, next } = await store.listUsers(c.env, c.req.valid("query"));
    return c.json({ items: items.map(answerOf), next }, 200);
  });
  app.openapi(read, async (c) => c.json(answerOf(await requireUser(c, c.req.valid("param").name)), 200));
  app.openapi(change, async (c) => c.json(answerOf(await changeUser(c, c.req.valid("param").name)), 200));
  app.openapi(setPassword, async (c) => {
    await changePassword(c, c.req.valid("param").name);
    return c.body(null, 204);
  });
}
