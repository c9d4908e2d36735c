// The login that `appraise login` has left for a server, as what a client shows to be let in.
import { type Access, type HeldToken, renewingAccess } from "../../sdk/access.ts";
import { ApiFault } from "../../sdk/api-fault.ts";
import { requestToken } from "../../sdk/token-grant.ts";
import { findLogin, keepLogin, withCredentialsLocked } from "./credentials.ts";

/** Renews with the refresh token of `path`, and keeps the next one there. Without a login it has no token. */
export function storedAccess(url: string, path: string): Access {
  let held: HeldToken | undefined;

  async function renew(): Promise<string | undefined> {
    if (!findLogin(path, url)) return undefined;
    return withCredentialsLocked(path, async () => {
      // Read under the lock: another command may have used up the token that was there before.
      const login = findLogin(path, url);
      if (!login) return undefined;
      const form = { grant_type: "refresh_token", refresh_token: login.refreshToken };
      const answer = await requestToken({ url }, form).catch((error: unknown) => {
        // Used up or ended: asking again with it would help nobody. Anything else may pass.
        if (error instanceof ApiFault && error.status === 400) keepLogin(path, url, undefined);
        throw error;
      });
      if (answer.refresh_token) keepLogin(path, url, { ...login, refreshToken: answer.refresh_token });
      held = { token: answer.access_token, endsAt: Date.now() + answer.expires_in * 1000 };
      return held.token;
    });
  }

  return renewingAccess({ held: () => held, renew });
}
