// A cold isolate of the Worker for one test, over the real bindings or over broken ones.
import { applyD1Migrations, type D1Migration, reset } from "cloudflare:test";
import { env as bindings, exports } from "cloudflare:workers";
import { createApp } from "../../worker/app.ts";
import type { Env } from "../../worker/env.ts";
import { Isolate } from "../../worker/serving/isolate.ts";

interface TestEnv extends Env {
  readonly TEST_MIGRATIONS: D1Migration[];
  readonly ADMIN_TOKEN: string;
  readonly SIGNING_SECRET: string;
  /** Of the fuzzer: requests an operation gets, and what they begin with. */
  readonly FUZZ_RUNS: string;
  readonly FUZZ_SEED: string;
}

export const env = bindings as unknown as TestEnv;
/** The Worker as it is deployed, its own entry and isolate. */
export const deployed = (exports as unknown as { default: Fetcher }).default;

export const origin = "http://appraise.test";

/**
 * Empty storage with the tables made.
 * A query that the test before left under way can open the database again between its end and its deletion, and keeps the old
 * rows: the reset is only believed once no table is left.
 */
export async function resetStorage(): Promise<void> {
  const tables = () =>
    env.DB.prepare("select count(*) from sqlite_master where name = 'datasets'").first<number>("count(*)");
  let left = 5;
  do {
    if (left-- === 0) throw new Error("the database of the test before cannot be got rid of");
    await reset();
  } while ((await tables()) !== 0);
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
}

export interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: BodyInit | null;
  /** Sent as JSON; POST unless a method is given. */
  readonly json?: unknown;
  /** "admin" is the ADMIN_TOKEN, anything else the token itself; none by default. */
  readonly token?: string;
}

export class Service {
  readonly isolate = new Isolate();
  readonly app = createApp(this.isolate);
  /** May be replaced in the middle of a test, as storage may fail in the middle of a day. */
  env: Env;
  readonly #behind: Promise<unknown>[] = [];

  constructor(changes: Partial<Env> = {}) {
    this.env = { ...env, ...changes };
  }

  async fetch(path: string, call: Call = {}): Promise<Response> {
    const headers = new Headers(call.headers);
    if (call.token)
      headers.set("authorization", `Bearer ${call.token === "admin" ? env.ADMIN_TOKEN : call.token}`);
    const isJson = "json" in call;
    if (isJson && !headers.has("content-type")) headers.set("content-type", "application/json");
    const method = call.method ?? (isJson || call.body ? "POST" : "GET");
    const body = isJson ? JSON.stringify(call.json) : call.body;
    const context = {
      waitUntil: (work: Promise<unknown>) => void this.#behind.push(work),
      passThroughOnException: () => undefined,
      props: {},
    } as unknown as ExecutionContext;
    return this.app.fetch(new Request(origin + path, { method, headers, body }), this.env, context);
  }

  /** Resolves when everything behind the answers so far is done. */
  async settle(): Promise<void> {
    while (this.#behind.length > 0) await Promise.all(this.#behind.splice(0));
  }
}

/** A binding of which every use fails. */
export function broken<T extends object>(message: string): T {
  const fail = () => {
    throw new Error(message);
  };
  return new Proxy({} as T, { get: () => fail });
}
