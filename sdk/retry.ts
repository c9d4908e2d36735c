// When a request may be sent again, and how long to wait before.

const firstDelayMs = 300;
/** A server may ask for patience, not for the rest of the day. */
const longestDelayMs = 10_000;

/** Whether doing it twice is the same as doing it once, by RFC 9110, section 9.2.2, or by its Idempotency-Key. */
export function isRepeatable(method: string, headers: Headers): boolean {
  return ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].includes(method) || headers.has("idempotency-key");
}

/**
 * Milliseconds to wait: what Retry-After asks for (seconds or an HTTP date), or else a delay that doubles with every attempt, half of it
 * by `random` in 0 to 1, so that clients that failed together do not come back together. Never above 10 s.
 */
export function retryDelayMs(header: string | null, attempt: number, nowMs: number, random: number): number {
  const seconds = header === null || header.trim() === "" ? Number.NaN : Number(header);
  const asked = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header ?? "") - nowMs;
  const delay = Number.isFinite(asked) ? asked : firstDelayMs * 2 ** attempt * (0.5 + random / 2);
  return Math.min(Math.max(delay, 0), longestDelayMs);
}

/** Resolves after `ms`. Rejects with the signal's reason when it aborts. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
