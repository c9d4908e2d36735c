import { InputError } from "#core/api/problem.ts";
import { ApiFault } from "../../../sdk/api-fault.ts";
import { requestToken } from "../../../sdk/token-grant.ts";
import { Client } from "../../client/client.ts";
import { credentialsPath, findLogin, keepLogin, withCredentialsLocked } from "../../client/credentials.ts";
import { createFirstUser, endLogin } from "../../client/identity.ts";
import { serverUrl } from "../connection.ts";
import { printResult, tell } from "../output.ts";
import { readSecret } from "../secret-prompt.ts";

interface LoginOptions {
  readonly url?: string;
  readonly user: string;
  readonly passwordStdin?: boolean;
  readonly bootstrap?: boolean;
  readonly json?: boolean;
}

/** Makes the first user before anybody can log in. */
async function bootstrap(url: string, name: string, password: string): Promise<void> {
  const secret = process.env.APPRAISE_BOOTSTRAP_SECRET;
  if (!secret)
    throw new InputError("--bootstrap: expected the server's BOOTSTRAP_SECRET in APPRAISE_BOOTSTRAP_SECRET");
  await createFirstUser(new Client(url), { secret, name, password });
  tell(`${name} is the first user of ${url} and may do everything`);
}

export async function login(options: LoginOptions): Promise<void> {
  const url = serverUrl(options);
  const { user } = options;
  const password = await readSecret(`password of ${user}`, options.passwordStdin);
  if (options.bootstrap) await bootstrap(url, user, password);
  const { refresh_token: refreshToken } = await requestToken(
    { url },
    { grant_type: "password", username: user, password },
  );
  if (!refreshToken)
    throw new ApiFault({
      ...{ request: "POST /v1/oauth/token", status: 200, detail: "answered without a refresh token" },
    });
  const path = credentialsPath();
  await withCredentialsLocked(path, async () => keepLogin(path, url, { user, refreshToken }));
  printResult(options.json, { url, user, file: path }, () => `logged in to ${url} as ${user} (${path})`);
}

export async function logout(options: Pick<LoginOptions, "url" | "json">): Promise<void> {
  const url = serverUrl(options);
  const path = credentialsPath();
  const ended = await withCredentialsLocked(path, async () => {
    const found = findLogin(path, url);
    if (!found) return undefined;
    await endLogin(new Client(url), found.refreshToken);
    keepLogin(path, url, undefined);
    return found.user;
  });
  printResult(options.json, { url, user: ended ?? null }, () =>
    ended ? `${ended} is logged out of ${url}` : `nobody was logged in to ${url}`,
  );
}
