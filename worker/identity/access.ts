// Who may call what: every route of the Worker, in one table. A path that is not here answers 404, whatever is mounted.
import type { Env } from "../env.ts";
import type { Principal } from "./principal.ts";
import type { Method, Rule } from "./rule.ts";

const rule = (method: Method, path: string, need: Rule["need"], isPublic = false, logged = true): Rule => ({
  ...{ method, path, need, logged },
  public: isPublic,
});

export const rules: readonly Rule[] = [
  rule("GET", "/healthz", "anyone", true, false),
  rule("GET", "/readyz", "anyone", true, false),
  rule("GET", "/metrics", "anyone", false, false),
  // With a token it describes every dataset, without one the public ones.
  rule("GET", "/openapi.json", "optional", true),
  rule("GET", "/v1/datasets", "optional", true),
  rule("PUT", "/v1/datasets/{dataset}", "models:write"),
  rule("POST", "/v1/oauth/token", "anyone"),
  rule("POST", "/v1/oauth/revoke", "anyone"),
  rule("POST", "/v1/users/bootstrap", "anyone"),
  rule("POST", "/v1/users", "admin"),
  rule("GET", "/v1/users", "admin"),
  rule("GET", "/v1/users/{name}", "admin"),
  rule("PATCH", "/v1/users/{name}", "admin"),
  rule("PUT", "/v1/users/{name}/password", "person"),
  rule("POST", "/v1/keys", "person"),
  rule("GET", "/v1/keys", "person"),
  rule("DELETE", "/v1/keys/{id}", "person"),
  rule("GET", "/v1/requests", "requests:read"),
  rule("GET", "/v1/requests/{id}", "requests:read"),
  rule("POST", "/v1/requests/{id}/outcome", "items:write"),
  rule("POST", "/v1/requests/replay", "admin"),
  rule("GET", "/v1/jobs", "jobs:write"),
  rule("GET", "/v1/jobs/{id}", "jobs:write"),
  rule("POST", "/v1/jobs/{id}/cancel", "jobs:write"),
  // A trainer asks every few seconds, and what it sends holds its lease: the job's own events are the record.
  rule("GET", "/v1/jobs/{id}/events", "jobs:write", false, false),
  ...["claim", "{id}/heartbeat", "{id}/events", "{id}/release", "{id}/complete", "{id}/fail"].map((path) =>
    rule("POST", `/v1/jobs/${path}`, "jobs:work", false, false),
  ),
  rule("GET", "/v1/files", "jobs:write"),
  rule("GET", "/v1/files/{name}", "jobs:write"),
  rule("PUT", "/v1/files/{name}", "jobs:write"),
  rule("GET", "/v1/{dataset}", "models:read", true),
  rule("POST", "/v1/{dataset}/predict", "predict", true),
  rule("POST", "/v1/{dataset}/predict/batch", "predict", true),
  rule("POST", "/v1/{dataset}/explain", "predict", true),
  rule("POST", "/v1/{dataset}/predict/jobs", "jobs:write"),
  rule("POST", "/v1/{dataset}/train", "jobs:write"),
  rule("POST", "/v1/{dataset}/sweep", "predict", true),
  rule("POST", "/v1/{dataset}/similar", "predict", true),
  rule("GET", "/v1/{dataset}/items", "items:read"),
  rule("POST", "/v1/{dataset}/items", "items:write"),
  rule("POST", "/v1/{dataset}/items/import", "items:write"),
  rule("GET", "/v1/{dataset}/items/export", "items:read"),
  rule("GET", "/v1/{dataset}/items/{id}", "items:read"),
  rule("PUT", "/v1/{dataset}/items/{id}", "items:write"),
  rule("PATCH", "/v1/{dataset}/items/{id}", "items:write"),
  rule("DELETE", "/v1/{dataset}/items/{id}", "items:write"),
  rule("GET", "/v1/{dataset}/items/{id}/history", "items:read"),
  rule("GET", "/v1/{dataset}/models", "models:read", true),
  rule("POST", "/v1/{dataset}/models", "models:write"),
  rule("GET", "/v1/{dataset}/models/{id}", "models:read", true),
  rule("DELETE", "/v1/{dataset}/models/{id}", "models:write"),
  rule("GET", "/v1/{dataset}/models/{id}/model.onnx", "models:read", true),
  rule("GET", "/v1/{dataset}/models/{id}/card", "models:read", true),
  rule("GET", "/v1/{dataset}/models/{id}/explain.json", "models:read", true),
  rule("PUT", "/v1/{dataset}/snapshots/{sha256}", "models:write"),
  rule("GET", "/v1/{dataset}/report", "models:read", true),
  rule("PUT", "/v1/{dataset}/report", "models:write"),
  rule("GET", "/v1/{dataset}/abandoned-bundles", "models:write"),
  rule("DELETE", "/v1/{dataset}/abandoned-bundles", "models:write"),
  // A comparison resamples every held-out row: too dear to be anyone's.
  rule("GET", "/v1/{dataset}/compare", "models:read"),
  rule("GET", "/v1/{dataset}/shadow", "models:read"),
  rule("GET", "/v1/{dataset}/aliases", "models:read", true),
  rule("GET", "/v1/{dataset}/aliases/{alias}", "models:read", true),
  rule("PUT", "/v1/{dataset}/aliases/{alias}", "models:promote"),
  rule("DELETE", "/v1/{dataset}/aliases/{alias}", "models:promote"),
  rule("GET", "/v1/{dataset}/aliases/{alias}/history", "models:read"),
  rule("POST", "/v1/{dataset}/aliases/{alias}/rollback", "models:promote"),
  // The Open Inference Protocol: a dataset is a model, a model's id its version.
  rule("GET", "/v2", "anyone", true, false),
  rule("GET", "/v2/health/live", "anyone", true, false),
  rule("GET", "/v2/health/ready", "anyone", true, false),
  ...["/v2/models/{dataset}", "/v2/models/{dataset}/versions/{id}"].flatMap((model) => [
    rule("GET", model, "models:read", true),
    rule("GET", `${model}/ready`, "models:read", true, false),
    rule("POST", `${model}/infer`, "predict", true),
  ]),
];

// Batches, lists and cards are for programs and people. A model's files are for the widget that prices in the page.
const widgetRoutes: ReadonlySet<string> = new Set([
  "GET /v1/{dataset}",
  "POST /v1/{dataset}/predict",
  "POST /v1/{dataset}/sweep",
  "POST /v1/{dataset}/similar",
  "POST /v1/{dataset}/explain",
  "GET /v1/{dataset}/models/{id}",
  "GET /v1/{dataset}/models/{id}/model.onnx",
  "GET /v1/{dataset}/models/{id}/explain.json",
]);

/** Whether a publishable key may call this: what a widget needs to show a form and price what is entered, in the page too. */
export function isForWidgets(one: Rule | undefined): boolean {
  return one !== undefined && widgetRoutes.has(`${one.method} ${one.path}`);
}

/** First segments under /v1 that are routes of their own: no dataset may be called so. */
export const reservedNames: ReadonlySet<string> = new Set([
  ...rules
    .filter(({ path }) => path.startsWith("/v1/"))
    .map(({ path }) => path.split("/")[2])
    .filter((name) => !name.startsWith("{")),
]);

const split = rules.map((one) => ({ one, segments: one.path.split("/") }));
/** At n the rules whose paths have n segments: most are told apart by that alone. */
const bySegments = Array.from(
  { length: Math.max(...split.map(({ segments }) => segments.length)) + 1 },
  (_, count) => split.filter(({ segments }) => segments.length === count),
);

const isParameter = (segment: string) => segment.startsWith("{");

function fits(segments: readonly string[], given: readonly string[]): boolean {
  return segments.every((segment, at) => (isParameter(segment) ? given[at] !== "" : segment === given[at]));
}

export interface Match {
  readonly rule: Rule | undefined;
  readonly dataset: string | undefined;
  /** Methods that this path answers; empty where the path is nobody's. */
  readonly allow: readonly string[];
}

/** What was found for the methods and paths of late; those of predictions are few. */
const matches = new Map<string, Match>();
const mostMatches = 500;
const longestRemembered = 100;

/** The rule for a request. HEAD is GET without the body. A fixed segment wins over a parameter. */
export function matchRule(method: string, path: string): Match {
  if (path.length > longestRemembered) return findMatch(method, path);
  const key = `${method} ${path}`;
  const seen = matches.get(key);
  if (seen) return seen;
  const match = findMatch(method, path);
  if (matches.size >= mostMatches) matches.clear();
  matches.set(key, match);
  return match;
}

function findMatch(method: string, path: string): Match {
  const given = path.split("/");
  const fitting = (bySegments[given.length] ?? []).filter(({ segments }) => fits(segments, given));
  // {dataset} fits "datasets" too: where a fixed path fits, only that one speaks.
  const fixed = fitting.filter(({ segments }) => !isParameter(segments[2] ?? ""));
  const own = fixed.length > 0 || reservedNames.has(given[2]) ? fixed : fitting;
  const wanted = method === "HEAD" ? "GET" : method;
  const found = own.find(({ one }) => one.method === wanted);
  const at = found?.segments.indexOf("{dataset}") ?? -1;
  const methods = own.flatMap(({ one }) => (one.method === "GET" ? ["GET", "HEAD"] : [one.method]));
  const allow = methods.length > 0 ? [...new Set(methods), "OPTIONS"] : [];
  return { rule: found?.one, dataset: at < 0 ? undefined : given[at], allow };
}

/** Whether anyone may read this dataset and price with it. */
export function isPublicDataset(env: Env, name: string): boolean {
  return publicDatasets(env.PUBLIC_DATASETS).includes(name);
}

/** Whether a dataset that is not public shows in the lists that this caller reads. */
export function maySee({ may, datasets }: Principal, name: string): boolean {
  return may("models:read") && (!datasets || datasets.includes(name));
}

let known: { readonly setting: string; readonly names: readonly string[] } = { setting: "", names: [] };

/** The names in PUBLIC_DATASETS. */
export function publicDatasets(setting = ""): readonly string[] {
  if (setting !== known.setting) {
    const names = setting
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
    known = { setting, names };
  }
  return known.names;
}
