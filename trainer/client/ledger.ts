// The server's ledger as the command line uses it: moves and their history, comparisons, deletions, the log.
import type * as z from "zod";
import { Comparison } from "#core/metrics/model-comparison.ts";
import { type Server, send } from "../../sdk/send.ts";
import {
  AbandonedAnswer,
  type AbandonedBundle,
  type ListedMove,
  LoggedAnswer,
  MovedAlias,
  MovesAnswer,
} from "./answers.ts";
import type { AliasState } from "./client.ts";
import { readAnswer } from "./read-answer.ts";

/** Pages that a list is read to at most. */
const mostPages = 1000;

/** Every item of a list, page by page; `method` DELETE lists what it deletes. */
async function readPages<T>(
  server: Server,
  method: "GET" | "DELETE",
  path: string,
  schema: z.ZodType<{ items: T[]; next: string | null }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const query: string = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const answer = await readAnswer(schema, await send(server, { method, path: path + query }));
    items.push(...answer.items);
    cursor = answer.next;
    if (cursor === null) break;
  }
  return items;
}

const aliasPath = (dataset: string, alias: string) => `/v1/${dataset}/aliases/${encodeURIComponent(alias)}`;

/** Two models side by side, named by id or alias. */
export async function compareModels(
  server: Server,
  dataset: string,
  a: string,
  b: string,
): Promise<Comparison> {
  const path = `/v1/${dataset}/compare?${new URLSearchParams({ a, b })}`;
  return readAnswer(Comparison, await send(server, { method: "GET", path }));
}

/** Takes an alias back; undefined where it has moved since `from` was read. */
export async function rollBack(
  server: Server,
  dataset: string,
  alias: string,
  from: AliasState,
  order: { readonly reason: string; readonly to?: number },
): Promise<z.infer<typeof MovedAlias> | undefined> {
  const response = await send(server, {
    method: "POST",
    path: `${aliasPath(dataset, alias)}/rollback`,
    headers: { "content-type": "application/json", "if-match": from.etag },
    body: JSON.stringify(order),
    accept: [412],
  });
  return response.status === 412 ? undefined : readAnswer(MovedAlias, response);
}

/** The moves of an alias, newest first. */
export async function listMoves(server: Server, dataset: string, alias: string): Promise<ListedMove[]> {
  return readPages(server, "GET", `${aliasPath(dataset, alias)}/history`, MovesAnswer);
}

/** Deletes a model that was never live; "was-live" where it was, by now. One that is gone already is deleted too. */
export async function deleteModel(
  server: Server,
  dataset: string,
  id: string,
): Promise<"deleted" | "was-live"> {
  const path = `/v1/${dataset}/models/${encodeURIComponent(id)}`;
  const response = await send(server, { method: "DELETE", path, accept: [404, 409] });
  return response.status === 409 ? "was-live" : "deleted";
}

/** Files of bundles that were never published; deleted while they are listed where `method` is DELETE. */
export async function listAbandoned(
  server: Server,
  dataset: string,
  method: "GET" | "DELETE",
): Promise<AbandonedBundle[]> {
  return readPages(server, method, `/v1/${dataset}/abandoned-bundles`, AbandonedAnswer);
}

/** A request as the log keeps it. */
export async function readLogged(server: Server, id: string): Promise<LoggedAnswer> {
  const path = `/v1/requests/${encodeURIComponent(id)}`;
  return readAnswer(LoggedAnswer, await send(server, { method: "GET", path }));
}
