// Who may call what: every route of the Worker, in one table. A path that is not here answers 404, whatever is mounted.
import type { Scope } from "#core/api/scopes.ts";

type Method = "GET" | "PUT" | "POST";

export interface Rule {
  readonly method: Method;
  /** As OpenAPI writes paths. */
  readonly path: string;
  /** "anyone" needs no token and reads none. */
  readonly need: Scope | "anyone" | "optional";
  /** Whether a public dataset needs no token here. */
  readonly public: boolean;
  /** Probes and descriptions are not logged. */
  readonly logged: boolean;
}

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
  rule("GET", "/v1/requests", "requests:read"),
  rule("GET", "/v1/requests/{id}", "requests:read"),
  rule("POST", "/v1/requests/replay", "admin"),
  rule("GET", "/v1/{dataset}", "models:read", true),
  rule("POST", "/v1/{dataset}/predict", "predict", true),
  rule("POST", "/v1/{dataset}/predict/batch", "predict", true),
  rule("POST", "/v1/{dataset}/explain", "predict", true),
  rule("POST", "/v1/{dataset}/sweep", "predict", true),
  rule("POST", "/v1/{dataset}/similar", "predict", true),
  rule("GET", "/v1/{dataset}/items", "items:read"),
  rule("POST", "/v1/{dataset}/items/import", "items:write"),
  rule("GET", "/v1/{dataset}/items/export", "items:read"),
  rule("GET", "/v1/{dataset}/items/{id}", "items:read"),
  rule("GET", "/v1/{dataset}/models", "models:read", true),
  rule("POST", "/v1/{dataset}/models", "models:write"),
  rule("GET", "/v1/{dataset}/models/{id}", "models:read", true),
  rule("GET", "/v1/{dataset}/models/{id}/model.onnx", "models:read", true),
  rule("GET", "/v1/{dataset}/models/{id}/card", "models:read", true),
  rule("GET", "/v1/{dataset}/models/{id}/explain.json", "models:read", true),
  rule("PUT", "/v1/{dataset}/snapshots/{sha256}", "models:write"),
  rule("GET", "/v1/{dataset}/aliases/{alias}", "models:read", true),
  rule("PUT", "/v1/{dataset}/aliases/{alias}", "models:promote"),
  rule("GET", "/v1/{dataset}/aliases/{alias}/history", "models:read"),
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

/** First segments under /v1 that are routes of their own: no dataset may be called so. */
export const reservedNames: ReadonlySet<string> = new Set(
  // jobs and keys are the contract's, for what comes later.
  [
    "jobs",
    "keys",
    ...rules
      .filter(({ path }) => path.startsWith("/v1/"))
      .map(({ path }) => path.split("/")[2])
      .filter((name) => !name.startsWith("{")),
  ],
);

const split = rules.map((one) => ({ one, segments: one.path.split("/") }));

const isParameter = (segment: string) => segment.startsWith("{");

function fits(segments: readonly string[], given: readonly string[]): boolean {
  if (segments.length !== given.length) return false;
  return segments.every((segment, at) => (isParameter(segment) ? given[at] !== "" : segment === given[at]));
}

export interface Match {
  readonly rule: Rule | undefined;
  readonly dataset: string | undefined;
  /** Methods that this path answers; empty where the path is nobody's. */
  readonly allow: readonly string[];
}

/** The rule for a request. HEAD is GET without the body. A fixed segment wins over a parameter. */
export function matchRule(method: string, path: string): Match {
  const given = path.split("/");
  const fitting = split.filter(({ segments }) => fits(segments, given));
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

/** The names in PUBLIC_DATASETS. */
export function publicDatasets(setting: string | undefined): string[] {
  return (setting ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
