// One request into the log, behind its answer.
import type { AppContext } from "../context.ts";
import { limits } from "../limits.ts";
import type { LogEntry } from "../store/requests.ts";
import { hashClient } from "./client-hash.ts";
import { boundText, redact } from "./redaction.ts";

/** Start of a text of at most `bytes`; the rest of the stream is let go. */
async function readStart(response: Response, bytes: number): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    size += value.byteLength;
    if (size <= bytes) continue;
    reader.cancel().catch(() => undefined);
    return `${text}…`;
  }
  return text;
}

/** The body as it is logged: JSON in text, streams and files by their type only. */
async function describeBody(copy: Response | undefined, type: string): Promise<string | null> {
  if (copy) return boundText(redact(await readStart(copy, limits.loggedBodyBytes)), limits.loggedBodyBytes);
  return type === "" ? null : `[${type}]`;
}

/** Counts the request and, unless its route is a probe, posts its log entry after the answer has left. */
export function recordRequest(c: AppContext, startedAt: number): void {
  const { rule, isolate, notes, requestId, dataset } = c.var;
  const { status } = c.res;
  const route = rule?.path ?? "(none)";
  isolate.counts.add(c.req.method.slice(0, 10), route, status);
  if (rule && !rule.logged) return;
  const type = c.res.headers.get("content-type") ?? "";
  // Only answers that are made whole are copied: a copied stream would be held in memory.
  const isFile = c.res.headers.get("cache-control")?.includes("immutable");
  const copy = /^application\/(problem\+)?json/.test(type) && !isFile ? c.res.clone() : undefined;
  const entry = {
    id: requestId,
    time: startedAt,
    method: c.req.method.slice(0, 10),
    route,
    path: boundText(redact(c.req.path + new URL(c.req.url).search), 2000),
    dataset: dataset?.slice(0, 63) ?? null,
    status,
    // In production the clock stands still while code computes: this counts waiting, and is 0 for a warm prediction.
    latencyMs: Date.now() - startedAt,
    modelId: notes.modelId,
    requestBody: notes.requestBody,
  };
  const address = c.req.header("cf-connecting-ip");
  const post = async () => {
    const [responseBody, client] = await Promise.all([describeBody(copy, type), hashClient(c.env, address)]);
    await isolate.outbox.post(c.env, JSON.stringify({ ...entry, responseBody, client } satisfies LogEntry));
  };
  c.executionCtx.waitUntil(post());
}
