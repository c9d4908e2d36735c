// Users and keys for tests, made the way anyone makes them.
import type { Scope } from "#core/api/scopes.ts";
import { env, type Service } from "../service.ts";

export const bootstrapSecret = "test-bootstrap-secret-0123456789abcdef";
export const password = "correct horse battery";

let clients = 0;

/** Another address each time: what one test tries must not throttle the next. */
export const newClient = () => ({ "cf-connecting-ip": `192.0.2.${++clients % 250}` });

export interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
  readonly error?: string;
}

export async function makeUser(service: Service, name: string, scopes: readonly Scope[]): Promise<void> {
  const made = await service.fetch("/v1/users", { token: "admin", json: { name, password, scopes } });
  if (made.status !== 201) throw new Error(`${made.status} ${await made.text()}`);
}

/** Asks for a token by form, from an address of its own unless headers say otherwise. */
export function askToken(
  service: Service,
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return service.fetch("/v1/oauth/token", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...newClient(), ...headers },
    body: typeof form === "string" ? form : new URLSearchParams(form).toString(),
  });
}

export const login = (service: Service, username: string, secret = password) =>
  askToken(service, { grant_type: "password", username, password: secret });

export async function logIn(service: Service, username: string): Promise<TokenAnswer> {
  const answer = await login(service, username);
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json<TokenAnswer>();
}

export const refresh = (service: Service, token: string) =>
  askToken(service, { grant_type: "refresh_token", refresh_token: token });

export interface MadeKey {
  readonly id: string;
  readonly key: string;
}

export async function makeKey(
  service: Service,
  body: Record<string, unknown>,
  token = "admin",
): Promise<MadeKey> {
  const answer = await service.fetch("/v1/keys", { token, json: { name: `key ${++clients}`, ...body } });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json<MadeKey>();
}

/** Whether no table holds this text anywhere. */
export async function isNowhereInDatabase(text: string): Promise<boolean> {
  for (const table of ["users", "api_keys", "refresh_tokens"]) {
    const { results } = await env.DB.prepare(`select * from ${table}`).all();
    if (JSON.stringify(results).includes(text)) return false;
  }
  return true;
}
