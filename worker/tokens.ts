// Access tokens: signed for half an hour, checked without asking anyone.
import { sign, verify } from "hono/jwt";
import { Refusal } from "#core/api/refusal.ts";
import { findScopes, type Scope, scopes } from "#core/api/scopes.ts";
import type { Principal } from "./context.ts";
import type { Env } from "./env.ts";
import { times } from "./limits.ts";

const algorithm = "HS256";
const audience = "appraise";

export const anonymous: Principal = { subject: "anonymous", may: () => false };

/** Compares in a time that tells nothing: of hashes, so that not even the length shows. */
export async function isSameSecret(given: string, secret: string | undefined): Promise<boolean> {
  if (!secret) return false;
  const hash = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const [a, b] = await Promise.all([hash(given), hash(secret)]);
  return crypto.subtle.timingSafeEqual(a, b);
}

function unauthorized(detail: string, error = "invalid_token"): Refusal {
  const challenge = `Bearer realm="appraise", error="${error}", error_description="${detail}"`;
  return new Refusal("unauthorized", detail, { headers: { "www-authenticate": challenge } });
}

/** What answers a request without a token where one is needed. */
export function tokenNeeded(detail: string): Refusal {
  return new Refusal("unauthorized", detail, { headers: { "www-authenticate": 'Bearer realm="appraise"' } });
}

/** An access token for `granted`, good for half an hour from `now` (ms since 1970). */
export async function issueToken(env: Env, granted: readonly Scope[], now: number): Promise<string> {
  if (!env.SIGNING_SECRET)
    throw new Refusal("unavailable", "no SIGNING_SECRET is set: no token can be signed");
  const seconds = Math.floor(now / 1000);
  const claims = { sub: "admin", aud: audience, scope: granted.join(" "), jti: crypto.randomUUID() };
  const payload = { ...claims, iat: seconds, exp: seconds + times.tokenSeconds };
  return sign(payload, env.SIGNING_SECRET, algorithm);
}

async function readToken(env: Env, token: string): Promise<Scope[]> {
  if (!env.SIGNING_SECRET) throw unauthorized("the token is not valid");
  let payload: Awaited<ReturnType<typeof verify>>;
  try {
    // The algorithm is pinned, so that a token cannot choose its own; the time is checked below, after the signature.
    payload = await verify(token, env.SIGNING_SECRET, { alg: algorithm, aud: audience, exp: false });
  } catch {
    throw unauthorized("the token is not valid");
  }
  if (typeof payload.exp !== "number") throw unauthorized("the token is not valid");
  if (payload.exp * 1000 <= Date.now()) throw unauthorized("the token has expired");
  const granted = typeof payload.scope === "string" ? findScopes(payload.scope) : undefined;
  if (!granted) throw unauthorized("the token is not valid");
  return granted;
}

/** Who sends this Authorization header. Throws a refusal for a header that is not valid: a wrong token is never anonymous. */
export async function authenticate(env: Env, header: string | undefined): Promise<Principal> {
  if (header === undefined) return anonymous;
  const token = /^Bearer +([\w.~+/=-]{1,4096})$/i.exec(header.trim())?.[1];
  if (!token) throw unauthorized("expected Authorization: Bearer and a token", "invalid_request");
  if (await isSameSecret(token, env.ADMIN_TOKEN)) return { subject: "admin", may: () => true };
  const granted = await readToken(env, token);
  return { subject: "admin", may: (scope) => granted.includes(scope) };
}

/** The scopes that a token request asks for; all where it names none. */
export function parseScopes(text: string | undefined): readonly Scope[] {
  if (text === undefined || text.trim() === "") return scopes;
  const granted = findScopes(text);
  if (granted) return granted;
  const detail = `scope: expected some of ${scopes.join(" ")}`;
  throw new Refusal("malformed", detail, { members: { error: "invalid_scope", error_description: detail } });
}
