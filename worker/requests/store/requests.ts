// The log of requests in D1: written in batches by the queue's consumer, read page by page.
import { and, desc, eq, gte, lt, sql } from "drizzle-orm";
import type { Env } from "../../env.ts";
import { type Page, pageOf, parseCursor, TextKey } from "../../storage/cursor.ts";
import { database, maxParameterBytes, withStorage } from "../../storage/database.ts";
import { outcomes, requests } from "../../storage/schema.ts";
import { groupTexts } from "../../storage/text-groups.ts";
import { type Outcome, type OutcomeRow, readOutcome } from "./outcomes.ts";
import { lowestIdAt } from "./request-id.ts";

/** What the log keeps of one request; bodies are bounded text with secrets taken out. */
export interface LogEntry {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly method: string;
  readonly route: string;
  readonly path: string;
  readonly dataset: string | null;
  readonly status: number;
  readonly latencyMs: number;
  readonly modelId: string | null;
  readonly requestBody: string | null;
  readonly responseBody: string | null;
  /** Keyed hash of the client's address. */
  readonly client: string | null;
}

// At-least-once delivery brings some entries twice: the second changes nothing.
const writeStatement = `
  insert into requests
    (id, time, method, route, path, dataset, status, latency_ms, model_id, request_body, response_body, client)
  select value ->> 'id', value ->> 'time', value ->> 'method', value ->> 'route', value ->> 'path',
    value ->> 'dataset', value ->> 'status', value ->> 'latencyMs', value ->> 'modelId',
    value ->> 'requestBody', value ->> 'responseBody', value ->> 'client'
  from json_each(?1) where true
  on conflict (id) do nothing`;

/** Writes entries (each text one or more LogEntry as JSON, separated by commas), all or none. Rejects where the database does. */
export async function writeRequests(env: Env, entries: readonly string[]): Promise<void> {
  if (entries.length === 0) return;
  const statements = groupTexts(entries, maxParameterBytes).map((group) =>
    env.DB.prepare(writeStatement).bind(`[${group.join(",")}]`),
  );
  await env.DB.batch(statements);
}

export interface RequestFilter {
  readonly dataset?: string;
  readonly status?: number;
  /** Milliseconds since 1970: from this moment on. */
  readonly from?: number;
  /** Milliseconds since 1970: before this moment. */
  readonly to?: number;
}

interface Found {
  readonly requests: typeof requests.$inferSelect;
  readonly outcomes: OutcomeRow | null;
}

export type LoggedRequest = Omit<Found["requests"], "time"> & {
  readonly time: string;
  readonly outcome: Outcome | null;
};

const readRequest = ({ requests: row, outcomes: outcome }: Found): LoggedRequest => ({
  ...row,
  time: new Date(row.time).toISOString(),
  outcome: outcome && readOutcome(outcome),
});

// Written out, not bound: SQLite uses a partial index only where the query repeats its condition.
const indexedStatus = sql`${requests.status} <> 200`;

/** Logged requests, newest first. Ids begin with their time, so one range of the primary key, or of
 * the index of the statuses other than 200, answers every filter by time. */
export async function listRequests(
  env: Env,
  filter: RequestFilter,
  options: { cursor?: string; limit: number },
): Promise<Page<LoggedRequest>> {
  const before = options.cursor === undefined ? undefined : parseCursor(TextKey, options.cursor)[0];
  const { dataset, status, from, to } = filter;
  const rows = await withStorage(() =>
    database(env)
      .select()
      .from(requests)
      .leftJoin(outcomes, eq(outcomes.request, requests.id))
      .where(
        and(
          before === undefined ? undefined : lt(requests.id, before),
          to === undefined ? undefined : lt(requests.id, lowestIdAt(to)),
          from === undefined ? undefined : gte(requests.id, lowestIdAt(from)),
          dataset === undefined ? undefined : eq(requests.dataset, dataset),
          status === undefined ? undefined : eq(requests.status, status),
          status === undefined || status === 200 ? undefined : indexedStatus,
        ),
      )
      .orderBy(desc(requests.id))
      .limit(options.limit + 1),
  );
  return pageOf(rows, options.limit, (row) => [row.requests.id], readRequest);
}

export async function findRequest(env: Env, id: string): Promise<LoggedRequest | undefined> {
  const [row] = await withStorage(() =>
    database(env)
      .select()
      .from(requests)
      .leftJoin(outcomes, eq(outcomes.request, requests.id))
      .where(eq(requests.id, id)),
  );
  return row && readRequest(row);
}
