// The three ways to an access token (RFC 6749): a password, a secret or key, a refresh token.
import { UserName } from "#core/api/identity.ts";
import { Refusal } from "#core/api/refusal.ts";
import { type Scope, scopes } from "#core/api/scopes.ts";
import type { AppContext } from "../http/context.ts";
import { times } from "../http/limits.ts";
import { type Grant, issueToken, parseScopes } from "./access-tokens.ts";
import { checkKey } from "./authenticate.ts";
import { findKeyId } from "./keys.ts";
import { checkPassword, hashPassword } from "./passwords.ts";
import { hashSecret, isSameSecret, newId, newSecret } from "./secrets.ts";
import { renewToken, startFamily } from "./store/refresh-tokens.ts";
import { findUser, renewHash } from "./store/users.ts";
import { throttleLogin } from "./throttle.ts";

/** The parameters of a token request. */
export type GrantForm = Readonly<Record<string, string | undefined>>;

export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

/** An OAuth error: its code for machines beside the problem's words. */
export function refuseGrant(kind: "malformed" | "unauthorized", error: string, detail: string): Refusal {
  const headers: Record<string, string> =
    kind === "unauthorized" ? { "www-authenticate": 'Basic realm="appraise", charset="UTF-8"' } : {};
  return new Refusal(kind, detail, { headers, members: { error, error_description: detail } });
}

async function answerOf(c: AppContext, grant: Grant, refreshToken?: string) {
  const token = await issueToken(c.env, grant, Date.now());
  return {
    access_token: token,
    token_type: "Bearer" as const,
    expires_in: times.tokenSeconds,
    scope: grant.scopes.join(" "),
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
  };
}

type TokenAnswer = Awaited<ReturnType<typeof answerOf>>;

const newRefreshToken = () => `rt_${newSecret()}`;

/** The user behind name and password; the same refusal, as late, for a wrong name, a wrong password and a disabled user. */
export async function checkLogin(c: AppContext, name: string, password: string) {
  await throttleLogin(c, name);
  const user = UserName.safeParse(name).success ? await findUser(c.env, name) : undefined;
  const { right, outdated } = await checkPassword(password, user?.password);
  if (!user || !right || user.disabled) {
    throw refuseGrant("malformed", "invalid_grant", "username or password is wrong");
  }
  if (outdated) {
    const renew = async () => renewHash(c.env, user.name, user.password, await hashPassword(password));
    c.executionCtx.waitUntil(
      renew().catch((error) => console.error("a password hash is not renewed", error)),
    );
  }
  return user;
}

async function byPassword(c: AppContext, form: GrantForm): Promise<TokenAnswer> {
  const { username, password, scope } = form;
  if (username === undefined || password === undefined) {
    throw refuseGrant("malformed", "invalid_request", "expected username and password");
  }
  const user = await checkLogin(c, username, password);
  const granted = parseScopes(scope, user.scopes);
  const refreshToken = newRefreshToken();
  const now = Date.now();
  const grant = { subject: user.name, scopes: granted, version: user.tokenVersion };
  const answer = await answerOf(c, grant, refreshToken);
  await startFamily(c.env, {
    ...{ hash: await hashSecret(refreshToken), family: newId(16), user: user.name, scopes: granted, now },
    expiresAt: now + times.refreshTokenMs,
    familyEndsAt: now + times.refreshFamilyMs,
  });
  return answer;
}

/** The ADMIN_TOKEN under the name admin, or a key under its own id. No refresh token comes with these: the secret itself is one. */
async function byCredentials(
  c: AppContext,
  { id, secret }: Credentials,
  scope: string | undefined,
): Promise<TokenAnswer> {
  await throttleLogin(c, undefined);
  const refused = () => refuseGrant("unauthorized", "invalid_client", "client_id or client_secret is wrong");
  if (findKeyId(secret) === id) {
    const key = await checkKey(c, id, secret).catch((error: unknown) => {
      throw error instanceof Refusal && error.kind === "unauthorized" ? refused() : error;
    });
    // A token would take a publishable key off the pages that it is bound to.
    if (key.kind === "publishable") throw refused();
    return answerOf(c, { subject: id, scopes: parseScopes(scope, key.scopes), datasets: key.datasets });
  }
  const isAdmin = await isSameSecret(secret, c.env.ADMIN_TOKEN);
  if (id !== "admin" || !isAdmin) throw refused();
  return answerOf(c, { subject: "admin", scopes: parseScopes(scope, scopes) });
}

async function byRefreshToken(c: AppContext, form: GrantForm): Promise<TokenAnswer> {
  const { refresh_token: token, scope } = form;
  if (token === undefined) throw refuseGrant("malformed", "invalid_request", "expected refresh_token");
  await throttleLogin(c, undefined);
  // Read before the token is used up: a request that cannot be granted shall not cost it.
  const asked = parseScopes(scope, scopes);
  const next = newRefreshToken();
  const renewed = await renewToken(c.env, {
    hash: await hashSecret(token),
    next: await hashSecret(next),
    request: c.var.requestId,
    now: Date.now(),
    lifetimeMs: times.refreshTokenMs,
  });
  if (!renewed) {
    throw refuseGrant(
      "malformed",
      "invalid_grant",
      "the refresh token is used up, expired or unknown: log in again",
    );
  }
  // Fewer scopes than before may be asked for, and more are not given.
  const granted: readonly Scope[] = renewed.scopes.filter((one) => asked.includes(one));
  const version = (await findUser(c.env, renewed.user))?.tokenVersion;
  return answerOf(c, { subject: renewed.user, scopes: granted, version }, next);
}

export const grantTypes = ["password", "client_credentials", "refresh_token"] as const;

/** The answer to a token request. Throws a refusal with the error codes of RFC 6749. */
export async function grantToken(
  c: AppContext,
  form: GrantForm,
  credentials: Credentials,
): Promise<TokenAnswer> {
  const type = form.grant_type;
  const expected = `grant_type: expected ${grantTypes.join(", ")}`;
  if (type === undefined) throw refuseGrant("malformed", "invalid_request", expected);
  if (!c.env.SIGNING_SECRET)
    throw new Refusal("unavailable", "no SIGNING_SECRET is set: no token can be signed");
  if (type === "password") return byPassword(c, form);
  if (type === "client_credentials") return byCredentials(c, credentials, form.scope);
  if (type === "refresh_token") return byRefreshToken(c, form);
  throw refuseGrant("malformed", "unsupported_grant_type", expected);
}
