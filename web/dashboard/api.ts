// The API as the dashboard asks it: in the name of whoever is signed in, once more after a renewal, and a Failure for every refusal.
import { Failure, type FailureKind } from "../engines/failure.ts";
import type { Page } from "./answers.ts";
import { session } from "./session.ts";

export interface AskOptions {
  readonly method?: "GET" | "POST" | "PUT";
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A refusal for want of a scope names it. */
export class Refused extends Failure {
  readonly scope: string | undefined;

  constructor(message: string, status: number, scope: string | undefined) {
    super("refused", message, [], status);
    this.scope = scope;
  }
}

function kindOf(status: number): FailureKind {
  if (status === 404) return "missing";
  return status < 500 ? "row" : "service";
}

async function failureOf(answer: Response): Promise<Failure> {
  const { status, headers } = answer;
  const problem = (await answer.json().catch(() => ({}))) as {
    detail?: string;
    title?: string;
    errors?: Failure["errors"];
  };
  const message = problem.detail ?? problem.title ?? `the server answers ${status}`;
  if (status !== 401 && status !== 403)
    return new Failure(kindOf(status), message, problem.errors ?? [], status);
  const challenged = /scope="([^"]+)"/.exec(headers.get("www-authenticate") ?? "")?.[1];
  return new Refused(message, status, challenged ?? /the scope ([a-z:]+)/.exec(message)?.[1]);
}

async function send(path: string, { method, body, headers, signal }: AskOptions): Promise<Response> {
  const token = await session.token();
  try {
    return await fetch(path, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit",
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Failure("network", "no connection");
  }
}

/** The answer, whatever its type. Throws a Failure for one that is no success. */
export async function ask(path: string, options: AskOptions = {}): Promise<Response> {
  const before = session.current;
  let answer = await send(path, options);
  if (answer.status === 401 && before && (await session.renew())) answer = await send(path, options);
  if (!answer.ok) throw await failureOf(answer);
  return answer;
}

export async function askJson<T>(path: string, options: AskOptions = {}): Promise<T> {
  const answer = await ask(path, options);
  try {
    return (await answer.json()) as T;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Failure("service", "the answer is not JSON", [], answer.status);
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
