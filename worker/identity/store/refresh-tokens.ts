// Refresh tokens in D1: one use each, every use and its successor in one transaction.

import { knownScopes, type Scope } from "#core/api/scopes.ts";
import type { Env } from "../../env.ts";
import { withStorage } from "../../storage/database.ts";

export interface NewFamily {
  readonly hash: string;
  readonly family: string;
  readonly user: string;
  readonly scopes: readonly Scope[];
  readonly now: number;
  readonly expiresAt: number;
  readonly familyEndsAt: number;
}

/** The first token of a family; what of the user's has long expired goes at the same time. */
export async function startFamily(env: Env, one: NewFamily): Promise<void> {
  await withStorage(() =>
    env.DB.batch([
      env.DB.prepare("delete from refresh_tokens where user = ?1 and expires_at < ?2").bind(
        one.user,
        one.now,
      ),
      env.DB.prepare(
        `insert into refresh_tokens (hash, family, user, scopes, created_at, expires_at, family_ends_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
      ).bind(
        ...[one.hash, one.family, one.user, JSON.stringify(one.scopes)],
        ...[one.now, one.expiresAt, one.familyEndsAt],
      ),
    ]),
  );
}

export interface Renewal {
  /** Hash of the token that is used up. */
  readonly hash: string;
  /** Hash of the one that follows. */
  readonly next: string;
  readonly request: string;
  readonly now: number;
  readonly lifetimeMs: number;
}

/** What a used token was good for, at most what its user may now. */
export interface Renewed {
  readonly user: string;
  readonly scopes: readonly Scope[];
}

/**
 * Uses a token up and puts its successor in its place; undefined where it is unknown, expired, revoked, or has been used before.
 * Of many at once one wins. A token that is used again has been stolen, by whoever came first or second: its family ends.
 */
export async function renewToken(env: Env, renewal: Renewal): Promise<Renewed | undefined> {
  const { hash, next, request, now, lifetimeMs } = renewal;
  const [, inserted, found] = await withStorage(() =>
    env.DB.batch<{ user: string; scopes: string; allowed: string }>([
      env.DB.prepare(
        `update refresh_tokens set used_by = ?2
         where hash = ?1 and used_by is null and revoked_at is null and expires_at > ?3
         and exists (select 1 from users where name = refresh_tokens.user and disabled_at is null)`,
      ).bind(hash, request, now),
      env.DB.prepare(
        `insert into refresh_tokens (hash, family, user, scopes, created_at, expires_at, family_ends_at)
         select ?2, family, user, scopes, ?4, min(?4 + ?5, family_ends_at), family_ends_at
         from refresh_tokens where hash = ?1 and used_by = ?3`,
      ).bind(hash, next, request, now, lifetimeMs),
      env.DB.prepare(
        `select t.user, t.scopes, u.scopes as allowed from refresh_tokens t join users u on u.name = t.user
         where t.hash = ?1 and t.used_by = ?2`,
      ).bind(hash, request),
      env.DB.prepare(
        `update refresh_tokens set revoked_at = ?3 where revoked_at is null
         and family = (select family from refresh_tokens where hash = ?1 and used_by is not null and used_by <> ?2)`,
      ).bind(hash, request, now),
    ]),
  );
  const [row] = found.results;
  if (!row || inserted.meta.changes === 0) return undefined;
  const allowed = knownScopes(row.allowed);
  return { user: row.user, scopes: knownScopes(row.scopes).filter((scope) => allowed.includes(scope)) };
}

/** Ends a family by any of its tokens: what logging out does. Unknown tokens are as good as ended. */
export async function endFamily(env: Env, hash: string, now: number): Promise<void> {
  await withStorage(() =>
    env.DB.prepare(
      `update refresh_tokens set revoked_at = ?2 where revoked_at is null
       and family = (select family from refresh_tokens where hash = ?1)`,
    )
      .bind(hash, now)
      .run(),
  );
}
