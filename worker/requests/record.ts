// One request into the log, behind its answer.
import type { AppContext } from "../http/context.ts";
import { limits } from "../http/limits.ts";
import { hashClient } from "./client-hash.ts";
import { loggable } from "./redaction.ts";
import type { LogEntry } from "./store/requests.ts";

/**
 * The answer's JSON for the log; streams by their beginning, files by their type only. Reads the answer and puts an equal one in its place:
 * the other half of a tee would be read only as fast as the client reads, and not at all by one that hangs up.
 */
async function takeAnswer(c: AppContext): Promise<string | null> {
  const { answerHead } = c.get("notes");
  if (answerHead !== null) return answerHead;
  const type = c.res.headers.get("content-type") ?? "";
  const isFile = c.res.headers.get("cache-control")?.includes("immutable");
  if (isFile || !/^application\/(problem\+)?json/.test(type)) return type === "" ? null : `[${type}]`;
  const { status, headers } = c.res;
  const text = await c.res.text();
  c.res = undefined;
  c.res = new Response(text, { status, headers });
  return loggable(text, limits.loggedBodyBytes);
}

/** Counts the request and, unless its route is a probe, posts its log entry after the answer has left. */
export async function recordRequest(c: AppContext, startedAt: number): Promise<void> {
  const rule = c.get("rule");
  const isolate = c.get("isolate");
  const notes = c.get("notes");
  const { status } = c.res;
  const route = rule?.path ?? "(none)";
  const method = c.req.method.slice(0, 10);
  isolate.counts.add(method, route, status);
  if (rule && !rule.logged) return;
  const responseBody = await takeAnswer(c);
  const { url, path } = c.req;
  const query = url.indexOf("?");
  const entry = {
    ...{ id: c.get("requestId"), time: startedAt, method, route, status, responseBody },
    path: loggable(query < 0 ? path : path + url.slice(query), limits.loggedPathBytes),
    dataset: c.get("dataset")?.slice(0, 63) ?? null,
    // In production the clock stands still while code computes: this counts waiting, and is 0 for a warm prediction.
    latencyMs: Date.now() - startedAt,
    modelId: notes.modelId,
    requestBody: notes.requestBody,
  };
  const post = (client: string | null) =>
    isolate.outbox.post(c.env, JSON.stringify({ ...entry, client } satisfies LogEntry));
  const client = hashClient(c.env, c.req.header("cf-connecting-ip"));
  const posted = client instanceof Promise ? client.then(post) : post(client);
  if (posted) c.executionCtx.waitUntil(posted);
}
