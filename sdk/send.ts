// One request to the API, let in by a token that may be renewed, and sent again where that is safe.
import type { Access } from "./access.ts";
import { unreachable } from "./api-fault.ts";
import { isRepeatable, pause, retryDelayMs } from "./retry.ts";
import { answerOf, ask, bearer, boundedBy, type Call, nameOf, type Place } from "./send-once.ts";

export type { Call } from "./send-once.ts";

export interface Server extends Place {
  readonly access: Access;
  /** How often a request is sent at most; 4 where it is left out. */
  readonly attempts?: number;
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

/**
 * The answer to a request, whatever its status, its body unread. Failures of the network and 503 are tried again, a few times, when the
 * request is repeatable; 429 always, for nothing was done; 401 once, with a renewed token. Throws ApiFault with status 0 where no
 * answer comes, and the reason of `signal` where it aborts.
 */
export async function repeat(
  { url, access, attempts = defaultAttempts, timeoutMs }: Server,
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

/**
 * The answer to a call, its body unread; tried again as `repeat` says. Throws ApiFault for a status that is neither success nor accepted.
 */
export async function send(server: Server, call: Call): Promise<Response> {
  const { method, headers, signal } = call;
  const response = await repeat(server, {
    name: nameOf(call),
    repeatable: call.repeatable ?? isRepeatable(method, new Headers(headers)),
    signal,
    once: (authorization, signal) => ask(server, call, authorization, signal),
  });
  return answerOf(call, response);
}
