// Items by the thousand in D1: written chunk by chunk, or kept aside chunk by chunk until all of them become visible in one transaction.
import type { Env } from "../../env.ts";
import { type KeptAnswer, keepStatement } from "../../http/store/idempotency.ts";
import { withStorage } from "../../storage/database.ts";
import { archiveColumns, type Writer } from "./items.ts";

export interface ImportCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** An item of packItem's JSON as the statements below name it: `source` gives rows of `value`. */
interface Statements {
  readonly count: string;
  readonly archive: string;
  readonly write: string;
}

const differs =
  "(items.features is not value ->> 1 or items.target is not value ->> 2 or items.deleted_at is not null)";

/** What a set of packed items does to the table; ?1 is the dataset, ?3 the time, ?4 the actor, ?5 the request. */
function statementsOver(source: string): Statements {
  const present = `from ${source} cross join items on items.dataset = ?1 and items.id = value ->> 0 where ${differs}`;
  const columns = archiveColumns.replaceAll(/\w+/g, "items.$&");
  return {
    count: `
      select coalesce(sum(items.id is null or items.deleted_at is not null), 0) as inserted,
        coalesce(sum(items.id is not null and items.deleted_at is null and ${differs}), 0) as updated, count(*) as total
      from ${source} left join items on items.dataset = ?1 and items.id = value ->> 0`,
    archive: `insert into item_revisions (${archiveColumns}) select ${columns} ${present}`,
    // "where true" keeps the parser from reading "on conflict" as a join's condition (sqlite.org/lang_upsert.html, 2.2).
    write: `
      insert into items
        (dataset, id, features, target, match_key, near, cell, revision, created_at, updated_at, action, actor, request)
      select ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, 1, ?3, ?3, 'import', ?4, ?5
      from ${source} where true
      on conflict (dataset, id) do update set
        features = excluded.features, target = excluded.target, match_key = excluded.match_key, near = excluded.near,
        cell = excluded.cell,
        revision = revision + 1, updated_at = ?3, deleted_at = null, action = 'import', actor = ?4, request = ?5
      where features is not excluded.features or target is not excluded.target or deleted_at is not null`,
  };
}

const given = statementsOver("json_each(?2)");
const staged = statementsOver(
  "(select chunks.value from staged_items cross join json_each(staged_items.packed) as chunks where staged_items.import = ?2)",
);

// The report of an import that rejects nothing, as the route answers it.
const tellStatement = `
  update idempotency_keys set body = (
    select json_object('inserted', inserted, 'updated', updated, 'unchanged', total - inserted - updated,
      'rejectedCount', 0, 'rejected', json('[]')) from (${staged.count}))
  where actor = ?3 and key = ?4 and request = ?2`;

type Counted = Pick<ImportCounts, "inserted" | "updated"> & { readonly total: number };

function countsOf({ inserted, updated, total }: Counted): ImportCounts {
  return { inserted, updated, unchanged: total - inserted - updated };
}

/** Inserts or replaces packed items by id, in one transaction; items that say the same already are left alone. */
export async function importItems(
  env: Env,
  dataset: string,
  packed: readonly string[],
  { actor, request }: Writer,
): Promise<ImportCounts> {
  if (packed.length === 0) return { inserted: 0, updated: 0, unchanged: 0 };
  const items = `[${packed.join(",")}]`;
  const [counted] = await withStorage(() =>
    env.DB.batch<Counted>([
      env.DB.prepare(given.count).bind(dataset, items),
      env.DB.prepare(given.archive).bind(dataset, items),
      env.DB.prepare(given.write).bind(dataset, items, Date.now(), actor, request),
    ]),
  );
  return countsOf(counted.results[0]);
}

/** Keeps packed items aside as a chunk of the import that `request` makes. */
export async function stageItems(
  env: Env,
  request: string,
  chunk: number,
  packed: readonly string[],
): Promise<void> {
  await withStorage(() =>
    env.DB.prepare("insert into staged_items (import, chunk, packed, staged_at) values (?1, ?2, ?3, ?4)")
      .bind(request, chunk, `[${packed.join(",")}]`, Date.now())
      .run(),
  );
}

/**
 * Makes all staged items of an import visible at once: the whole is one transaction, so that nobody ever sees a part of it. The answer
 * that an Idempotency-Key keeps becomes known in the same transaction; its body is the report, which only the database can tell.
 * What imports that died have left from before `before` (ms since 1970) goes too.
 */
export async function flipItems(
  env: Env,
  dataset: string,
  { actor, request }: Writer,
  before: number,
  kept: KeptAnswer | undefined,
): Promise<ImportCounts> {
  const keep = ({ actor: owner, key }: KeptAnswer) =>
    env.DB.prepare(tellStatement).bind(dataset, request, owner, key);
  const [counted] = await withStorage(() =>
    env.DB.batch<Counted>([
      env.DB.prepare(staged.count).bind(dataset, request),
      ...(kept ? [keepStatement(env, kept), keep(kept)] : []),
      env.DB.prepare(staged.archive).bind(dataset, request),
      env.DB.prepare(staged.write).bind(dataset, request, Date.now(), actor, request),
      dropStatement(env, request, before),
    ]),
  );
  return countsOf(counted.results[0]);
}

function dropStatement(env: Env, request: string, before: number): D1PreparedStatement {
  return env.DB.prepare("delete from staged_items where import = ?1 or staged_at < ?2").bind(request, before);
}

/** Drops what an import kept aside, and what imports that died have left from before `before` (ms since 1970). */
export async function dropStagedItems(env: Env, request: string, before: number): Promise<void> {
  await dropStatement(env, request, before).run();
}
