// Logging in from the command line: where the session is kept, who can read it, and that it renews itself.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { credentialsPath } from "../../../trainer/client/credentials.ts";
import { appraise, type Outcome } from "./command.ts";
import { account, type PretendIdentity, startPretendIdentity } from "./pretend-identity.ts";

let api: PretendIdentity;
let folder: string;
beforeEach(async () => {
  api = await startPretendIdentity();
  folder = mkdtempSync(join(tmpdir(), "appraise-login-"));
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const run = (argv: string[], input = "", env: Record<string, string> = {}): Promise<Outcome> =>
  appraise(argv, { input, env: { XDG_CONFIG_HOME: folder, APPRAISE_URL: api.url, ...env } });
const login = (password = account.password, ...more: string[]) =>
  run(["login", "--user", account.name, "--password-stdin", ...more], `${password}\n`);
const file = () => credentialsPath({ XDG_CONFIG_HOME: folder });

describe("appraise login", () => {
  it("keeps the session where only its user can read it, and no password", async () => {
    const { code, stdout, stderr } = await login();
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`logged in to ${api.url} as ada`);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const kept = readFileSync(file(), "utf8");
    expect(JSON.parse(kept)).toEqual({ servers: { [api.url]: { user: "ada", refreshToken: "rt_1" } } });
    expect(kept + stdout).not.toContain(account.password);
  });

  it("is enough for every later command, one refresh token a command", async () => {
    await login();
    for (const turn of [2, 3]) {
      const { code, stdout } = await run(["keys", "list", "--json"]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout).keys[0].id).toBe("apk_0123456789abcdef");
      expect(readFileSync(file(), "utf8")).toContain(`rt_${turn}`);
    }
  });

  it("lets several commands run at a time without using a token twice", async () => {
    await login();
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => run(["keys", "list", "--json"])));
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect([api.ended, api.used.size]).toEqual([false, 4]);
  });

  it("makes the first user with the secret of the environment", async () => {
    const refused = await login(account.password, "--bootstrap");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("APPRAISE_BOOTSTRAP_SECRET");
    const env = { APPRAISE_BOOTSTRAP_SECRET: account.bootstrap };
    const argv = ["login", "--user", account.name, "--password-stdin", "--bootstrap", "--json"];
    const { code, stdout, stderr } = await run(argv, account.password, env);
    expect([code, JSON.parse(stdout).user]).toEqual([0, "ada"]);
    expect(stderr).toContain("first user");
    expect(stdout + stderr).not.toContain(account.bootstrap);
  });

  it("says in one line what is wrong", async () => {
    const wrong = await login("not the password");
    expect([wrong.code, wrong.stdout]).toEqual([4, ""]);
    expect(wrong.stderr).toBe("appraise: POST /v1/oauth/token: 400 username or password is wrong\n");
    expect((await login("")).code).toBe(2);
    const unasked = await run(["login", "--user", "ada"], "typed into a pipe\n");
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining("--password-stdin")]);
    const nowhere = await run(
      ["login", "--user", "ada", "--password-stdin", "--url", "http://127.0.0.1:1"],
      "x",
    );
    expect([nowhere.code, nowhere.stderr.trim().split("\n").length]).toEqual([4, 1]);
  });

  it("is over after logout, on the server and here", async () => {
    await login();
    const { code, stdout } = await run(["logout"]);
    expect([code, stdout]).toEqual([0, `ada is logged out of ${api.url}\n`]);
    expect(api.asked.some(({ path }) => path === "/v1/oauth/revoke")).toBe(true);
    expect(readFileSync(file(), "utf8")).not.toContain("rt_");
    expect((await run(["keys", "list"])).stderr).toContain("401");
    expect((await run(["logout"])).stdout).toContain("nobody was logged in");
  });

  it("does not come before a token that is given", async () => {
    await login();
    api.good.add("given");
    expect((await run(["keys", "list"], "", { APPRAISE_TOKEN: "given" })).code).toBe(0);
    expect(api.used.size).toBe(0);
  });

  it("is not mistaken for one where the file is broken", async () => {
    await login();
    writeFileSync(file(), '{"servers":');
    const { code, stderr } = await run(["keys", "list"]);
    expect(code).toBe(2);
    expect(stderr).toContain("log in again");
  });
});

describe("appraise keys", () => {
  beforeEach(() => api.good.add("given"));
  const keys = (...argv: string[]) => run(["keys", ...argv, "--token", "given"]);
  const sent = () => JSON.parse(api.asked.at(-1)?.body.toString() ?? "null");

  it("create prints the key and nothing else on standard output", async () => {
    const { code, stdout, stderr } = await keys(
      "create",
      "nightly",
      "--scope",
      "predict,items:read",
      "--expires",
      "90d",
    );
    expect([code, stdout]).toEqual([0, "apk_0123456789abcdef_secret-part\n"]);
    expect(stderr).toContain("once");
    expect(sent()).toMatchObject({ name: "nightly", kind: "secret", scopes: ["predict", "items:read"] });
    const days = (Date.parse(sent().expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(90, 1);
  });

  it("create with an origin makes a publishable one", async () => {
    const pages = ["--origin", "https://a.example", "--origin", "https://b.example", "--dataset", "houses"];
    expect((await keys("create", "shop", ...pages)).code).toBe(0);
    const origins = ["https://a.example", "https://b.example"];
    expect(sent()).toEqual({ name: "shop", kind: "publishable", origins, datasets: ["houses"] });
  });

  it("list lays a table, revoke takes an id, or the key itself", async () => {
    expect((await keys("list")).stdout).toMatch(
      /^id +name +state.*\n.*\napk_0123456789abcdef +nightly +live +predict/,
    );
    for (const id of ["apk_0123456789abcdef", `apk_0123456789abcdef_${"A".repeat(43)}`]) {
      const { code, stdout } = await keys("revoke", id);
      expect([code, stdout]).toEqual([0, "apk_0123456789abcdef (nightly) is revoked\n"]);
      expect(api.asked.at(-1)?.path).toBe("/v1/keys/apk_0123456789abcdef");
    }
  });

  it.each([
    [["create", "n", "--scope", "everything"], /--scope: expected some of predict, .*"everything"/],
    [["create", "n", "--expires", "soon"], /--expires: expected a day .*"soon"/],
    [["create", "n", "--expires", "10"], /--expires: expected a day/],
    [["create"], /missing required argument/],
    [["revoke", "../users"], /expected a key's id/],
  ])("%j is refused before the server is asked", async (argv, message) => {
    const { code, stdout, stderr } = await keys(...argv);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(api.asked).toEqual([]);
  });
});

describe("appraise users", () => {
  const users = (...argv: string[]) => run(["users", ...argv, "--token", "given"]);

  it("lists people by role", async () => {
    api.good.add("given");
    const { code, stdout } = await users("list");
    expect(code).toBe(0);
    expect(stdout).toMatch(/ada +active +admin/);
    expect(stdout).toMatch(/bob +disabled +predict/);
  });

  it("invites with a password that is printed alone, changes roles, disables and enables", async () => {
    api.good.add("given");
    const invited = await users("invite", "eve", "--role", "viewer");
    expect([invited.code, invited.stdout]).toEqual([0, expect.stringMatching(/^[\w-]{24}\n$/)]);
    expect(invited.stderr).toContain("eve (viewer)");
    expect((await users("role", "bob", "--scope", "predict,items:read", "--json")).stdout).toContain(
      "items:read",
    );
    expect((await users("disable", "bob")).stdout).toContain("bob is disabled");
    expect((await users("disable", "bob", "--enable")).stdout).toContain("bob may log in again");
  });

  it.each([
    [["invite", "eve"], "--role: expected one of admin, editor, viewer, or --scope"],
    [["role", "bob", "--role", "viewer", "--scope", "predict"], "--scope: expected either"],
    [["role", "bob", "--role", "boss"], "Allowed choices are admin, editor, viewer"],
    [["invite", "eve", "--scope", "everything"], "--scope: expected some of predict"],
  ])("%j is refused", async (argv, message) => {
    const { code, stderr } = await users(...argv);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
