// One HTTP request to a server: bounded in time, tried again only where that is safe, failing with one readable line.
import { setTimeout as wait } from "node:timers/promises";
import { InputError } from "#core/api/problem.ts";
import { readReason, ServerRefusal, ServerUnreachable } from "./refusal.ts";

export interface Server {
  /** Without a path: http://127.0.0.1:8787 */
  readonly url: string;
  readonly token?: string;
}

export interface Call {
  readonly method: "GET" | "PUT" | "POST";
  /** Starts with /. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData | Blob;
  /** Whether doing it twice is the same as doing it once; every GET and PUT is, a POST where it says so. */
  readonly repeatable?: boolean;
  /** Statuses that are answers and not refusals. */
  readonly accept?: readonly number[];
}

const attempts = 4;
/** Large imports and uploads included. */
const timeoutMs = 120_000;
const firstDelayMs = 300;
/** A server may ask for patience, not for the rest of the day. */
const longestDelayMs = 10_000;

/** Milliseconds that Retry-After asks for (seconds or an HTTP date), or the growing default; never above the bound. */
export function retryDelayMs(header: string | null, attempt: number, nowMs: number): number {
  const seconds = header === null || header.trim() === "" ? Number.NaN : Number(header);
  const asked = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header ?? "") - nowMs;
  const delay = Number.isFinite(asked) ? asked : firstDelayMs * 2 ** attempt;
  return Math.min(Math.max(delay, 0), longestDelayMs);
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}

/** The server's origin. Throws InputError for what is no http(s) URL. */
export function parseServerUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InputError(
      `url: expected http://... or https://...; got ${JSON.stringify(text.slice(0, 200))}`,
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/**
 * The answer to a call, its body unread. Network errors and 503 are tried again, a few times, when the call is repeatable.
 * Throws ServerRefusal for other statuses and ServerUnreachable where no answer comes.
 */
export async function send(server: Server, call: Call): Promise<Response> {
  const name = `${call.method} ${call.path.replace(/\?.*/, "")}`;
  const repeatable = call.repeatable ?? call.method !== "POST";
  const headers = {
    accept: "application/json, application/problem+json, */*;q=0.1",
    ...(server.token ? { authorization: `Bearer ${server.token}` } : {}),
    ...call.headers,
  };
  for (let attempt = 0; ; attempt++) {
    const last = !repeatable || attempt === attempts - 1;
    let response: Response;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      response = await fetch(server.url + call.path, {
        method: call.method,
        headers,
        body: call.body,
        signal,
      });
    } catch (error) {
      if (last) throw new ServerUnreachable(`${name}: no answer from ${server.url}: ${reasonOf(error)}`);
      await wait(retryDelayMs(null, attempt, Date.now()));
      continue;
    }
    if (response.ok || call.accept?.includes(response.status)) return response;
    const body = await response.text().catch(() => "");
    if (last || response.status !== 503) {
      throw new ServerRefusal(name, response.status, readReason(body, response.statusText));
    }
    await wait(retryDelayMs(response.headers.get("retry-after"), attempt, Date.now()));
  }
}
