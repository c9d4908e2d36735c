// The client's token: renewed before it ends and after it is refused, once at a time, and told plainly when it cannot be.
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requestToken } from "../../../sdk/token-grant.ts";
import { Client } from "../../../trainer/client/client.ts";
import { credentialsPath, keepLogin, withCredentialsLocked } from "../../../trainer/client/credentials.ts";
import { storedAccess } from "../../../trainer/client/stored-access.ts";
import { account, type PretendIdentity, startPretendIdentity } from "../cli/pretend-identity.ts";
import { type Answer, startServer } from "../scripted-server.ts";

let api: PretendIdentity;
let folder: string;
let path: string;

beforeEach(async () => {
  api = await startPretendIdentity();
  folder = mkdtempSync(join(tmpdir(), "appraise-access-"));
  path = credentialsPath({ XDG_CONFIG_HOME: folder });
  const form = { grant_type: "password", username: account.name, password: account.password };
  const { refresh_token: refreshToken = "" } = await requestToken({ url: api.url }, form);
  keepLogin(path, api.url, { user: account.name, refreshToken });
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const client = () => new Client(api.url, storedAccess(api.url, path));
const rows = (one: Client) => one.findDataset("houses");

describe("a client that is logged in", () => {
  it("asks for one token and uses it until it ends", async () => {
    const one = client();
    for (let at = 0; at < 3; at++) expect(await rows(one)).toEqual({ rows: 3 });
    expect(api.grants).toBe(2);
  });

  it("renews what has less than a minute left, before it is refused", async () => {
    api.expiresIn = 59;
    const one = client();
    await rows(one);
    await rows(one);
    expect(api.grants).toBe(3);
    expect(api.asked.filter(({ path: asked }) => asked === "/v1/houses")).toHaveLength(2);
  });

  it("renews after a 401, and once for all that wait", async () => {
    const one = client();
    await rows(one);
    api.good.clear();
    const answers = await Promise.all(Array.from({ length: 5 }, () => rows(one)));
    expect(answers).toEqual(Array.from({ length: 5 }, () => ({ rows: 3 })));
    expect([api.grants, api.ended]).toEqual([3, false]);
  });

  it("does not renew again and again where every token is refused", async () => {
    const one = client();
    api.good.add = () => api.good;
    await expect(rows(one)).rejects.toThrow("GET /v1/houses: 401 the token is not valid");
    expect(api.grants).toBe(3);
  });

  it("forgets a login that is over, and says so", async () => {
    api.ended = true;
    await expect(rows(client())).rejects.toThrow("POST /v1/oauth/token: 400 the refresh token is used up");
    expect(readFileSync(path, "utf8")).not.toContain("rt_");
    await expect(rows(client())).rejects.toThrow("401");
  });

  it("keeps a login that could not be renewed just now", async () => {
    await api.close();
    await expect(rows(client())).rejects.toThrow(/POST \/v1\/oauth\/token: no answer from/);
    expect(readFileSync(path, "utf8")).toContain("rt_1");
  });
});

describe("two processes", () => {
  it("take turns", async () => {
    let inside = 0;
    const turns = Array.from({ length: 5 }, () =>
      withCredentialsLocked(path, async () => {
        const among = ++inside;
        await new Promise((resume) => setTimeout(resume, 20));
        inside--;
        return among;
      }),
    );
    expect(await Promise.all(turns)).toEqual([1, 1, 1, 1, 1]);
  });

  it("do not wait for one that has died over it", async () => {
    const lock = `${path}.lock`;
    expect(dirname(lock)).toContain(folder);
    writeFileSync(lock, "");
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lock, longAgo, longAgo);
    expect(await withCredentialsLocked(path, async () => "done")).toBe("done");
  });
});

describe("a client that is told to wait", () => {
  it("waits out a 429, for nothing was done", async () => {
    const answers: Answer[] = [
      { status: 429, headers: { "retry-after": "0" }, body: { detail: "too many" } },
      { body: { inserted: 1, updated: 0, rejected: [] } },
    ];
    const server = await startServer(() => answers.shift() ?? { status: 500 });
    try {
      const moved = { model: "linear-000000000001", reason: "x", gate: {} };
      expect(await new Client(server.url, "key").moveAlias("houses", "champion", undefined, moved)).toBe(
        true,
      );
      expect(server.asked).toHaveLength(2);
    } finally {
      await server.close();
    }
  });
});

it("logins stand under XDG_CONFIG_HOME, or under .config where that is not a path of its own", () => {
  expect(credentialsPath({ XDG_CONFIG_HOME: "/x" })).toBe("/x/appraise/credentials.json");
  for (const env of [{}, { XDG_CONFIG_HOME: "relative" }])
    expect(credentialsPath(env)).toMatch(/^\/.*\/\.config\/appraise\/credentials\.json$/);
});
