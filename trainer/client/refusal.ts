// Why a server did not do what it was asked, as one readable line.

/** The server answered, and not with success. */
export class ServerRefusal extends Error {
  override readonly name = "ServerRefusal";
  readonly status: number;

  constructor(request: string, status: number, reason: string) {
    super(`${request}: ${status} ${reason}`.trim());
    this.status = status;
  }
}

/** The server could not be reached, or its answer broke off. */
export class ServerUnreachable extends Error {
  override readonly name = "ServerUnreachable";
}

const longestReason = 600;

interface Problem {
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly errors?: unknown;
}

/** The faults of a problem document (RFC 9457), or the start of whatever else a server says; white space folded. */
export function readReason(body: string, statusText: string): string {
  let problem: Problem | undefined;
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null) problem = value;
  } catch {
    // Proxies answer HTML and text; their first words are the best reason there is.
    return `${statusText} ${body}`.replace(/\s+/g, " ").trim().slice(0, 200);
  }
  const faults = Array.isArray(problem?.errors) ? problem.errors : [];
  const lines = faults.slice(0, 5).map((fault: { pointer?: unknown; detail?: unknown }) => {
    return [fault?.pointer, fault?.detail].filter((part) => typeof part === "string" && part).join(": ");
  });
  const told = [problem?.detail ?? problem?.title ?? statusText, ...lines].filter(
    (part): part is string => typeof part === "string" && part !== "",
  );
  const reason = [...new Set(told)].join("; ").replace(/\s+/g, " ");
  return reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
}
