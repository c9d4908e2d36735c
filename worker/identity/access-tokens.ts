// Access tokens: signed for half an hour, checked without asking anyone.
import { decode, sign, verify } from "hono/jwt";
import { encodeBase64Url } from "hono/utils/encode";
import { Refusal } from "#core/api/refusal.ts";
import { findScopes, type Scope, scopes } from "#core/api/scopes.ts";
import type { Env } from "../env.ts";
import { times } from "../http/limits.ts";
import { hashSecret } from "./secrets.ts";

const algorithm = "HS256";
const audience = "appraise";

/** What a token says of its bearer. */
export interface Grant {
  /** "admin", a user's name or a key's id. */
  readonly subject: string;
  readonly scopes: readonly Scope[];
  /** Datasets it is for; all where it names none. */
  readonly datasets?: readonly string[] | null;
  /** Of a user: the version of their tokens when it was issued. */
  readonly version?: number;
}

interface SigningKey {
  readonly kty: "oct";
  readonly k: string;
  readonly alg: typeof algorithm;
  readonly kid: string;
}

const known = new Map<string, SigningKey>();

/** A secret as a JSON Web Key, named by the beginning of a hash that nothing else uses. */
async function signingKey(secret: string): Promise<SigningKey> {
  const kept = known.get(secret);
  if (kept) return kept;
  const kid = (await hashSecret(`key-id:${secret}`)).slice(0, 16);
  const k = encodeBase64Url(new TextEncoder().encode(secret).buffer).replaceAll("=", "");
  const key = { kty: "oct", k, alg: algorithm, kid } as const;
  // An isolate sees one or two of them in its life; more would be a configuration that changes under it.
  if (known.size > 4) known.clear();
  known.set(secret, key);
  return key;
}

/** An access token, good for half an hour from `now` (ms since 1970). */
export async function issueToken(env: Env, grant: Grant, now: number): Promise<string> {
  if (!env.SIGNING_SECRET)
    throw new Refusal("unavailable", "no SIGNING_SECRET is set: no token can be signed");
  const seconds = Math.floor(now / 1000);
  const { subject, scopes: granted, datasets, version } = grant;
  const claims = { sub: subject, aud: audience, scope: granted.join(" "), jti: crypto.randomUUID() };
  const payload = {
    ...claims,
    ...(datasets && { datasets }),
    ...(version !== undefined && { ver: version }),
    iat: seconds,
    exp: seconds + times.tokenSeconds,
  };
  // The key names the algorithm: hono then writes its id into the header.
  return sign(payload, await signingKey(env.SIGNING_SECRET));
}

/** The key that the token says it is signed with: the present one, or the one before it while that is still set. */
async function findSigningKey(env: Env, token: string): Promise<SigningKey | undefined> {
  const { kid } = decode(token).header;
  for (const secret of [env.SIGNING_SECRET, env.SIGNING_SECRET_PREVIOUS]) {
    const key = secret ? await signingKey(secret) : undefined;
    if (key && key.kid === kid) return key;
  }
  return undefined;
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

export type TokenFault = "invalid" | "expired";

/** What a token grants, or why it grants nothing. Never throws. */
export async function readToken(env: Env, token: string, now: number): Promise<Grant | TokenFault> {
  let payload: Awaited<ReturnType<typeof verify>>;
  try {
    const key = await findSigningKey(env, token);
    if (!key) return "invalid";
    // The algorithm is pinned, so that a token cannot choose its own; times are checked below, after the signature.
    const checks = { alg: algorithm, aud: audience, exp: false, iat: false, nbf: false } as const;
    payload = await verify(token, key, checks);
  } catch {
    return "invalid";
  }
  const { sub, exp, iat, scope, datasets, ver } = payload;
  const granted = typeof scope === "string" ? findScopes(scope) : undefined;
  if (typeof sub !== "string" || typeof exp !== "number" || typeof iat !== "number" || !granted)
    return "invalid";
  if (datasets !== undefined && !isTexts(datasets)) return "invalid";
  if (ver !== undefined && typeof ver !== "number") return "invalid";
  // Clocks differ: what another machine has signed a moment from now is still good, and a little past its end too.
  const skew = times.clockSkewSeconds;
  if (iat > now / 1000 + skew) return "invalid";
  if (exp + skew <= now / 1000) return "expired";
  return { subject: sub, scopes: granted, datasets, version: ver };
}

/** The scopes that a token request asks for out of those it may have; all of them where it names none. */
export function parseScopes(text: string | undefined, allowed: readonly Scope[]): readonly Scope[] {
  if (text === undefined || text.trim() === "") return allowed;
  const asked = findScopes(text);
  const refuse = (detail: string) =>
    new Refusal("malformed", detail, { members: { error: "invalid_scope", error_description: detail } });
  if (!asked) throw refuse(`scope: expected some of ${scopes.join(" ")}`);
  const lacking = asked.filter((scope) => !allowed.includes(scope));
  if (lacking.length > 0) throw refuse(`scope: ${lacking.join(" ")} cannot be granted here`);
  return [...new Set(asked)];
}
