// Pages of other origins: which may call what, and which answers they may read (Fetch standard, CORS).
import { Refusal } from "#core/api/refusal.ts";
import type { AppContext } from "../http/context.ts";
import { isForWidgets, isPublicDataset, matchRule } from "./access.ts";
import type { Rule } from "./rule.ts";

const exposed = "X-Request-Id, X-Model, ETag, Retry-After, RateLimit, RateLimit-Policy";
const requestHeaders = "Authorization, Content-Type, If-None-Match";
/** How long a browser may remember a permission to ask. */
const preflightSeconds = { public: 86_400, keyed: 600 } as const;

/** Whether any page may call this route for this dataset, as public data are for. */
function isShared(c: AppContext, rule: Rule | undefined, dataset: string | undefined): boolean {
  return rule?.public === true && (dataset === undefined || isPublicDataset(c.env, dataset));
}

/** The page's origin. A browser leaves it out where a page of our own asks with GET, and says in Sec-Fetch-Site that it is one. */
function findOrigin(c: AppContext): string | undefined {
  const isOwn = c.req.header("sec-fetch-site") === "same-origin";
  return c.req.header("origin") ?? (isOwn ? new URL(c.req.url).origin : undefined);
}

/** Refuses a publishable key on pages it was not made for, and on routes that widgets do not need. */
export function checkOrigin(c: AppContext): void {
  const principal = c.get("principal");
  const rule = c.get("rule");
  if (principal.kind !== "publishable" || !rule) return;
  const origin = findOrigin(c);
  if (origin === undefined) {
    throw new Refusal(
      "forbidden",
      "this publishable key works in web pages only, and the request names no Origin",
    );
  }
  if (!principal.origins?.includes(origin)) {
    c.set("foreignOrigin", true);
    const shown = origin.slice(0, 100).replaceAll(/[^\x20-\x7e]/g, "?");
    const detail = `this publishable key does not work on ${shown}; ask its owner to make one for that origin`;
    throw new Refusal("forbidden", detail);
  }
  if (!isForWidgets(rule)) {
    throw new Refusal(
      "forbidden",
      "a publishable key can price, compare and explain single rows and read a model's files, and nothing else",
    );
  }
}

/** Lets the page read the answer, where its origin may. */
export function allowOrigin(c: AppContext): void {
  const rule = c.get("rule");
  const headers = c.res.headers;
  if (isShared(c, rule, c.get("dataset"))) headers.set("access-control-allow-origin", "*");
  else {
    if (!isForWidgets(rule)) return;
    // What is answered depends on the origin: no cache may hand one page's answer to another.
    headers.append("vary", "Origin");
    const origin = c.req.header("origin");
    // A page that is refused for its origin may read that, and only that: the sentence is for whoever embeds the widget there.
    const principal = c.get("principal");
    const foreignOrigin = c.get("foreignOrigin");
    const mayRead =
      principal.kind === "publishable" && (foreignOrigin || principal.origins?.includes(origin ?? ""));
    if (!origin || !mayRead) return;
    headers.set("access-control-allow-origin", origin);
  }
  headers.set("access-control-expose-headers", exposed);
}

/**
 * The answer to OPTIONS. A preflight carries no key, so for what widgets call it permits any origin to ask:
 * whether it may also have the answer is decided with the key in hand.
 */
export function preflight(c: AppContext, allow: readonly string[]): Response {
  const headers = new Headers({ allow: allow.join(", ") });
  const wanted = c.req.header("access-control-request-method");
  const origin = c.req.header("origin");
  if (wanted === undefined) return new Response(null, { status: 204, headers });
  const { rule, dataset } = matchRule(wanted, c.req.path);
  c.set("rule", rule);
  c.set("dataset", dataset);
  const shared = isShared(c, rule, dataset);
  if (!shared) headers.set("vary", "Origin");
  if (shared || (isForWidgets(rule) && origin !== undefined)) {
    headers.set("access-control-allow-origin", shared ? "*" : (origin ?? ""));
    headers.set("access-control-allow-methods", wanted);
    headers.set("access-control-allow-headers", requestHeaders);
    headers.set("access-control-max-age", String(shared ? preflightSeconds.public : preflightSeconds.keyed));
  }
  return new Response(null, { status: 204, headers });
}
