// One request to the API, sent once: bounded in time, failing with an ApiFault. It is all that the widget needs, and weighs little.
import { readFault, unreachable } from "./api-fault.ts";

export interface Place {
  /** An origin, or a URL with a path, without a slash at its end; "" for the page's own origin. */
  readonly url: string;
  /** For each attempt, its answer's body included; 120 s where it is left out, Infinity for no bound. */
  readonly timeoutMs?: number;
  /** Left out where the platform knows no cookies. */
  readonly credentials?: "omit" | "same-origin" | "include";
}

export interface Call {
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
  /** Starts with /. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData | Blob;
  /** Whether doing it twice is the same as doing it once, where neither the method nor an Idempotency-Key says so. */
  readonly repeatable?: boolean;
  /** Statuses that are answers and not faults. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal;
}

/** Large imports and uploads included. */
const defaultTimeoutMs = 120_000;

/** Aborts when `signal` does, or when the time is up. */
export function boundedBy(
  signal: AbortSignal | undefined,
  timeoutMs = defaultTimeoutMs,
): AbortSignal | undefined {
  if (timeoutMs === Number.POSITIVE_INFINITY) return signal;
  const late = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, late]) : late;
}

export function bearer(token: string | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** As messages name it: no query, which may hold what is nobody's business. */
export function nameOf({ method, path }: Call): string {
  return `${method} ${path.replace(/\?.*/, "")}`;
}

/** fetch for a call, with the headers that let it in. */
export function ask(
  { url, credentials }: Place,
  { method, path, headers, body }: Call,
  authorization: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const accept = "application/json, application/problem+json, */*;q=0.1";
  return fetch(url + path, {
    ...{ method, body, signal, headers: { accept, ...headers, ...authorization } },
    ...(credentials && { credentials }),
  });
}

/** The response where it is a success or accepted. Throws its ApiFault otherwise. */
export async function answerOf(call: Call, response: Response): Promise<Response> {
  if (response.ok || call.accept?.includes(response.status)) return response;
  throw await readFault(nameOf(call), response);
}

/** The answer to a call, its body unread. Throws ApiFault, and the reason of the call's signal where it aborts. */
export async function sendOnce(place: Place, call: Call, token?: string): Promise<Response> {
  const { signal } = call;
  const asked = ask(place, call, bearer(token), boundedBy(signal, place.timeoutMs));
  const response = await asked.catch((error: unknown) => {
    throw signal?.aborted ? error : unreachable(nameOf(call), place.url, error);
  });
  return answerOf(call, response);
}
