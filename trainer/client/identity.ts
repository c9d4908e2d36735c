// Users and keys over the API, as the command line uses them.
import type * as z from "zod";
import { pageOf } from "#core/api/answers.ts";
import {
  ApiKey,
  type ChangeUser,
  type CreateKey,
  type CreateUser,
  NewApiKey,
  User,
} from "#core/api/identity.ts";
import { type Call, send } from "../../sdk/send.ts";
import type { Client } from "./client.ts";
import { readAnswer } from "./read-answer.ts";

const json = { "content-type": "application/json" };

async function read<T>(client: Client, schema: z.ZodType<T>, call: Call): Promise<T> {
  return readAnswer(schema, await send(client.server, call));
}

/** Makes the first user with the bootstrap secret. */
export function createFirstUser(
  client: Client,
  body: { readonly secret: string; readonly name: string; readonly password: string },
): Promise<z.infer<typeof User>> {
  return read(client, User, {
    ...{ method: "POST", path: "/v1/users/bootstrap", headers: json, body: JSON.stringify(body) },
  });
}

export function createKey(
  client: Client,
  body: z.input<typeof CreateKey>,
): Promise<z.infer<typeof NewApiKey>> {
  return read(client, NewApiKey, {
    method: "POST",
    path: "/v1/keys",
    headers: json,
    body: JSON.stringify(body),
  });
}

async function readAll<T>(client: Client, schema: z.ZodType<T>, list: string): Promise<T[]> {
  const items: T[] = [];
  for (let path = `${list}?limit=200`; ; ) {
    const page = await read(client, pageOf(schema), { method: "GET", path });
    items.push(...page.items);
    if (page.next === null) return items;
    path = `${list}?limit=200&cursor=${encodeURIComponent(page.next)}`;
  }
}

/** Keys by id, all pages of them. */
export const listKeys = (client: Client): Promise<ApiKey[]> => readAll(client, ApiKey, "/v1/keys");

/** Users by name, all pages of them. */
export const listUsers = (client: Client): Promise<z.infer<typeof User>[]> =>
  readAll(client, User, "/v1/users");

export function createUser(client: Client, body: z.input<typeof CreateUser>): Promise<z.infer<typeof User>> {
  return read(client, User, { method: "POST", path: "/v1/users", headers: json, body: JSON.stringify(body) });
}

export function changeUser(
  client: Client,
  name: string,
  change: z.input<typeof ChangeUser>,
): Promise<z.infer<typeof User>> {
  const path = `/v1/users/${encodeURIComponent(name)}`;
  return read(client, User, {
    ...{ method: "PATCH", path, headers: json, body: JSON.stringify(change) },
    // It says what shall hold, not how it changes.
    repeatable: true,
  });
}

export function revokeKey(client: Client, id: string): Promise<ApiKey> {
  return read(client, ApiKey, { method: "DELETE", path: `/v1/keys/${encodeURIComponent(id)}` });
}

/** Ends a login on the server. */
export async function endLogin(client: Client, refreshToken: string): Promise<void> {
  const body = new URLSearchParams({ token: refreshToken }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  await send(client.server, { method: "POST", path: "/v1/oauth/revoke", headers, body, repeatable: true });
}
