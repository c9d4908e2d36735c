// One HTTP request to a server: bounded in time, tried again only where that is safe, failing with one readable line.
import { setTimeout as wait } from "node:timers/promises";
import { InputError } from "#core/api/problem.ts";
import type { Access } from "./access.ts";
import { readReason, ServerRefusal, ServerUnreachable } from "./refusal.ts";

export interface Server {
  /** Without a path: http://127.0.0.1:8787 */
  readonly url: string;
  readonly access: Access;
}

export interface Call {
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
  /** Starts with /. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData | Blob;
  /** Whether doing it twice is the same as doing it once; every GET, PUT and DELETE is, a POST where it says so. */
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

function unreachable(server: Server, name: string, error: unknown): ServerUnreachable {
  return new ServerUnreachable(`${name}: no answer from ${server.url}: ${reasonOf(error)}`);
}

/** The token to begin with; renewing one may need the server already. */
async function accessToken(server: Server, name: string): Promise<string | undefined> {
  try {
    return await server.access.token();
  } catch (error) {
    if (error instanceof ServerRefusal || error instanceof InputError) throw error;
    throw unreachable(server, name, error);
  }
}

function initOf({ method, headers, body }: Call, token: string | undefined): RequestInit {
  const accept = "application/json, application/problem+json, */*;q=0.1";
  const authorization = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  return {
    ...{ method, body, signal: AbortSignal.timeout(timeoutMs) },
    headers: { accept, ...authorization, ...headers },
  };
}

/**
 * The answer to a call, its body unread. Network errors and 503 are tried again, a few times, when the call is repeatable; 429 always, for
 * nothing was done; 401 once, with a renewed token. Throws ServerRefusal for other statuses and ServerUnreachable where no answer comes.
 */
export async function send(server: Server, call: Call): Promise<Response> {
  const name = `${call.method} ${call.path.replace(/\?.*/, "")}`;
  const repeatable = call.repeatable ?? call.method !== "POST";
  let token = await accessToken(server, name);
  let mayRenew = true;
  for (let attempt = 0; ; attempt++) {
    const last = attempt === attempts - 1;
    let response: Response;
    try {
      response = await fetch(server.url + call.path, initOf(call, token));
    } catch (error) {
      if (last || !repeatable) throw unreachable(server, name, error);
      await wait(retryDelayMs(null, attempt, Date.now()));
      continue;
    }
    if (response.ok || call.accept?.includes(response.status)) return response;
    const body = await response.text().catch(() => "");
    if (response.status === 401 && mayRenew) {
      mayRenew = false;
      const renewed = await server.access.renewed(token);
      if (renewed !== undefined) {
        token = renewed;
        continue;
      }
    }
    const passes = response.status === 429 || (response.status === 503 && repeatable);
    if (last || !passes)
      throw new ServerRefusal(name, response.status, readReason(body, response.statusText));
    await wait(retryDelayMs(response.headers.get("retry-after"), attempt, Date.now()));
  }
}
