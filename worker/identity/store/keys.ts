// API keys in D1: their hashes, what they may do, when they were last seen.
import { and, asc, eq, gt, isNull } from "drizzle-orm";
import type { ApiKey, KeyKind } from "#core/api/identity.ts";
import { knownScopes, type Scope } from "#core/api/scopes.ts";
import type { Env } from "../../env.ts";
import { type Page, pageOf, parseCursor, TextKey } from "../../storage/cursor.ts";
import { database, withStorage } from "../../storage/database.ts";
import { apiKeys, users } from "../../storage/schema.ts";

/** A key as it is checked. */
export interface StoredKey {
  readonly id: string;
  readonly kind: KeyKind;
  /** SHA-256 of the whole key. */
  readonly hash: string;
  /** At most what its owner may now. */
  readonly scopes: readonly Scope[];
  readonly origins: readonly string[] | null;
  readonly datasets: readonly string[] | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  /** Revoked, or its owner disabled. */
  readonly revoked: boolean;
}

type KeyRow = typeof apiKeys.$inferSelect;

const parseList = (text: string | null) => (text === null ? null : (JSON.parse(text) as string[]));
const instant = (time: number | null) => (time === null ? null : new Date(time).toISOString());
const kindOf = (row: KeyRow): KeyKind => (row.kind === "publishable" ? "publishable" : "secret");

/** Rejects with whatever the database rejects with: who asks may know the key from before. */
export async function findKey(env: Env, id: string): Promise<StoredKey | undefined> {
  const [row] = await database(env)
    .select({ key: apiKeys, allowed: users.scopes, disabledAt: users.disabledAt })
    .from(apiKeys)
    .leftJoin(users, eq(users.name, apiKeys.owner))
    .where(eq(apiKeys.id, id));
  if (!row) return undefined;
  const { key, allowed, disabledAt } = row;
  const own = knownScopes(key.scopes);
  // Without a user the owner is the ADMIN_TOKEN.
  const scopes = allowed === null ? own : own.filter((scope) => knownScopes(allowed).includes(scope));
  return {
    ...{ id: key.id, kind: kindOf(key), hash: key.hash, scopes },
    origins: parseList(key.origins),
    datasets: parseList(key.datasets),
    expiresAt: key.expiresAt,
    lastUsedAt: key.lastUsedAt,
    revoked: key.revokedAt !== null || disabledAt !== null,
  };
}

/** Writes when a key was last used, unless that is known to within `everyMs`. Rejects where the database does. */
export async function touchKey(env: Env, id: string, now: number, everyMs: number): Promise<void> {
  await env.DB.prepare(
    "update api_keys set last_used_at = ?2 where id = ?1 and coalesce(last_used_at, 0) <= ?2 - ?3",
  )
    .bind(id, now, everyMs)
    .run();
}

export interface NewKey {
  readonly id: string;
  readonly name: string;
  readonly kind: KeyKind;
  readonly hash: string;
  readonly scopes: readonly Scope[];
  readonly origins: readonly string[] | undefined;
  readonly datasets: readonly string[] | undefined;
  readonly owner: string;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
}

export interface KeyBounds {
  /** Live keys of one owner under one name. */
  readonly sameName: number;
  /** Live keys of one owner. */
  readonly inAll: number;
}

const live = "owner = ?3 and revoked_at is null and coalesce(expires_at, ?4 + 1) > ?4";

/** False where the owner has as many live keys as the bounds allow; counted and written in one statement. */
export async function insertKey(env: Env, key: NewKey, bounds: KeyBounds): Promise<boolean> {
  const list = (values: readonly string[] | undefined) => (values ? JSON.stringify(values) : null);
  const { meta } = await withStorage(() =>
    env.DB.prepare(
      `insert into api_keys (id, name, owner, created_at, kind, hash, scopes, origins, datasets, expires_at)
       select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
       where (select count(*) from api_keys where ${live} and name = ?2) < ?11
       and (select count(*) from api_keys where ${live}) < ?12`,
    )
      .bind(
        ...[key.id, key.name, key.owner, key.createdAt, key.kind, key.hash, JSON.stringify(key.scopes)],
        ...[list(key.origins), list(key.datasets), key.expiresAt ?? null, bounds.sameName, bounds.inAll],
      )
      .run(),
  );
  return meta.changes === 1;
}

const readKey = (row: KeyRow): ApiKey => ({
  ...{ id: row.id, name: row.name, kind: kindOf(row), owner: row.owner },
  scopes: knownScopes(row.scopes),
  origins: parseList(row.origins),
  datasets: parseList(row.datasets),
  createdAt: new Date(row.createdAt).toISOString(),
  expiresAt: instant(row.expiresAt),
  lastUsedAt: instant(row.lastUsedAt),
  revokedAt: instant(row.revokedAt),
});

/** Keys of one owner, or of all, by id; revoked ones included. */
export async function listKeys(
  env: Env,
  owner: string | undefined,
  options: { cursor?: string; limit: number },
): Promise<Page<ApiKey>> {
  const after = options.cursor === undefined ? undefined : parseCursor(TextKey, options.cursor)[0];
  const rows = await withStorage(() =>
    database(env)
      .select()
      .from(apiKeys)
      .where(
        and(
          owner === undefined ? undefined : eq(apiKeys.owner, owner),
          after === undefined ? undefined : gt(apiKeys.id, after),
        ),
      )
      .orderBy(asc(apiKeys.id))
      .limit(options.limit + 1),
  );
  return pageOf(rows, options.limit, (row) => [row.id], readKey);
}

/** Revokes a key of `owner`, or of anybody; the key as it is then, undefined where there is none. Revoking twice changes nothing. */
export async function revokeKey(
  env: Env,
  id: string,
  owner: string | undefined,
): Promise<ApiKey | undefined> {
  const mine = and(eq(apiKeys.id, id), owner === undefined ? undefined : eq(apiKeys.owner, owner));
  const [, rows] = await withStorage(() =>
    database(env).batch([
      database(env)
        .update(apiKeys)
        .set({ revokedAt: Date.now() })
        .where(and(mine, isNull(apiKeys.revokedAt))),
      database(env).select().from(apiKeys).where(mine),
    ]),
  );
  return rows[0] && readKey(rows[0]);
}
