// Access tokens by the client credentials grant (RFC 6749, 4.4).
import { createRoute } from "@hono/zod-openapi";
import { AccessToken } from "#core/api/answers.ts";
import { Refusal } from "#core/api/refusal.ts";
import { scopes } from "#core/api/scopes.ts";
import { checkContentType, readText } from "../body.ts";
import type { App, AppContext } from "../context.ts";
import { limits, times } from "../limits.ts";
import { isSameSecret, issueToken, parseScopes } from "../tokens.ts";
import { json, problems } from "./description.ts";

const issue = createRoute({
  method: "post",
  path: "/v1/oauth/token",
  operationId: "issueToken",
  tags: ["Access"],
  summary: "Get an access token for half an hour",
  description: `client_id is admin, client_secret the ADMIN_TOKEN, in the form or by HTTP Basic. Scopes: ${scopes.join(", ")}.`,
  security: [],
  request: {
    body: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          // Not a zod schema: the form is read below, under a bound and with the errors of RFC 6749.
          schema: {
            type: "object",
            required: ["grant_type"],
            properties: {
              grant_type: { type: "string", enum: ["client_credentials"] },
              client_id: { type: "string", enum: ["admin"] },
              client_secret: { type: "string", format: "password" },
              scope: {
                type: "string",
                description: "Scopes separated by spaces; all of them where it is left out.",
              },
            },
          },
        },
      },
    },
  },
  responses: { 200: json(AccessToken, "The token."), ...problems(400, 401, 413, 415) },
});

function refuse(kind: "malformed" | "unauthorized", error: string, detail: string): Refusal {
  const headers: Record<string, string> =
    kind === "unauthorized" ? { "www-authenticate": 'Basic realm="appraise", charset="UTF-8"' } : {};
  return new Refusal(kind, detail, { headers, members: { error, error_description: detail } });
}

/** Client id and secret from the Authorization header or the form; RFC 6749 has both parts form-encoded in the header. */
function credentialsOf(c: AppContext, form: URLSearchParams): { id: string; secret: string } {
  const basic = /^Basic +([\w+/=-]+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (!basic) return { id: form.get("client_id") ?? "", secret: form.get("client_secret") ?? "" };
  try {
    const [id, secret = ""] = atob(basic).split(/:(.*)/s);
    return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
  } catch {
    return { id: "", secret: "" };
  }
}

export function mountTokens(app: App): void {
  app.openapi(issue, async (c) => {
    checkContentType(c, ["application/x-www-form-urlencoded"]);
    const form = new URLSearchParams(await readText(c, limits.formBytes));
    const repeated = [...form.keys()].find((name) => form.getAll(name).length > 1);
    if (repeated !== undefined) throw refuse("malformed", "invalid_request", "a parameter is given twice");
    if (!form.has("grant_type"))
      throw refuse("malformed", "invalid_request", "grant_type: expected client_credentials");
    if (form.get("grant_type") !== "client_credentials") {
      throw refuse("malformed", "unsupported_grant_type", "grant_type: expected client_credentials");
    }
    const { id, secret } = credentialsOf(c, form);
    const isAdmin = await isSameSecret(secret, c.env.ADMIN_TOKEN);
    if (id !== "admin" || !isAdmin)
      throw refuse("unauthorized", "invalid_client", "client_id or client_secret is wrong");
    const granted = parseScopes(form.get("scope") ?? undefined);
    const token = await issueToken(c.env, granted, Date.now());
    c.header("cache-control", "no-store");
    const answer = { access_token: token, token_type: "Bearer" as const, expires_in: times.tokenSeconds };
    return c.json({ ...answer, scope: granted.join(" ") }, 200);
  });
}
