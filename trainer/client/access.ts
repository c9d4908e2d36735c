// What a client shows to be let in: a fixed token or key, or a login whose short tokens renew themselves.
import { AccessToken } from "#core/api/identity.ts";
import { findLogin, keepLogin, type Login, withCredentialsLocked } from "./credentials.ts";
import { readReason, ServerRefusal } from "./refusal.ts";

export interface Access {
  /** The token where it is a fixed one: what a command that this one starts is given; it finds a login by itself. */
  readonly fixed?: string;
  /** The token to send now; undefined where there is none. */
  token(): Promise<string | undefined>;
  /** After a 401: another token than `refused`, or undefined where there will be none. */
  renewed(refused: string | undefined): Promise<string | undefined>;
}

/** A token or key that its user keeps; there is nothing to renew. */
export function fixedAccess(token: string | undefined): Access {
  return { fixed: token, token: async () => token, renewed: async () => undefined };
}

const timeoutMs = 30_000;
/** A token is renewed when it has less than this left: what is sent now must still be good when it arrives. */
const marginMs = 60_000;

/** POST /v1/oauth/token. Throws ServerRefusal where the server says no. */
export async function requestToken(
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<{ accessToken: string; refreshToken: string | undefined; expiresAt: number }> {
  const response = await fetch(`${url}/v1/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
    body: new URLSearchParams(form).toString(),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const body = await response.text();
  if (!response.ok) {
    throw new ServerRefusal("POST /v1/oauth/token", response.status, readReason(body, response.statusText));
  }
  const answer = AccessToken.parse(JSON.parse(body));
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    expiresAt: Date.now() + answer.expires_in * 1000,
  };
}

/** The login that `appraise login` has left for this server: its access token is renewed shortly before it ends, and after a 401. */
export function storedAccess(url: string, path: string): Access {
  let present: { readonly token: string; readonly expiresAt: number } | undefined;
  let renewing: Promise<string | undefined> | undefined;

  async function renew(): Promise<string | undefined> {
    return withCredentialsLocked(path, async () => {
      // Read under the lock: another command may have used up the token that was there before.
      const login: Login | undefined = findLogin(path, url);
      if (!login) return undefined;
      const form = { grant_type: "refresh_token", refresh_token: login.refreshToken };
      const answer = await requestToken(url, form).catch((error: unknown) => {
        // Used up or ended: asking again with it would help nobody. Anything else may pass.
        if (error instanceof ServerRefusal && error.status === 400) keepLogin(path, url, undefined);
        throw error;
      });
      if (answer.refreshToken) keepLogin(path, url, { ...login, refreshToken: answer.refreshToken });
      present = { token: answer.accessToken, expiresAt: answer.expiresAt };
      return answer.accessToken;
    });
  }

  /** One renewal at a time, whoever waits for it. */
  function renewOnce(): Promise<string | undefined> {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  return {
    async token() {
      if (present && present.expiresAt - Date.now() > marginMs) return present.token;
      return findLogin(path, url) ? renewOnce() : undefined;
    },
    async renewed(refused) {
      if (refused === undefined) return undefined;
      if (present && present.token !== refused) return present.token;
      return renewOnce();
    },
  };
}
