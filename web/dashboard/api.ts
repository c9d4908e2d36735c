// The API as the dashboard asks it: in the name of whoever is signed in. Throws the SDK's ApiFault.
import { ApiFault } from "../../sdk/api-fault.ts";
import { type Call, send } from "../../sdk/send.ts";
import type { Page } from "./answers.ts";
import { service } from "./service.ts";
import { session } from "./session.ts";

export interface AskOptions extends Pick<Call, "headers" | "signal" | "accept"> {
  readonly method?: "GET" | "POST" | "PUT";
  readonly body?: unknown;
}

/** The answer, whatever its type. Throws ApiFault for one that is no success. */
export function ask(path: string, { method, body, headers, ...others }: AskOptions = {}): Promise<Response> {
  return send(
    { ...service, access: session.access },
    {
      ...{ method: method ?? (body === undefined ? "GET" : "POST"), path, ...others },
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    },
  );
}

export async function askJson<T>(path: string, options: AskOptions = {}): Promise<T> {
  const answer = await ask(path, options);
  try {
    return (await answer.json()) as T;
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiFault({ request: path, status: answer.status, detail: "the answer is not JSON", cause });
  }
}

export function query(values: Readonly<Record<string, string | number | undefined | null>>): string {
  const given = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  return given.length === 0
    ? ""
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** Pages of a list until `most` items or the end; `next` goes on behind them. */
export async function askPages<T>(
  pathOf: (cursor: string | null) => string,
  most: number,
  signal: AbortSignal,
): Promise<Page<T>> {
  const items: T[] = [];
  let next: string | null = null;
  do {
    const page: Page<T> = await askJson<Page<T>>(pathOf(next), { signal });
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < most);
  return { items, next };
}
