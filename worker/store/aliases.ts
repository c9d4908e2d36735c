// Aliases: moved by compare and swap together with a row of an append-only ledger, in one batch.
import { and, desc, eq, lt, max } from "drizzle-orm";
import type { Env } from "../env.ts";
import { NumberKey, type Page, pageOf, parseCursor } from "./cursor.ts";
import { database, withStorage } from "./database.ts";
import { aliases, aliasHistory, models } from "./schema.ts";

export interface Alias {
  readonly alias: string;
  readonly model: string;
  readonly revision: number;
  readonly updatedAt: string;
}

export interface AliasMove {
  readonly revision: number;
  readonly model: string;
  readonly previous: string | null;
  readonly reason: string;
  readonly gate: unknown;
  readonly actor: string;
  readonly request: string;
  readonly time: string;
}

export async function findAlias(env: Env, dataset: string, alias: string): Promise<Alias | undefined> {
  const [row] = await withStorage(() =>
    database(env)
      .select()
      .from(aliases)
      .where(and(eq(aliases.dataset, dataset), eq(aliases.alias, alias))),
  );
  if (!row) return undefined;
  const { model, revision, updatedAt } = row;
  return { alias, model, revision, updatedAt: new Date(updatedAt).toISOString() };
}

export interface NewMove {
  readonly dataset: string;
  readonly alias: string;
  readonly model: string;
  readonly reason: string;
  readonly gate: unknown;
  readonly actor: string;
  readonly request: string;
  /** The revision that the alias must have for the move to happen; 0 where it must not exist. */
  readonly from: number;
}

/** Moves an alias if it still has the revision `from` and the model is published; undefined where it does not. */
export async function moveAlias(env: Env, move: NewMove): Promise<Alias | undefined> {
  const { dataset, alias, model, from, request } = move;
  const revision = from + 1;
  const now = Date.now();
  const gate = move.gate === undefined ? null : JSON.stringify(move.gate);
  // D1 runs a batch as one transaction. The ledger's primary key lets one move reach a revision; the alias follows only its own ledger row.
  const [ledger] = await withStorage(() =>
    env.DB.batch([
      env.DB.prepare(
        `insert into alias_history (dataset, alias, revision, model, previous, reason, gate, actor, request, time)
         select ?1, ?2, ?3, ?4, (select model from aliases where dataset = ?1 and alias = ?2), ?5, ?6, ?7, ?8, ?9
         where coalesce((select revision from aliases where dataset = ?1 and alias = ?2), 0) = ?10
         and exists (select 1 from models where dataset = ?1 and id = ?4)`,
      ).bind(dataset, alias, revision, model, move.reason, gate, move.actor, request, now, from),
      env.DB.prepare(
        `insert into aliases (dataset, alias, model, revision, updated_at)
         select dataset, alias, model, revision, time from alias_history
         where dataset = ?1 and alias = ?2 and revision = ?3 and request = ?4
         on conflict (dataset, alias) do update
         set model = excluded.model, revision = excluded.revision, updated_at = excluded.updated_at`,
      ).bind(dataset, alias, revision, request),
    ]),
  );
  if (ledger.meta.changes === 0) return undefined;
  return { alias, model, revision, updatedAt: new Date(now).toISOString() };
}

/** The ledger of an alias, newest first. */
export async function listMoves(
  env: Env,
  dataset: string,
  alias: string,
  options: { cursor?: string; limit: number },
): Promise<Page<AliasMove>> {
  const before = options.cursor === undefined ? undefined : parseCursor(NumberKey, options.cursor)[0];
  const rows = await withStorage(() =>
    database(env)
      .select()
      .from(aliasHistory)
      .where(
        and(
          eq(aliasHistory.dataset, dataset),
          eq(aliasHistory.alias, alias),
          before === undefined ? undefined : lt(aliasHistory.revision, before),
        ),
      )
      .orderBy(desc(aliasHistory.revision))
      .limit(options.limit + 1),
  );
  return pageOf(
    rows,
    options.limit,
    (row) => [row.revision],
    ({ revision, model, previous, reason, gate, actor, request, time }) => ({
      ...{ revision, model, previous, reason, actor, request },
      gate: gate === null ? null : JSON.parse(gate),
      time: new Date(time).toISOString(),
    }),
  );
}

/** The last published models that an alias has pointed to, the latest first. Rejects with whatever the database rejects with. */
export async function listFormerModels(
  env: Env,
  dataset: string,
  alias: string,
  limit: number,
): Promise<{ model: string; bundle: string }[]> {
  return database(env)
    .select({ model: models.id, bundle: models.bundle })
    .from(aliasHistory)
    .innerJoin(models, and(eq(models.dataset, aliasHistory.dataset), eq(models.id, aliasHistory.model)))
    .where(and(eq(aliasHistory.dataset, dataset), eq(aliasHistory.alias, alias)))
    .groupBy(models.id)
    .orderBy(desc(max(aliasHistory.revision)))
    .limit(limit);
}
