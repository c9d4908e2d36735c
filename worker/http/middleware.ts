// What happens around every route: an id, the log entry, headers, and who may pass.
import type { MiddlewareHandler, Next } from "hono";
import { publishableScope } from "#core/api/identity.ts";
import { Refusal } from "#core/api/refusal.ts";
import { isForWidgets, isPublicDataset, matchRule } from "../identity/access.ts";
import { anonymous, authenticate, tokenNeeded } from "../identity/authenticate.ts";
import { allowOrigin, checkOrigin, preflight } from "../identity/origins.ts";
import type { Principal } from "../identity/principal.ts";
import { countMiss, limitRate } from "../identity/rate-limits.ts";
import type { Rule } from "../identity/rule.ts";
import { recordRequest } from "../requests/record.ts";
import { newRequestId } from "../requests/store/request-id.ts";
import type { Isolate } from "../serving/isolate.ts";
import { unknownDataset } from "../serving/requested-dataset.ts";
import type { AppContext, AppEnv } from "./context.ts";

const apiHeaders = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-resource-policy", "cross-origin"],
] as const;

// Answers of the API are data: a browser that is led to one directly shall run nothing of it.
const apiPolicy = "default-src 'none'; frame-ancestors 'none'";

function finish(c: AppContext): void {
  const headers = c.res.headers;
  for (const [name, value] of apiHeaders) headers.set(name, value);
  const quota = c.get("quotaFields");
  if (quota) for (const name in quota) headers.set(name, quota[name]);
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", apiPolicy);
  headers.set("x-request-id", c.get("requestId"));
  if (c.req.method !== "OPTIONS") allowOrigin(c);
}

/** Names the request, lets it run, then completes and logs the answer. */
export function track(isolate: Isolate): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedAt = Date.now();
    const { rule, dataset, allow } = matchRule(c.req.method, c.req.path);
    c.set("requestId", newRequestId(startedAt));
    c.set("isolate", isolate);
    c.set("notes", { requestBody: null, answerHead: null, modelId: null });
    c.set("rule", rule);
    c.set("dataset", dataset);
    c.set("principal", anonymous);
    c.set("foreignOrigin", false);
    c.set("quotaFields", {});
    await answerOr(c, next, allow);
    finish(c);
    await recordRequest(c, startedAt);
  };
}

/** OPTIONS, unknown paths and wrong methods end here; the rest goes on. */
async function answerOr(c: AppContext, next: Next, allow: readonly string[]): Promise<void> {
  if (c.req.method === "OPTIONS" && allow.length > 0) {
    c.res = preflight(c, allow);
    return;
  }
  await next();
}

/** Refuses what the table of access does not allow: unknown paths, wrong methods, missing tokens and scopes. */
export const authorize: MiddlewareHandler<AppEnv> = async (c, next) => {
  const rule = c.get("rule");
  const dataset = c.get("dataset");
  if (!rule) {
    const { allow } = matchRule(c.req.method, c.req.path);
    if (allow.length === 0)
      throw new Refusal("not-found", `nothing is served at ${c.req.path.slice(0, 200)}`);
    const detail = `${c.req.method} is not answered here; expected ${allow.join(", ")}`;
    throw new Refusal("method-not-allowed", detail, { headers: { allow: allow.join(", ") } });
  }
  if (rule.need !== "anyone") {
    c.set("principal", await identify(c));
    checkOrigin(c);
  }
  if (rule.logged) await limitRate(c, c.get("principal"));
  await checkAccess(c, rule, dataset);
  return next();
};

/** Who asks. Wrong tokens are counted: guessing one is no cheaper than asking without. */
async function identify(c: AppContext): Promise<Principal> {
  try {
    return await authenticate(c, c.req.header("authorization"));
  } catch (error) {
    if (error instanceof Refusal && error.kind === "unauthorized") await countMiss(c);
    throw error;
  }
}

function forbidden(detail: string, need: string): Refusal {
  const challenge = `Bearer realm="appraise", error="insufficient_scope", scope="${need}"`;
  return new Refusal("forbidden", detail, { headers: { "www-authenticate": challenge } });
}

async function checkAccess(c: AppContext, rule: Rule, dataset: string | undefined): Promise<void> {
  const { need } = rule;
  const principal = c.get("principal");
  if (need === "anyone" || need === "optional") return;
  const isPublic = rule.public && dataset !== undefined && isPublicDataset(c.env, dataset);
  if (isPublic) return;
  const isPerson = principal.kind === "user" || principal.kind === "admin";
  const isAllowed = need === "person" ? isPerson : principal.may(need) || isForWidgetOf(principal, rule);
  // What is about no one dataset is about all of them: the log, jobs, users.
  const sees = !principal.datasets || (dataset !== undefined && principal.datasets.includes(dataset));
  if (isAllowed && sees) return;
  if (isAllowed) throw forbidden("this token or key is for other datasets", need);
  if (principal.kind !== "anonymous") {
    const detail =
      need === "person" ? "this is for users, not for keys" : `the token lacks the scope ${need}`;
    throw forbidden(detail, need === "person" ? "admin" : need);
  }
  if (rule.public && dataset !== undefined) {
    // A misspelt name is told as such, token or not.
    const known = await c.var.isolate.catalogue.find(c.env, dataset, (work) =>
      c.executionCtx.waitUntil(work),
    );
    if (!known) throw await unknownDataset(c, dataset);
    throw tokenNeeded(`the dataset ${dataset} is not public: send Authorization: Bearer with a token`);
  }
  throw tokenNeeded(
    need === "person"
      ? "this needs a user's token: send Authorization: Bearer"
      : `this needs a token with the scope ${need}: send Authorization: Bearer`,
  );
}

/** A widget must read the spec to show its form, and the model to price in the page: its key may, without the scope to read models. */
const isForWidgetOf = (principal: Principal, rule: Rule) =>
  principal.kind === "publishable" && isForWidgets(rule) && principal.may(publishableScope);
