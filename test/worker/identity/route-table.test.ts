// Every route that openapi.json describes against every scope: whoever adds a route is held to the same rules.
import { beforeAll, describe, expect, it } from "vitest";
import { type Scope, scopes } from "#core/api/scopes.ts";
import { isForWidgets, rules } from "../../../worker/identity/access.ts";
import { issueToken } from "../../../worker/identity/access-tokens.ts";
import type { Rule } from "../../../worker/identity/rule.ts";
import { boats, diamonds, register, setUp } from "../models/bundles.ts";
import { type Call, env, resetStorage, Service } from "../service.ts";
import { makeKey } from "./people.ts";

/** What is open to anyone, by name: a route becomes public only by being written down here too. */
const openRoutes = [
  "GET /healthz",
  "GET /metrics",
  "GET /openapi.json",
  "GET /readyz",
  "GET /v1/datasets",
  "GET /v2",
  "GET /v2/health/live",
  "GET /v2/health/ready",
  "POST /v1/oauth/revoke",
  "POST /v1/oauth/token",
  "POST /v1/users/bootstrap",
];

/** What a publishable key may call, by name: it stands in the source of a page. */
const widgetRoutes = [
  "GET /v1/{dataset}",
  "GET /v1/{dataset}/models/{id}",
  "GET /v1/{dataset}/models/{id}/explain.json",
  "GET /v1/{dataset}/models/{id}/model.onnx",
  "POST /v1/{dataset}/explain",
  "POST /v1/{dataset}/predict",
  "POST /v1/{dataset}/similar",
  "POST /v1/{dataset}/sweep",
];

const service = new Service();
let described: string[];

beforeAll(async () => {
  await resetStorage();
  await setUp(service, diamonds);
  await register(service, boats);
  const answer = await service.fetch("/openapi.json", { token: "admin" });
  const { paths } = await answer.json<{ paths: Record<string, object> }>();
  described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
});

const ruleOf = (route: string) => rules.find(({ method, path }) => `${method} ${path}` === route) as Rule;
const open = ({ need }: Rule) => need === "anyone" || need === "optional";

const place = ({ path }: Rule, dataset: string) =>
  path
    .replace("{dataset}", dataset)
    .replace("{sha256}", "0".repeat(64))
    .replaceAll(/\{\w+\}/g, "nosuch");

const callOf = ({ method }: Rule, token?: string): Call => ({
  method,
  token,
  ...(method === "GET" || method === "DELETE" ? {} : { body: "" }),
});

const status = async (rule: Rule, dataset: string, token?: string) =>
  (await service.fetch(place(rule, dataset), callOf(rule, token))).status;

/** A program's token; what a person may do besides is the last test's. */
const tokenOf = (granted: readonly Scope[]) =>
  issueToken(env, { subject: "apk_0123456789abcdef", scopes: granted }, Date.now());

describe("every route of openapi.json", () => {
  it("has a rule, every rule a description and a mounted route", () => {
    const listed = rules.map(({ method, path }) => `${method} ${path}`).sort();
    expect([...described, "GET /openapi.json"].sort()).toEqual(listed);
    const mounted = service.app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    expect([...new Set(mounted)].sort()).toEqual(listed);
  });

  it("is open to anyone only where it is listed so", () => {
    const listed = rules.filter(open).map(({ method, path }) => `${method} ${path}`);
    expect(listed.sort()).toEqual(openRoutes);
  });

  it("answers 401 without a token, unless the configuration names its dataset public", async () => {
    for (const route of described) {
      const rule = ruleOf(route);
      const [closed, shared] = [await status(rule, "boats"), await status(rule, "diamonds")];
      expect(`${route} ${closed === 401}`).toBe(`${route} ${!open(rule)}`);
      expect(`${route} ${shared === 401}`).toBe(`${route} ${!open(rule) && !rule.public}`);
    }
  });

  it("answers 403 for each scope but its own", async () => {
    const table = [`${"route".padEnd(56)} ${scopes.join(" ")}`];
    for (const route of described) {
      const rule = ruleOf(route);
      const cells: string[] = [];
      for (const scope of scopes) {
        const answered = await status(rule, "boats", await tokenOf([scope]));
        const passes = answered !== 401 && answered !== 403;
        expect(`${route} ${scope} ${passes}`).toBe(`${route} ${scope} ${open(rule) || rule.need === scope}`);
        cells.push((passes ? "yes" : String(answered)).padEnd(scope.length));
      }
      table.push(`${route.padEnd(56)} ${cells.join(" ")}`);
      const others = scopes.filter((scope) => scope !== rule.need);
      expect(`${route} ${(await status(rule, "boats", await tokenOf(others))) === 403}`).toBe(
        `${route} ${!open(rule)}`,
      );
    }
    console.log(table.join("\n"));
  });

  it("answers 403 to a publishable key on its own page, unless it is for widgets", async () => {
    const origin = "https://shop.example";
    const { key } = await makeKey(service, { kind: "publishable", origins: [origin] });
    for (const route of described) {
      const rule = ruleOf(route);
      const answer = await service.fetch(place(rule, "boats"), { ...callOf(rule, key), headers: { origin } });
      const passes = answer.status !== 401 && answer.status !== 403;
      const may = widgetRoutes.includes(route);
      expect(`${route} ${isForWidgets(rule)}`).toBe(`${route} ${may}`);
      if (rule.need !== "anyone") expect(`${route} ${passes}`).toBe(`${route} ${may}`);
    }
  });

  it("lets the admin in", async () => {
    for (const route of described)
      expect([401, 403], route).not.toContain(await status(ruleOf(route), "boats", "admin"));
  });

  it("lets a person in where persons are meant, whatever their scopes", async () => {
    const token = await issueToken(env, { subject: "ada", scopes: ["predict"] }, Date.now());
    const persons = rules.filter(({ need }) => need === "person");
    expect(persons.length).toBeGreaterThan(2);
    for (const rule of persons.filter(({ path }) => !path.includes("{name}"))) {
      expect([401, 403], rule.path).not.toContain(await status(rule, "boats", token));
    }
  });
});
