// The one place where errors become answers: application/problem+json (RFC 9457).
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { type FieldError, InputError } from "#core/api/problem.ts";
import { Refusal, type RefusalKind } from "#core/api/refusal.ts";
import type { AppEnv } from "./context.ts";
import { times } from "./limits.ts";

const kinds = {
  malformed: [400, "Malformed request"],
  unauthorized: [401, "A valid token is needed"],
  forbidden: [403, "The token may not do this"],
  "not-found": [404, "Not found"],
  "method-not-allowed": [405, "Method not allowed"],
  "not-acceptable": [406, "Not acceptable"],
  conflict: [409, "Conflict"],
  "precondition-failed": [412, "Precondition failed"],
  "too-large": [413, "Too large"],
  "unsupported-media-type": [415, "Unsupported media type"],
  "precondition-required": [428, "Precondition required"],
  "too-many-requests": [429, "Too many requests"],
  unavailable: [503, "Not available"],
} as const satisfies Record<RefusalKind, readonly [number, string]>;

type ProblemStatus = (typeof kinds)[RefusalKind][0] | 422 | 500;

interface Told {
  readonly status: ProblemStatus;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly members?: Readonly<Record<string, string>>;
}

/** More faults than this are counted, not listed. */
const listedErrors = 100;

function tell(error: unknown): Told {
  if (error instanceof InputError) {
    const errors = error.errors.slice(0, listedErrors);
    const more = error.errors.length - errors.length;
    const fault = error.errors.length === 1 ? "1 fault" : `${error.errors.length} faults`;
    const detail = `the input has ${fault}${more > 0 ? `, ${more} of them not listed` : ""}`;
    return { status: 422, title: "Invalid input", detail, errors };
  }
  if (error instanceof Refusal) {
    const [status, title] = kinds[error.kind];
    const retry: Record<string, string> =
      error.kind === "unavailable" ? { "retry-after": String(times.retryAfterSeconds) } : {};
    const { errors, members } = error;
    return { status, title, detail: error.message, errors, headers: { ...retry, ...error.headers }, members };
  }
  if (error instanceof HTTPException) {
    const known = Object.values(kinds).find(([status]) => status === error.status);
    if (known) return { status: known[0], title: known[1], detail: error.message, errors: [] };
  }
  // Unforeseen: its message may hold anything, so it goes to the Worker's own log and not to the sender.
  console.error(error);
  return { status: 500, title: "Internal error", detail: "something unforeseen went wrong", errors: [] };
}

/** The text that clients of the Open Inference Protocol look for under "error". */
function inOneLine(detail: string, errors: readonly FieldError[]): string {
  return [detail, ...errors.map((fault) => `${fault.pointer} ${fault.detail}`)].join("; ");
}

/** The answer to a request that failed with `error`. */
export function answerProblem(c: Context<AppEnv>, error: unknown): Response {
  const { status, title, detail, errors, headers, members } = tell(error);
  const body = { type: "about:blank", title, status, detail, instance: c.var.requestId, errors, ...members };
  const told = c.req.path.startsWith("/v2") ? { ...body, error: inOneLine(detail, errors) } : body;
  return c.body(JSON.stringify(told), status, {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    ...headers,
  });
}
