// The API as the page sees it: JSON or bytes, kept for a page without a connection, and a Failure for everything else.
import { sendOnce } from "../../sdk/send-once.ts";
import { Failure, toFailure } from "./failure.ts";
import { keptAnswers } from "./kept-answers.ts";

const timeoutMs = 20_000;

export interface AskOptions {
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** "for good": what never changes is asked for once. "as a spare": the last answer serves when there is no connection. */
  readonly keep?: "for good" | "as a spare";
}

export interface Client {
  /** GET, or POST where there is a body; resolves with the parsed answer. */
  json<T>(path: string, options?: AskOptions): Promise<T>;
  /** A file that never changes. */
  bytes(path: string, signal?: AbortSignal): Promise<Uint8Array>;
  forget(path: string): Promise<void>;
  forgetBut(prefix: string, spared: string): Promise<void>;
}

/**
 * A client of the API under `base`, an origin or a URL with a path; `key` is sent as a bearer token.
 * Requests carry no cookie, end after 20 s and are not sent twice: the page asks again when its visitor does.
 */
export function createClient(base: string, key?: string): Client {
  const root = base.replace(/\/+$/, "");
  async function ask(path: string, { body, signal }: AskOptions, token = key): Promise<Response> {
    const post = { method: "POST", headers: { "content-type": "application/json" } } as const;
    const call = body === undefined ? ({ method: "GET" } as const) : { ...post, body: JSON.stringify(body) };
    try {
      const place = { url: root, timeoutMs, credentials: "omit" } as const;
      return await sendOnce(place, { ...call, path, signal }, token || undefined);
    } catch (error) {
      throw signal?.aborted ? error : toFailure(error);
    }
  }

  /** A model's files: a publishable key may not have them, anyone may where the dataset is public. Throws what the key was told. */
  async function askForFile(path: string, options: AskOptions): Promise<Response> {
    try {
      return await ask(path, options);
    } catch (error) {
      if (!key || !(error instanceof Failure) || error.kind !== "refused") throw error;
      return ask(path, options, "").catch(() => {
        throw error;
      });
    }
  }

  async function askOrFind(path: string, options: AskOptions): Promise<Response> {
    const { keep } = options;
    if (!keep) return ask(path, options);
    const url = `${root}${path}`;
    const found = keep === "for good" ? await keptAnswers.find(url) : undefined;
    if (found) return found;
    try {
      const answer = await (keep === "for good" ? askForFile : ask)(path, options);
      // Not awaited: a price shall not wait for the disk. The copy is of its own.
      void keptAnswers.keep(url, answer.clone());
      return answer;
    } catch (error) {
      const spare =
        error instanceof Failure && error.kind === "network" ? await keptAnswers.find(url) : undefined;
      if (!spare) throw error;
      return spare;
    }
  }

  return {
    async json<T>(path: string, options: AskOptions = {}) {
      const answer = await askOrFind(path, options);
      try {
        return (await answer.json()) as T;
      } catch (error) {
        if (options.signal?.aborted) throw error;
        throw new Failure("service", "the answer is not JSON", [], answer.status);
      }
    },
    async bytes(path, signal) {
      const answer = await askOrFind(path, { signal, keep: "for good" });
      try {
        return new Uint8Array(await answer.arrayBuffer());
      } catch (error) {
        if (signal?.aborted) throw error;
        throw new Failure("network", "the answer broke off");
      }
    },
    forget: (path) => keptAnswers.forget(`${root}${path}`),
    forgetBut: (prefix, spared) => keptAnswers.forgetBut(`${root}${prefix}`, `${root}${spared}`),
  };
}
