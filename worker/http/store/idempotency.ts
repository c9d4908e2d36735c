// Idempotency-Keys in D1: claimed by one request at a time, and kept with its answer for those that repeat it.
import type { Env } from "../../env.ts";
import { withStorage } from "../../storage/database.ts";

export interface Answer {
  readonly status: number;
  /** Fields that belong to the answer, such as Location. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
}

/** A key that a running request holds. */
export interface HeldKey {
  readonly actor: string;
  readonly key: string;
  readonly request: string;
}

export interface KeptAnswer extends HeldKey, Answer {
  readonly bodySha256: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export type Claim =
  | { readonly state: "held" }
  | { readonly state: "running" }
  | ({ readonly state: "answered"; readonly bodySha256: string } & Answer);

interface KeyRow {
  readonly request: string;
  readonly body_sha256: string | null;
  readonly status: number | null;
  readonly headers: string | null;
  readonly body: string | null;
}

const claimStatement = `
  insert into idempotency_keys (actor, key, request, expires_at) values (?1, ?2, ?3, ?4)
  on conflict (actor, key) do update set
    request = excluded.request, expires_at = excluded.expires_at, body_sha256 = null, status = null, headers = null, body = null
  where expires_at < ?5`;

// A few with every claim: keys go as fast as they come.
const expireStatement = `
  delete from idempotency_keys where (actor, key) in
    (select actor, key from idempotency_keys where expires_at < ?1 order by expires_at limit 100)`;

/** Takes the key where nobody holds it or its time is over, until `expiresAt`; tells what is known of it otherwise. */
export async function claimKey(env: Env, held: HeldKey, now: number, expiresAt: number): Promise<Claim> {
  const { actor, key, request } = held;
  const [, , found] = await withStorage(() =>
    env.DB.batch<KeyRow>([
      env.DB.prepare(expireStatement).bind(now),
      env.DB.prepare(claimStatement).bind(actor, key, request, expiresAt, now),
      env.DB.prepare("select * from idempotency_keys where actor = ?1 and key = ?2").bind(actor, key),
    ]),
  );
  const [row] = found.results;
  if (row.request === request) return { state: "held" };
  const { status, headers, body, body_sha256: bodySha256 } = row;
  if (status === null || headers === null || body === null || bodySha256 === null)
    return { state: "running" };
  return { state: "answered", status, headers: JSON.parse(headers), body, bodySha256 };
}

/** Writes an answer to its key while the request still holds it, and, in the transaction of what it answers, only where `condition` holds. */
export function keepStatement(
  env: Env,
  { actor, key, request, bodySha256, status, headers, body, expiresAt }: KeptAnswer,
  condition?: { readonly sql: string; readonly bound: readonly string[] },
): D1PreparedStatement {
  return env.DB.prepare(
    `update idempotency_keys set body_sha256 = ?, status = ?, headers = ?, body = ?, expires_at = ?
     where actor = ? and key = ? and request = ? and status is null ${condition ? `and ${condition.sql}` : ""}`,
  ).bind(
    ...[bodySha256, status, JSON.stringify(headers), body, expiresAt],
    ...[actor, key, request, ...(condition?.bound ?? [])],
  );
}

export async function keepAnswer(env: Env, kept: KeptAnswer): Promise<void> {
  await keepStatement(env, kept).run();
}

/** Lets go of a key whose request failed: it may be used again. */
export async function releaseKey(env: Env, { actor, key, request }: HeldKey): Promise<void> {
  await env.DB.prepare(
    "delete from idempotency_keys where actor = ?1 and key = ?2 and request = ?3 and status is null",
  )
    .bind(actor, key, request)
    .run();
}
