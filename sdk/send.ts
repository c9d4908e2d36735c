// One request to the API: let in, bounded in time, sent again only where that is safe, failing with an ApiFault.
import type { Access } from "./access.ts";
import { readFault, unreachable } from "./api-fault.ts";
import { isRepeatable, pause, retryDelayMs } from "./retry.ts";

export interface Server {
  /** An origin, or a URL with a path, without a slash at its end; "" for the page's own origin. */
  readonly url: string;
  readonly access: Access;
  /** How often a request is sent at most; 4 where it is left out. */
  readonly attempts?: number;
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

/** A request that can be sent again. */
export interface Repetition {
  /** Method and path, for messages. */
  readonly name: string;
  readonly repeatable: boolean;
  readonly signal?: AbortSignal;
  /** Sends it once. */
  once(headers: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<Response>;
}

const defaultAttempts = 4;
/** Large imports and uploads included. */
const defaultTimeoutMs = 120_000;

function bearer(token: string | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function boundedBy(signal: AbortSignal | undefined, timeoutMs: number): AbortSignal | undefined {
  if (timeoutMs === Number.POSITIVE_INFINITY) return signal;
  const late = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, late]) : late;
}

/**
 * The answer to a request, whatever its status, its body unread. Failures of the network and 503 are tried again, a few times, when the
 * request is repeatable; 429 always, for nothing was done; 401 once, with a renewed token. Throws ApiFault with status 0 where no
 * answer comes, and the reason of `signal` where it aborts.
 */
export async function repeat(
  { url, access, attempts = defaultAttempts, timeoutMs = defaultTimeoutMs }: Omit<Server, "credentials">,
  { name, repeatable, signal, once }: Repetition,
): Promise<Response> {
  let token = await access.token();
  let mayRenew = true;
  for (let attempt = 0; ; ) {
    const isLast = attempt >= attempts - 1;
    const response = await once(bearer(token), boundedBy(signal, timeoutMs)).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      if (isLast || !repeatable) throw unreachable(name, url, error);
    });
    if (response?.status === 401 && mayRenew) {
      mayRenew = false;
      const renewed = await access.renewed(token);
      if (renewed === undefined) return response;
      token = renewed;
      await response.body?.cancel();
      continue;
    }
    if (response) {
      const passes = response.status === 429 || (response.status === 503 && repeatable);
      if (isLast || !passes) return response;
      await response.body?.cancel();
    }
    const retryAfter = response?.headers.get("retry-after") ?? null;
    await pause(retryDelayMs(retryAfter, attempt++, Date.now(), Math.random()), signal);
  }
}

/** The answer to a call, its body unread; tried again as `repeat` says. Throws ApiFault for a status that is neither success nor accepted. */
export async function send(server: Server, call: Call): Promise<Response> {
  const { method, path, body, signal } = call;
  const name = `${method} ${path.replace(/\?.*/, "")}`;
  const headers = { accept: "application/json, application/problem+json, */*;q=0.1", ...call.headers };
  const { credentials } = server;
  const response = await repeat(server, {
    name,
    repeatable: call.repeatable ?? isRepeatable(method, new Headers(headers)),
    signal,
    once: (authorization, signal) =>
      fetch(server.url + path, {
        ...{ method, body, signal, headers: { ...headers, ...authorization } },
        ...(credentials && { credentials }),
      }),
  });
  if (response.ok || call.accept?.includes(response.status)) return response;
  throw await readFault(name, response);
}
