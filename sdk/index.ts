// The typed client of the HTTP API: openapi-fetch over the types that `npm run sdk` makes from openapi.json, sent as send.ts sends.
import createFetchClient, { type Client as FetchClient } from "openapi-fetch";
import { askedAccess, fixedAccess } from "./access.ts";
import { faultOf } from "./api-fault.ts";
import type { paths } from "./generated/api.ts";
import { isRepeatable } from "./retry.ts";
import { repeat } from "./send.ts";

export { ApiFault } from "./api-fault.ts";
export type { components, operations } from "./generated/api.ts";

/** GET, POST, PUT, PATCH and DELETE by the path as openapi.json writes it. */
export type Client = FetchClient<paths>;

export interface ClientOptions {
  /** Where the service is: an origin, or a URL with a path. */
  readonly url: string;
  /**
   * An API key or an access token; or what gives one, asked before every call and again after a 401, so that it may renew it. None for
   * what is public.
   */
  readonly token?: string | (() => string | Promise<string>);
  /** Instead of the platform's. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** How often a request is sent at most, 4 where it is left out; 1 tries nothing twice. */
  readonly attempts?: number;
  /** For each attempt, its answer's body included; 120 s where it is left out, Infinity for no bound. */
  readonly timeoutMs?: number;
}

/**
 * A client of the service at `url`. Sends again what may be repeated (idempotent methods, and what has an Idempotency-Key) after a failure
 * of the network or a 503, and anything after a 429. A call throws ApiFault with status 0 where no answer comes.
 */
export function createClient(options: ClientOptions): Client {
  const { token, attempts, timeoutMs, fetch: ask = fetch } = options;
  const url = options.url.replace(/\/+$/, "");
  const access = typeof token === "function" ? askedAccess(token) : fixedAccess(token);
  const server = { url, access, attempts, timeoutMs };
  return createFetchClient<paths>({
    baseUrl: url,
    fetch: (request) =>
      repeat(server, {
        name: `${request.method} ${new URL(request.url).pathname}`,
        repeatable: isRepeatable(request.method, request.headers),
        signal: request.signal,
        once(authorization, signal) {
          // The body of a request can be read once, so each attempt gets a copy.
          const copy = new Request(request.clone(), { signal });
          for (const [name, value] of Object.entries(authorization)) copy.headers.set(name, value);
          return ask(copy);
        },
      }),
  });
}

interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** What success answers; undefined where it has no content. */
type DataOf<T extends Answer> = [NonNullable<T["data"]>] extends [never] ? undefined : NonNullable<T["data"]>;

/** The data of a call. Throws ApiFault for any answer but success, and where none comes. */
export async function dataOf<T extends Answer>(call: Promise<T>): Promise<DataOf<T>> {
  const { data, error, response } = await call;
  if (response.ok) return data as DataOf<T>;
  // An answer made by hand has no URL.
  throw faultOf(URL.parse(response.url)?.pathname ?? "", response, error);
}
