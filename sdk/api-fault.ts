// The one error of every client of the API: what was asked, the status, and the problem document's own words.
import type { FieldError } from "#core/api/problem.ts";
import type { components } from "./generated/api.ts";

type Problem = components["schemas"]["Problem"];

/** More of an answer that is no problem document (a proxy's page, say) is not worth reading. */
const longestText = 200;
const longestReason = 600;
const mostFaults = 5;

interface FaultParts {
  /** Method and path, as the message begins. */
  readonly request: string;
  /** 0 where no answer came. */
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly problem?: Problem;
  readonly requestId?: string;
  readonly retryAfterSeconds?: number;
  readonly scope?: string;
  readonly cause?: unknown;
}

function messageOf({ request, status, detail, errors = [] }: FaultParts): string {
  const faults = errors
    .slice(0, mostFaults)
    .map(({ pointer, detail }) => [pointer, detail].filter((part) => part !== "").join(": "));
  const reason = [...new Set([detail, ...faults])].join("; ").replace(/\s+/g, " ");
  const bounded = reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
  return `${request}: ${status === 0 ? "" : `${status} `}${bounded}`.replace(/^: /, "");
}

/** An answer other than success, or none at all (status 0). The message tells it in one line. */
export class ApiFault extends Error {
  override readonly name = "ApiFault";

  /** HTTP status; 0 where the service could not be reached or its answer broke off. */
  readonly status: number;
  /** The reason alone, in the server's words. */
  readonly detail: string;
  /** One entry a fault: which field, and what is allowed there. */
  readonly errors: readonly FieldError[];
  /** The RFC 9457 document; undefined where something before the API answered. */
  readonly problem?: Problem;
  /** The id under which the request is logged. */
  readonly requestId?: string;
  /** Seconds that Retry-After asks for, where it names seconds. */
  readonly retryAfterSeconds?: number;
  /** The scope that the token lacks (RFC 6750, section 3). */
  readonly scope?: string;

  constructor(parts: FaultParts) {
    super(messageOf(parts), { cause: parts.cause });
    this.status = parts.status;
    this.detail = parts.detail;
    this.errors = parts.errors ?? [];
    this.problem = parts.problem;
    this.requestId = parts.requestId;
    this.retryAfterSeconds = parts.retryAfterSeconds;
    this.scope = parts.scope;
  }
}

/** No answer came: the connection failed, or it took too long. */
export function unreachable(request: string, origin: string, error: unknown): ApiFault {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const reason = cause?.code ?? cause?.message ?? message;
  return new ApiFault({
    request,
    status: 0,
    detail: `no answer from ${origin || "the server"}: ${reason}`,
    cause: error,
  });
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** Only what is read here is looked at: a check by schema would weigh more than the rest of the client. */
function errorsOf(errors: unknown): FieldError[] {
  return Array.isArray(errors)
    ? errors.filter((one) => typeof one?.pointer === "string" && typeof one.detail === "string")
    : [];
}

/** The first words of an answer that is no document; a proxy's HTML page has none worth telling. */
function firstWords(body: unknown): string {
  return typeof body === "string" && !body.trimStart().startsWith("<") ? body.slice(0, longestText) : "";
}

/** The fault that an answer tells. `body` is what was read of it: parsed JSON or text. */
export function faultOf(request: string, response: Response, body: unknown): ApiFault {
  const { status, statusText, headers } = response;
  const problem = (typeof body === "object" && body !== null ? body : {}) as {
    [name in keyof Problem]?: unknown;
  };
  const { detail, title, instance } = problem;
  const words = `${statusText} ${firstWords(body)}`.replace(/\s+/g, " ").trim();
  const retryAfter = headers.get("retry-after");
  const isWhole = isText(detail) && isText(instance) && Array.isArray(problem.errors);
  return new ApiFault({
    request,
    status,
    detail: [detail, title, words].find(isText) ?? "no reason given",
    errors: errorsOf(problem.errors),
    problem: isWhole ? (body as Problem) : undefined,
    requestId: isText(instance) ? instance : (headers.get("x-request-id") ?? undefined),
    retryAfterSeconds: retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined,
    scope: /\bscope="([^"]+)"/.exec(headers.get("www-authenticate") ?? "")?.[1],
  });
}

/** The fault of an answer whose body is unread. */
export async function readFault(request: string, response: Response): Promise<ApiFault> {
  const text = await response.text().catch(() => "");
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // Proxies answer HTML and text.
  }
  return faultOf(request, response, body);
}
