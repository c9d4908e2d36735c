// The part of the API that hands out tokens and keys, in memory, with the rules that a client must live with.
import { scopes } from "#core/api/scopes.ts";
import { type Answer, type Asked, type ScriptedServer, startServer } from "../scripted-server.ts";

export interface PretendIdentity extends ScriptedServer {
  /** Access tokens that are good now; a test may take them away. */
  readonly good: Set<string>;
  /** Refresh tokens that have been used. */
  readonly used: Set<string>;
  /** How long the access tokens that are given from now on last. */
  expiresIn: number;
  /** Grants so far. */
  grants: number;
  /** Whether a refresh token has come twice: then the login is over. */
  ended: boolean;
}

export const account = { name: "ada", password: "correct horse battery", bootstrap: "bootstrap-secret" };

export async function startPretendIdentity(): Promise<PretendIdentity> {
  const state = {
    good: new Set<string>(),
    used: new Set<string>(),
    expiresIn: 1800,
    grants: 0,
    ended: false,
  };
  let live: string | undefined;
  let hasUsers = true;

  function grant(): Answer {
    state.grants++;
    const token = `access-${state.grants}`;
    state.good.add(token);
    live = `rt_${state.grants}`;
    const body = { access_token: token, token_type: "Bearer", expires_in: state.expiresIn, scope: "predict" };
    return { body: { ...body, refresh_token: live } };
  }

  const refuse = (detail: string): Answer => ({ status: 400, body: { title: "Malformed request", detail } });

  function giveToken({ body }: Asked): Answer {
    const form = new URLSearchParams(body.toString());
    if (form.get("grant_type") === "password") {
      const isRight = form.get("username") === account.name && form.get("password") === account.password;
      return isRight && hasUsers ? grant() : refuse("username or password is wrong");
    }
    const given = form.get("refresh_token") ?? "";
    if (state.used.has(given)) state.ended = true;
    if (given !== live || state.ended) return refuse("the refresh token is used up");
    state.used.add(given);
    return grant();
  }

  const key = {
    ...{ id: "apk_0123456789abcdef", kind: "secret", owner: "ada", createdAt: "2026-01-01T00:00:00.000Z" },
    ...{ origins: null, datasets: null, expiresAt: null, lastUsedAt: null, revokedAt: null },
  };
  const person = { disabled: false, createdAt: "2026-01-01T00:00:00.000Z", createdBy: "bootstrap" };
  const open: Record<string, (asked: Asked) => Answer> = {
    "POST /v1/oauth/token": giveToken,
    "POST /v1/oauth/revoke": () => {
      live = undefined;
      return {};
    },
    "POST /v1/users/bootstrap": ({ body }) => {
      const { secret, name } = JSON.parse(body.toString());
      if (secret !== account.bootstrap)
        return { status: 401, body: { detail: "the bootstrap secret is wrong" } };
      hasUsers = true;
      const user = { name, scopes: ["admin"], disabled: false, createdBy: "bootstrap" };
      return { status: 201, body: { ...user, createdAt: "2026-01-01T00:00:00.000Z" } };
    },
  };
  const closed: Record<string, (asked: Asked) => Answer> = {
    "POST /v1/keys": ({ body }) => {
      const asked = { scopes: ["predict"], ...JSON.parse(body.toString()) };
      return { status: 201, body: { ...key, ...asked, key: `${key.id}_secret-part` } };
    },
    "GET /v1/keys": () => ({
      body: { items: [{ ...key, name: "nightly", scopes: ["predict"] }], next: null },
    }),
    [`DELETE /v1/keys/${key.id}`]: () => ({
      body: { ...key, name: "nightly", scopes: ["predict"], revokedAt: "2026-01-02T00:00:00.000Z" },
    }),
    "GET /v1/users": () => ({
      body: {
        items: [
          { ...person, name: "ada", scopes: [...scopes] },
          { ...person, name: "bob", scopes: ["predict"], disabled: true },
        ],
        next: null,
      },
    }),
    "POST /v1/users": ({ body }) => {
      const { password, ...asked } = JSON.parse(body.toString());
      return password.length >= 12
        ? { status: 201, body: { ...person, ...asked } }
        : { status: 422, body: {} };
    },
    "PATCH /v1/users/bob": ({ body }) => ({
      body: { ...person, name: "bob", scopes: ["predict"], ...JSON.parse(body.toString()) },
    }),
    "GET /v1/houses": () => ({ body: { rows: 3 } }),
  };

  const server = await startServer((asked) => {
    const name = `${asked.method} ${asked.path.replace(/\?.*/, "")}`;
    if (open[name]) return open[name](asked);
    const token = /^Bearer (.*)$/.exec(asked.headers.authorization ?? "")?.[1] ?? "";
    if (!state.good.has(token)) return { status: 401, body: { detail: "the token is not valid" } };
    return closed[name]?.(asked) ?? { status: 404, body: { detail: "nothing here" } };
  });
  return Object.assign(state, server);
}
