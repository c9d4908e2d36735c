// The API as the page sees it: one fetch that gives JSON or bytes, and a Failure in words for everything else.
import type { FieldError } from "#core/api/problem.ts";
import { Failure, type FailureKind } from "./failure.ts";

const timeoutMs = 20_000;

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
}

export interface Client {
  /** GET, or POST where there is a body; resolves with the parsed answer. */
  json<T>(path: string, options?: { body?: unknown; signal?: AbortSignal }): Promise<T>;
  bytes(path: string, signal?: AbortSignal): Promise<Uint8Array>;
}

function kindOf(status: number): FailureKind {
  if (status === 400 || status === 422) return "row";
  if (status === 404) return "missing";
  return status === 401 || status === 403 ? "refused" : "service";
}

async function failureOf(answer: Response): Promise<Failure> {
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  const errors = Array.isArray(problem.errors) ? problem.errors : [];
  const message = problem.detail ?? problem.title ?? `HTTP ${answer.status}`;
  return new Failure(kindOf(answer.status), message, errors, answer.status);
}

/** A client of the API under `base`, an origin or a URL with a path. Requests carry no cookie and end after 20 s. */
export function createClient(base: string): Client {
  const root = base.replace(/\/+$/, "");

  async function ask(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
    const late = AbortSignal.timeout(timeoutMs);
    const either = signal ? AbortSignal.any([signal, late]) : late;
    let answer: Response;
    try {
      answer = await fetch(`${root}${path}`, { ...init, credentials: "omit", signal: either });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Failure("network", late.aborted ? "no answer in time" : "no connection");
    }
    if (!answer.ok) throw await failureOf(answer);
    return answer;
  }

  return {
    async json<T>(path: string, { body, signal }: { body?: unknown; signal?: AbortSignal } = {}) {
      const init: RequestInit =
        body === undefined
          ? {}
          : {
              method: "POST",
              headers: { "content-type": "application/json" },
              body: JSON.stringify(body),
            };
      const answer = await ask(path, init, signal);
      try {
        return (await answer.json()) as T;
      } catch (error) {
        if (signal?.aborted) throw error;
        throw new Failure("service", "the answer is not JSON", [], answer.status);
      }
    },
    async bytes(path, signal) {
      const answer = await ask(path, {}, signal);
      return new Uint8Array(await answer.arrayBuffer());
    },
  };
}
