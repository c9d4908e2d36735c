// Who sends a request: the Authorization header, read once, as one of the kinds of callers there are.
import { Refusal } from "#core/api/refusal.ts";
import { type Scope, scopes } from "#core/api/scopes.ts";
import type { AppContext } from "../http/context.ts";
import { type Grant, readToken } from "./access-tokens.ts";
import { findKeyId, isKeyId } from "./keys.ts";
import type { Principal } from "./principal.ts";
import { countMiss } from "./rate-limits.ts";
import { hashSecret, isSameHash, isSameSecret } from "./secrets.ts";
import type { StoredKey } from "./store/keys.ts";

export const anonymous: Principal = { subject: "anonymous", kind: "anonymous", scopes: [], may: () => false };

function principalOf(
  kind: Principal["kind"],
  subject: string,
  granted: readonly Scope[],
  bounds: Pick<Principal, "origins" | "datasets"> = {},
): Principal {
  return { subject, kind, scopes: granted, may: (scope) => granted.includes(scope), ...bounds };
}

function unauthorized(detail: string, error = "invalid_token"): Refusal {
  const challenge = `Bearer realm="appraise", error="${error}", error_description="${detail}"`;
  return new Refusal("unauthorized", detail, { headers: { "www-authenticate": challenge } });
}

/** What answers a request without a token where one is needed. */
export function tokenNeeded(detail: string): Refusal {
  return new Refusal("unauthorized", detail, { headers: { "www-authenticate": 'Bearer realm="appraise"' } });
}

/** The live key that this text is. Throws a refusal for any other: only its holder learns that it was revoked or has expired. */
export async function checkKey(c: AppContext, id: string, text: string): Promise<StoredKey> {
  const now = Date.now();
  const { keys } = c.var.isolate;
  const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  if (!keys.remembers(id, now)) await countMiss(c);
  const [key, hash] = await Promise.all([keys.find(c.env, id, now, waitUntil), hashSecret(text)]);
  if (!key || !isSameHash(hash, key.hash)) throw unauthorized("the key is not valid");
  if (key.revoked) throw unauthorized("the key has been revoked");
  if (key.expiresAt !== null && key.expiresAt <= now) throw unauthorized("the key has expired");
  keys.touch(c.env, id, now, waitUntil);
  return key;
}

async function principalOfKey(c: AppContext, id: string, text: string): Promise<Principal> {
  const { kind, scopes: granted, origins, datasets } = await checkKey(c, id, text);
  const bounds = { origins: origins ?? undefined, datasets: datasets ?? undefined };
  return principalOf(kind === "publishable" ? "publishable" : "key", id, granted, bounds);
}

/** Refuses a token whose bearer has been disabled, changed or revoked since it was issued. */
async function checkStanding(c: AppContext, { subject, version }: Grant): Promise<void> {
  if (subject === "admin") return;
  const { keys, users } = c.var.isolate;
  const now = Date.now();
  const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  if (isKeyId(subject)) {
    // A key that cannot be looked up now leaves the signature to count for itself.
    const key = await keys.find(c.env, subject, now, waitUntil).catch(() => undefined);
    if (key?.revoked) throw unauthorized("the key has been revoked");
    return;
  }
  const user = await users.find(c.env, subject, now, waitUntil);
  if (user?.disabled) throw unauthorized("the user is disabled");
  if (user && version !== undefined && version < user.tokenVersion)
    throw unauthorized("the token has ended: the user's scopes or password were changed; log in again");
}

/** Who sends this Authorization header. Throws a refusal for a header that is not valid: a wrong token is never anonymous. */
export async function authenticate(c: AppContext, header: string | undefined): Promise<Principal> {
  if (header === undefined) return anonymous;
  const token = /^Bearer +([\w.~+/=-]{1,4096})$/i.exec(header.trim())?.[1];
  if (!token) throw unauthorized("expected Authorization: Bearer and a token", "invalid_request");
  const keyId = findKeyId(token);
  if (keyId) return principalOfKey(c, keyId, token);
  if (await isSameSecret(token, c.env.ADMIN_TOKEN)) return principalOf("admin", "admin", scopes);
  const grant = await readToken(c.env, token, Date.now());
  if (grant === "expired") throw unauthorized("the token has expired");
  if (grant === "invalid") throw unauthorized("the token is not valid");
  await checkStanding(c, grant);
  const { subject, scopes: granted, datasets } = grant;
  const kind = subject === "admin" ? "admin" : isKeyId(subject) ? "key" : "user";
  return principalOf(kind, subject, granted, { datasets: datasets ?? undefined });
}
