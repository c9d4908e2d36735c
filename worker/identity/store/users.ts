// Users in D1: made once, changed, disabled, never deleted.
import { and, asc, eq, gt, sql } from "drizzle-orm";
import { knownScopes, type Scope } from "#core/api/scopes.ts";
import type { Env } from "../../env.ts";
import { type Page, pageOf, parseCursor, TextKey } from "../../storage/cursor.ts";
import { database, withStorage } from "../../storage/database.ts";
import { refreshTokens, users } from "../../storage/schema.ts";

export interface StoredUser {
  readonly name: string;
  /** The password's hash with its parameters; never part of an answer. */
  readonly password: string;
  readonly scopes: readonly Scope[];
  readonly disabled: boolean;
  /** Access tokens of an older version have ended. */
  readonly tokenVersion: number;
  readonly createdAt: string;
  readonly createdBy: string;
}

const readUser = ({ disabledAt, scopes, createdAt, ...row }: typeof users.$inferSelect): StoredUser => ({
  ...row,
  scopes: knownScopes(scopes),
  disabled: disabledAt !== null,
  createdAt: new Date(createdAt).toISOString(),
});

export async function findUser(env: Env, name: string): Promise<StoredUser | undefined> {
  const [row] = await withStorage(() => database(env).select().from(users).where(eq(users.name, name)));
  return row && readUser(row);
}

export interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly scopes: readonly Scope[];
  readonly createdBy: string;
}

/** False where the name is taken. `first`: only where there is no user at all. */
export async function insertUser(env: Env, user: NewUser, { first = false } = {}): Promise<boolean> {
  const { name, password, scopes, createdBy } = user;
  const onlyFirst = first ? "where not exists (select 1 from users)" : "where true";
  const { meta } = await withStorage(() =>
    env.DB.prepare(
      `insert into users (name, password, scopes, created_at, created_by)
       select ?1, ?2, ?3, ?4, ?5 ${onlyFirst} on conflict (name) do nothing`,
    )
      .bind(name, password, JSON.stringify(scopes), Date.now(), createdBy)
      .run(),
  );
  return meta.changes === 1;
}

export async function listUsers(
  env: Env,
  options: { cursor?: string; limit: number },
): Promise<Page<StoredUser>> {
  const after = options.cursor === undefined ? undefined : parseCursor(TextKey, options.cursor)[0];
  const rows = await withStorage(() =>
    database(env)
      .select()
      .from(users)
      .where(after === undefined ? undefined : gt(users.name, after))
      .orderBy(asc(users.name))
      .limit(options.limit + 1),
  );
  return pageOf(rows, options.limit, (row) => [row.name], readUser);
}

const nextVersion = sql`${users.tokenVersion} + 1`;

/** Every refresh token of a user, live or not: what they were good for is over. */
function revokeTokensOf(env: Env, name: string) {
  return database(env)
    .update(refreshTokens)
    .set({ revokedAt: Date.now() })
    .where(eq(refreshTokens.user, name));
}

/** Changes scopes or disables, which ends the user's access tokens; disabling ends the user's refresh tokens in the same transaction. False where there is no such user. */
export async function changeUser(
  env: Env,
  name: string,
  change: { readonly scopes?: readonly Scope[]; readonly disabled?: boolean },
): Promise<boolean> {
  const { scopes, disabled } = change;
  const set = {
    tokenVersion: nextVersion,
    ...(scopes && { scopes: JSON.stringify(scopes) }),
    ...(disabled !== undefined && { disabledAt: disabled ? Date.now() : null }),
  };
  const update = database(env).update(users).set(set).where(eq(users.name, name));
  const [result] = await withStorage<D1Result[]>(() =>
    database(env).batch(disabled ? [update, revokeTokensOf(env, name)] : [update]),
  );
  return result.meta.changes === 1;
}

/** Sets a new password and ends every session of the old one. False where the password has changed since `present` was read. */
export async function setPassword(
  env: Env,
  name: string,
  present: string,
  password: string,
): Promise<boolean> {
  const update = database(env)
    .update(users)
    .set({ password, tokenVersion: nextVersion })
    .where(and(eq(users.name, name), eq(users.password, present)));
  const [result] = await withStorage(() => database(env).batch([update, revokeTokensOf(env, name)]));
  return result.meta.changes === 1;
}

/** The same password under better parameters; loses against a password that was set meanwhile. */
export async function renewHash(env: Env, name: string, present: string, password: string): Promise<void> {
  await database(env)
    .update(users)
    .set({ password })
    .where(and(eq(users.name, name), eq(users.password, present)));
}
