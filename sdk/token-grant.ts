// POST /v1/oauth/token: a password or a refresh token in exchange for an access token (RFC 6749).
import { fixedAccess } from "./access.ts";
import type { operations } from "./generated/api.ts";
import { type Server, send } from "./send.ts";

export type TokenAnswer = operations["issueToken"]["responses"][200]["content"]["application/json"];

/** Asks without any token. Throws ApiFault. A refresh token is good for one use, so what may have arrived is not sent again. */
export async function requestToken(
  server: Omit<Server, "access">,
  form: Readonly<Record<string, string>>,
): Promise<TokenAnswer> {
  const response = await send(
    { ...server, access: fixedAccess(undefined) },
    {
      method: "POST",
      path: "/v1/oauth/token",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    },
  );
  return (await response.json()) as TokenAnswer;
}
