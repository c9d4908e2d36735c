// What happens around every route: an id, the log entry, headers, and who may pass.
import type { MiddlewareHandler, Next } from "hono";
import { Refusal } from "#core/api/refusal.ts";
import { matchRule, publicDatasets } from "./access.ts";
import type { AppContext, AppEnv } from "./context.ts";
import type { Isolate } from "./isolate.ts";
import { recordRequest } from "./request-log/record.ts";
import { newRequestId } from "./store/request-id.ts";
import { anonymous, authenticate, tokenNeeded } from "./tokens.ts";

const apiHeaders = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-resource-policy", "cross-origin"],
] as const;

// Answers of the API are data: a browser that is led to one directly shall run nothing of it.
const apiPolicy = "default-src 'none'; frame-ancestors 'none'";

/** Whether any page may call this route for this dataset, as public data are for. */
function isShared(c: AppContext): boolean {
  const rule = c.get("rule");
  const dataset = c.get("dataset");
  if (!rule?.public) return false;
  return dataset === undefined || publicDatasets(c.env.PUBLIC_DATASETS).includes(dataset);
}

function finish(c: AppContext): void {
  const headers = c.res.headers;
  for (const [name, value] of apiHeaders) headers.set(name, value);
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", apiPolicy);
  headers.set("x-request-id", c.get("requestId"));
  if (!isShared(c)) return;
  headers.set("access-control-allow-origin", "*");
  headers.set("access-control-expose-headers", "X-Request-Id, X-Model, ETag, Retry-After");
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

function preflight(c: AppContext, allow: readonly string[]): Response {
  const headers: Record<string, string> = { allow: allow.join(", ") };
  const wanted = c.req.header("access-control-request-method");
  if (wanted) {
    const { rule, dataset } = matchRule(wanted, c.req.path);
    c.set("rule", rule);
    c.set("dataset", dataset);
    if (isShared(c)) {
      headers["access-control-allow-methods"] = wanted;
      headers["access-control-allow-headers"] = "Content-Type, If-None-Match";
      headers["access-control-max-age"] = "86400";
    }
  }
  return new Response(null, { status: 204, headers });
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
  if (rule.need !== "anyone") c.set("principal", await authenticate(c.env, c.req.header("authorization")));
  const { need } = rule;
  if (need === "anyone" || need === "optional" || c.get("principal").may(need)) return next();
  const isPublic =
    rule.public && dataset !== undefined && publicDatasets(c.env.PUBLIC_DATASETS).includes(dataset);
  if (isPublic) return next();
  if (c.var.principal.subject !== "anonymous") {
    const detail = `the token lacks the scope ${need}`;
    const challenge = `Bearer realm="appraise", error="insufficient_scope", scope="${need}"`;
    throw new Refusal("forbidden", detail, { headers: { "www-authenticate": challenge } });
  }
  if (rule.public && dataset !== undefined) {
    // A misspelt name is told as such, token or not.
    const known = await c.var.isolate.catalogue.find(c.env, dataset, (work) =>
      c.executionCtx.waitUntil(work),
    );
    if (!known) throw new Refusal("not-found", `no dataset is called "${dataset.slice(0, 63)}"`);
    throw tokenNeeded(`the dataset ${dataset} is not public: send Authorization: Bearer with a token`);
  }
  throw tokenNeeded(`this needs a token with the scope ${need}: send Authorization: Bearer`);
};
