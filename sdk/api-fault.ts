// What the API refuses, as an error that keeps the status and one entry a fault.
import type { FieldError } from "#core/api/problem.ts";
import type { components } from "./generated/api.ts";

type Problem = components["schemas"]["Problem"];

/** More of an answer that is no problem document (a proxy's page, say) is not worth reading. */
const longestText = 200;

/** An answer other than success. `problem` is the RFC 9457 document; undefined where something before the API answered. */
export class ApiFault extends Error {
  override readonly name = "ApiFault";

  readonly status: number;
  readonly problem?: Problem;
  /** Seconds that Retry-After asks for, where it names seconds. */
  readonly retryAfterSeconds?: number;

  constructor(status: number, message: string, problem?: Problem, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** One entry a fault: which field, and what is allowed there. */
  get errors(): readonly FieldError[] {
    return this.problem?.errors ?? [];
  }

  /** The id under which the request is logged. */
  get requestId(): string | undefined {
    return this.problem?.instance;
  }
}

function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

/** As far as it is read here: a check by schema would weigh more than the rest of the client. */
function isProblem(body: unknown): body is Problem {
  const { detail, instance, errors } = (body ?? {}) as { [name in keyof Problem]?: unknown };
  return typeof detail === "string" && typeof instance === "string" && Array.isArray(errors);
}

/** The fault that an answer tells. `body` is what was read of it: parsed JSON or text. */
export function faultOf(response: Response, body: unknown): ApiFault {
  const retryAfterSeconds = secondsOf(response.headers.get("retry-after"));
  if (!isProblem(body)) {
    const text = typeof body === "string" ? body.slice(0, longestText) : "";
    const message = `${response.status} ${response.statusText} ${text}`.replace(/\s+/g, " ").trim();
    return new ApiFault(response.status, message, undefined, retryAfterSeconds);
  }
  const faults = body.errors.map(({ pointer, detail }) => (pointer ? `${pointer}: ${detail}` : detail));
  const message = [body.detail, ...faults].join("; ");
  return new ApiFault(response.status, message, body, retryAfterSeconds);
}
