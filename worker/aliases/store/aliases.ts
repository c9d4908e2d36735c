// Aliases: moved and removed by compare and swap together with a row of an append-only ledger, in one batch.
import { and, asc, eq, gt } from "drizzle-orm";
import type { Env } from "../../env.ts";
import { type Page, pageOf, parseCursor, TextKey } from "../../storage/cursor.ts";
import { database, withStorage } from "../../storage/database.ts";
import { aliases, type aliasHistory } from "../../storage/schema.ts";

export interface Alias {
  readonly alias: string;
  readonly model: string;
  readonly revision: number;
  readonly updatedAt: string;
}

type AliasRow = typeof aliases.$inferSelect;

const readAlias = ({ alias, model, revision, updatedAt }: AliasRow): Alias => ({
  ...{ alias, model, revision },
  updatedAt: new Date(updatedAt).toISOString(),
});

export async function findAlias(env: Env, dataset: string, alias: string): Promise<Alias | undefined> {
  const [row] = await withStorage(() =>
    database(env)
      .select()
      .from(aliases)
      .where(and(eq(aliases.dataset, dataset), eq(aliases.alias, alias))),
  );
  return row && readAlias(row);
}

/** The aliases of a dataset by name. */
export async function listAliases(
  env: Env,
  dataset: string,
  options: { cursor?: string; limit: number },
): Promise<Page<Alias>> {
  const after = options.cursor === undefined ? undefined : parseCursor(TextKey, options.cursor)[0];
  const rows = await withStorage(() =>
    database(env)
      .select()
      .from(aliases)
      .where(and(eq(aliases.dataset, dataset), after === undefined ? undefined : gt(aliases.alias, after)))
      .orderBy(asc(aliases.alias))
      .limit(options.limit + 1),
  );
  return pageOf(rows, options.limit, (row) => [row.alias], readAlias);
}

export type MoveKind = (typeof aliasHistory.$inferSelect)["kind"];

export interface NewMove {
  readonly dataset: string;
  readonly alias: string;
  readonly kind: MoveKind;
  /** Where it shall point; for a removal, where it points now. */
  readonly model: string;
  /** Of a rollback: the revision whose model it brings back. */
  readonly restores?: number;
  readonly reason: string;
  readonly gate: unknown;
  readonly actor: string;
  readonly request: string;
  /** The revision that the alias must have for the move to happen; 0 where it must not exist. */
  readonly from: number;
}

// The ledger's row: only if the alias stands where the mover saw it and the model is published. Revisions go on after a removal, so
// that no ETag ever returns. Times never run backwards, whatever the clocks of two isolates say: `at=` reads the ledger by time.
const recordStatement = `
  insert into alias_history
    (dataset, alias, revision, kind, model, previous, restores, reason, gate, actor, request, time)
  select ?1, ?2, coalesce(max(revision), 0) + 1, ?3, ?4,
    (select model from aliases where dataset = ?1 and alias = ?2),
    ?5, ?6, ?7, ?8, ?9, max(?10, coalesce(max(time), 0))
  from alias_history where dataset = ?1 and alias = ?2
  having coalesce((select revision from aliases where dataset = ?1 and alias = ?2), 0) = ?11
  and exists (select 1 from models where dataset = ?1 and id = ?4)
  returning revision, time`;

// Both follow only the ledger row of their own request.
const followStatement = `
  insert into aliases (dataset, alias, model, revision, updated_at)
  select dataset, alias, model, revision, time from alias_history
  where dataset = ?1 and alias = ?2 and request = ?3 and kind <> 'removal'
  on conflict (dataset, alias) do update
  set model = excluded.model, revision = excluded.revision, updated_at = excluded.updated_at`;

const removeStatement = `
  delete from aliases where dataset = ?1 and alias = ?2 and exists
  (select 1 from alias_history where dataset = ?1 and alias = ?2 and request = ?3 and kind = 'removal')`;

/** Moves or removes an alias if it still has the revision `from` and the model is published; undefined where it does not. */
export async function moveAlias(env: Env, move: NewMove): Promise<Alias | undefined> {
  const { dataset, alias, kind, model, restores = null, reason, actor, request, from } = move;
  const gate = move.gate === undefined || move.gate === null ? null : JSON.stringify(move.gate);
  const values = [dataset, alias, kind, model, restores, reason, gate, actor, request, Date.now(), from];
  // D1 runs a batch as one transaction.
  const [ledger] = await withStorage(() =>
    env.DB.batch<{ revision: number; time: number }>([
      env.DB.prepare(recordStatement).bind(...values),
      env.DB.prepare(kind === "removal" ? removeStatement : followStatement).bind(dataset, alias, request),
    ]),
  );
  const [written] = ledger.results;
  if (!written) return undefined;
  return { alias, model, revision: written.revision, updatedAt: new Date(written.time).toISOString() };
}
