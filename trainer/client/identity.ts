// Users and keys over the API, as the command line uses them.
import type * as z from "zod";
import { pageOf } from "#core/api/answers.ts";
import { ApiKey, type CreateKey, NewApiKey, User } from "#core/api/identity.ts";
import type { Client } from "./client.ts";
import { ServerRefusal } from "./refusal.ts";
import { type Call, send } from "./request.ts";

const json = { "content-type": "application/json" };

async function read<T>(client: Client, schema: z.ZodType<T>, call: Call): Promise<T> {
  const response = await send(client.server, call);
  const result = schema.safeParse(await response.json().catch(() => undefined));
  if (result.success) return result.data;
  throw new ServerRefusal(`${call.method} ${call.path}`, response.status, "unexpected answer");
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

/** Keys by id, all pages of them. */
export async function listKeys(client: Client): Promise<ApiKey[]> {
  const keys: ApiKey[] = [];
  for (let path = "/v1/keys?limit=200"; ; ) {
    const page = await read(client, pageOf(ApiKey), { method: "GET", path });
    keys.push(...page.items);
    if (page.next === null) return keys;
    path = `/v1/keys?limit=200&cursor=${encodeURIComponent(page.next)}`;
  }
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
