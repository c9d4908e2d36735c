// The typed client of the HTTP API: openapi-fetch over the types that `npm run sdk` makes from openapi.json.
import createFetchClient, { type Client as FetchClient } from "openapi-fetch";
import { faultOf } from "./api-fault.ts";
import type { paths } from "./generated/api.ts";

export { ApiFault } from "./api-fault.ts";
export type { components, operations } from "./generated/api.ts";

/** GET, POST, PUT, PATCH and DELETE by the path as openapi.json writes it. */
export type Client = FetchClient<paths>;

export interface ClientOptions {
  /** Where the service is: an origin, or a URL with a path. */
  readonly url: string;
  /** An API key or an access token; or what gives one, asked before every call, so that it may renew it. None for what is public. */
  readonly token?: string | (() => string | Promise<string>);
  /** Instead of the platform's. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/**
 * A client of the service at `url`. It tries nothing twice: who calls knows what may be repeated (`ApiFault.retryAfterSeconds`, and
 * Idempotency-Key where the API takes one).
 */
export function createClient({ url, token, fetch }: ClientOptions): Client {
  const client = createFetchClient<paths>({ baseUrl: url.replace(/\/+$/, ""), fetch });
  if (token === undefined) return client;
  client.use({
    async onRequest({ request }) {
      const given = typeof token === "string" ? token : await token();
      request.headers.set("authorization", `Bearer ${given}`);
      return request;
    },
  });
  return client;
}

interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** What success answers; undefined where it has no content. */
type DataOf<T extends Answer> = [NonNullable<T["data"]>] extends [never] ? undefined : NonNullable<T["data"]>;

/** The data of a call. Throws ApiFault for any answer but success, and whatever `fetch` throws where none comes. */
export async function dataOf<T extends Answer>(call: Promise<T>): Promise<DataOf<T>> {
  const { data, error, response } = await call;
  if (response.ok) return data as DataOf<T>;
  throw faultOf(response, error);
}
