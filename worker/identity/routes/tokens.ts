// Access tokens (RFC 6749), and their end (RFC 7009).
import { createRoute } from "@hono/zod-openapi";
import { AccessToken } from "#core/api/identity.ts";
import { scopes } from "#core/api/scopes.ts";
import { checkContentType, readText } from "../../http/body.ts";
import type { App, AppContext } from "../../http/context.ts";
import { json, problems } from "../../http/description.ts";
import { parseJson } from "../../http/json.ts";
import { limits } from "../../http/limits.ts";
import { type Credentials, type GrantForm, grantToken, grantTypes, refuseGrant } from "../grants.ts";
import { hashSecret } from "../secrets.ts";
import { endFamily } from "../store/refresh-tokens.ts";

const secret = { type: "string", format: "password" } as const;

// Not zod schemas: forms are read below, under a bound and with the errors of RFC 6749.
const grantSchema = {
  type: "object" as const,
  required: ["grant_type"],
  properties: {
    grant_type: { type: "string" as const, enum: [...grantTypes] },
    username: { type: "string" as const },
    password: secret,
    client_id: { type: "string" as const, description: "admin, or the id of a key." },
    client_secret: secret,
    refresh_token: secret,
    scope: {
      type: "string" as const,
      description: "Scopes separated by spaces; all that may be had where it is left out.",
    },
  },
};

const issue = createRoute({
  method: "post",
  path: "/v1/oauth/token",
  operationId: "issueToken",
  tags: ["Access"],
  summary: "Get an access token for half an hour",
  description:
    "With a user's password, and a refresh token comes beside it; with that refresh token, once, and the next one comes beside it; or as a " +
    "client: admin with the ADMIN_TOKEN, a key's id with the key, in the body or by HTTP Basic. A refresh token that comes a second time ends " +
    `all that came from the same login. Scopes: ${scopes.join(", ")}.`,
  security: [],
  request: {
    body: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": { schema: grantSchema },
        "application/json": { schema: grantSchema },
      },
    },
  },
  responses: { 200: json(AccessToken, "The token."), ...problems(400, 401, 413, 415) },
});

const revokeSchema = { type: "object" as const, required: ["token"], properties: { token: secret } };

const revoke = createRoute({
  method: "post",
  path: "/v1/oauth/revoke",
  operationId: "revokeToken",
  tags: ["Access"],
  summary: "End a login by its refresh token",
  description: "Answers 200 whether or not there was anything to end. Access tokens end by themselves.",
  security: [],
  request: {
    body: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": { schema: revokeSchema },
        "application/json": { schema: revokeSchema },
      },
    },
  },
  responses: { 200: { description: "It is over." }, ...problems(400, 413, 415) },
});

/** The parameters of a body, each at most once and each text. */
async function readForm(c: AppContext): Promise<GrantForm> {
  const type = checkContentType(c, ["application/x-www-form-urlencoded", "application/json"]);
  const text = await readText(c, limits.formBytes);
  const refuse = (detail: string) => refuseGrant("malformed", "invalid_request", detail);
  if (type === "application/x-www-form-urlencoded") {
    const form = new URLSearchParams(text);
    const repeated = [...form.keys()].find((name) => form.getAll(name).length > 1);
    if (repeated !== undefined) throw refuse("a parameter is given twice");
    return Object.fromEntries(form);
  }
  const value = parseJson(text);
  const isForm =
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((one) => typeof one === "string");
  if (!isForm || Array.isArray(value)) throw refuse("expected a JSON object whose values are texts");
  return value as GrantForm;
}

/** Client id and secret from the Authorization header or the form; RFC 6749 has both parts form-encoded in the header. */
function credentialsOf(c: AppContext, form: GrantForm): Credentials {
  const basic = /^Basic +([\w+/=-]+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (!basic) return { id: form.client_id ?? "", secret: form.client_secret ?? "" };
  try {
    const [id, secret = ""] = atob(basic).split(/:(.*)/s);
    return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
  } catch {
    return { id: "", secret: "" };
  }
}

export function mountTokens(app: App): void {
  app.openapi(issue, async (c) => {
    const form = await readForm(c);
    const answer = await grantToken(c, form, credentialsOf(c, form));
    c.header("cache-control", "no-store");
    return c.json(answer, 200);
  });

  app.openapi(revoke, async (c) => {
    const { token } = await readForm(c);
    if (token === undefined) throw refuseGrant("malformed", "invalid_request", "expected token");
    await endFamily(c.env, await hashSecret(token), Date.now());
    return c.body(null, 200);
  });
}
