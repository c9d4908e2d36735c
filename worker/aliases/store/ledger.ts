// The ledger of alias moves as it is read: page by page, at a moment of the past, and backwards for a rollback.
import { and, desc, eq, lt, lte, max, ne, sql } from "drizzle-orm";
import type { Env } from "../../env.ts";
import { NumberKey, type Page, pageOf, parseCursor } from "../../storage/cursor.ts";
import { database, withStorage } from "../../storage/database.ts";
import { aliasHistory, models } from "../../storage/schema.ts";
import type { MoveKind } from "./aliases.ts";

export interface AliasMove {
  readonly revision: number;
  readonly kind: MoveKind;
  /** Where it points from then on; null after a removal. */
  readonly model: string | null;
  readonly previous: string | null;
  /** Of a rollback: the revision whose model it brought back. */
  readonly restores: number | null;
  readonly reason: string;
  readonly gate: unknown;
  readonly actor: string;
  readonly request: string;
  readonly time: string;
}

type MoveRow = typeof aliasHistory.$inferSelect;

function readMove(row: MoveRow): AliasMove {
  const { revision, kind, previous, restores, reason, gate, actor, request, time } = row;
  return {
    ...{ revision, kind, previous, restores, reason, actor, request },
    model: kind === "removal" ? null : row.model,
    gate: gate === null ? null : JSON.parse(gate),
    time: new Date(time).toISOString(),
  };
}

const movesOf = (dataset: string, alias: string) =>
  and(eq(aliasHistory.dataset, dataset), eq(aliasHistory.alias, alias));

/** The ledger of an alias, newest first. */
export async function listMoves(
  env: Env,
  dataset: string,
  alias: string,
  options: { cursor?: string; limit: number },
): Promise<Page<AliasMove>> {
  const before = options.cursor === undefined ? undefined : parseCursor(NumberKey, options.cursor)[0];
  const older = before === undefined ? undefined : lt(aliasHistory.revision, before);
  const rows = await withStorage(() =>
    database(env)
      .select()
      .from(aliasHistory)
      .where(and(movesOf(dataset, alias), older))
      .orderBy(desc(aliasHistory.revision))
      .limit(options.limit + 1),
  );
  return pageOf(rows, options.limit, (row) => [row.revision], readMove);
}

/** The last move of an alias at or before a moment; undefined where there was none yet. Rejects with whatever the database rejects with. */
export async function findMoveAt(
  env: Env,
  dataset: string,
  alias: string,
  timeMs: number,
): Promise<AliasMove | undefined> {
  const [row] = await database(env)
    .select()
    .from(aliasHistory)
    .where(and(movesOf(dataset, alias), lte(aliasHistory.time, timeMs)))
    .orderBy(desc(aliasHistory.revision))
    .limit(1);
  return row && readMove(row);
}

export interface Pointing {
  readonly alias: string;
  readonly model: string;
  readonly revision: number;
  readonly time: number;
}

/** Where every alias of a dataset pointed at a moment, by name. Rejects with whatever the database rejects with. */
export async function listPointingAt(env: Env, dataset: string, timeMs: number): Promise<Pointing[]> {
  const last = sql`(select max(revision) from alias_history as later
    where later.dataset = ${aliasHistory.dataset} and later.alias = ${aliasHistory.alias} and later.time <= ${timeMs})`;
  return database(env)
    .select({
      alias: aliasHistory.alias,
      model: aliasHistory.model,
      revision: aliasHistory.revision,
      time: aliasHistory.time,
    })
    .from(aliasHistory)
    .where(
      and(
        eq(aliasHistory.dataset, dataset),
        ne(aliasHistory.kind, "removal"),
        eq(aliasHistory.revision, last),
      ),
    )
    .orderBy(aliasHistory.alias);
}

export interface Restorable {
  readonly model: string;
  /** The revision at which this model came, not by a rollback: the next rollback goes on from before it. */
  readonly revision: number;
}

/** The move at `revision`, as what a rollback would bring back; undefined where there is none or it removed the alias. */
export async function findRestorable(
  env: Env,
  dataset: string,
  alias: string,
  revision: number,
): Promise<Restorable | undefined> {
  const [row] = await withStorage(() =>
    database(env)
      .select()
      .from(aliasHistory)
      .where(
        and(movesOf(dataset, alias), eq(aliasHistory.revision, revision), ne(aliasHistory.kind, "removal")),
      ),
  );
  return row && { model: row.model, revision: row.restores ?? row.revision };
}

/** The last move before `revision` to another model than `model`: what a rollback brings back when nothing else is named. */
export async function findBefore(
  env: Env,
  dataset: string,
  alias: string,
  { model, revision }: Restorable,
): Promise<Restorable | undefined> {
  const [row] = await withStorage(() =>
    database(env)
      .select()
      .from(aliasHistory)
      .where(
        and(
          movesOf(dataset, alias),
          lt(aliasHistory.revision, revision),
          ne(aliasHistory.model, model),
          ne(aliasHistory.kind, "removal"),
        ),
      )
      .orderBy(desc(aliasHistory.revision))
      .limit(1),
  );
  return row && { model: row.model, revision: row.restores ?? row.revision };
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
    .where(movesOf(dataset, alias))
    .groupBy(models.id)
    .orderBy(desc(max(aliasHistory.revision)))
    .limit(limit);
}
