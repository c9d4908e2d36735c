// One item: how its row in D1 is read and packed, and how it is written, each revision kept.
import type { ItemContent, NewItem } from "#core/api/item-bodies.ts";
import { positionOf } from "#core/dataset/comparison.ts";
import { cellOf } from "#core/dataset/ground.ts";
import { nearestNumber, nearestPlace } from "#core/dataset/nearest.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Env } from "../../env.ts";
import { type KeptAnswer, keepStatement } from "../../http/store/idempotency.ts";
import { withStorage } from "../../storage/database.ts";

export interface Item {
  readonly id: string;
  readonly features: Row;
  readonly target: number | null;
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A row of the table as SQL gives it. */
export interface ItemRow {
  readonly id: string;
  readonly features: string;
  readonly target: number | null;
  readonly revision: number;
  readonly created_at: number;
  readonly updated_at: number;
}

export function readItem({ id, features, target, revision, created_at, updated_at }: ItemRow): Item {
  return {
    ...{ id, target, revision },
    features: JSON.parse(features),
    createdAt: new Date(created_at).toISOString(),
    updatedAt: new Date(updated_at).toISOString(),
  };
}

export async function findItem(env: Env, dataset: string, id: string): Promise<Item | undefined> {
  const row = await withStorage(() =>
    env.DB.prepare("select * from items where dataset = ?1 and id = ?2 and deleted_at is null")
      .bind(dataset, id)
      .first<ItemRow>(),
  );
  return row ? readItem(row) : undefined;
}

/** The levels that similar items share, as the index holds them. */
export function matchKeyOf(spec: DatasetSpec, row: Row): string | null {
  return spec.similar ? JSON.stringify(spec.similar.match.map((name) => row[name])) : null;
}

/** One item as the statements below read it from their JSON parameter. */
export function packItem(spec: DatasetSpec, { id, row, target }: NewItem): string {
  const near = nearestNumber(spec);
  const place = nearestPlace(spec);
  const position = place && positionOf(place, row);
  const keys = [
    matchKeyOf(spec, row),
    near === undefined ? null : (row[near] ?? null),
    position ? cellOf(position) : null,
  ];
  return JSON.stringify([id, JSON.stringify(row), target, ...keys]);
}

/** Who writes, with which request. */
export interface Writer {
  readonly actor: string;
  readonly request: string;
}

export type ItemAction = "create" | "replace" | "patch" | "delete" | "import";

/** Copies the present revision of chosen items to the audit; stands before the statement that supersedes it, in one batch. */
export const archiveColumns =
  "dataset, id, revision, features, target, updated_at, deleted_at, action, actor, request";
const archive = (condition: string) =>
  `insert into item_revisions (${archiveColumns}) select ${archiveColumns} from items where ${condition}`;

const insertStatement = `
  insert into items
    (dataset, id, features, target, match_key, near, cell, revision, created_at, updated_at, action, actor, request)
  select ?1, ?2 ->> 0, ?2 ->> 1, ?2 ->> 2, ?2 ->> 3, ?2 ->> 4, ?2 ->> 5, 1, ?3, ?3, 'create', ?4, ?5 where true
  on conflict (dataset, id) do update set
    features = excluded.features, target = excluded.target, match_key = excluded.match_key, near = excluded.near,
    cell = excluded.cell,
    revision = revision + 1, created_at = ?3, updated_at = ?3, deleted_at = null,
    action = 'create', actor = ?4, request = ?5
  where deleted_at is not null and revision = ?6`;

/**
 * Makes an item; undefined where one of this id is there. One that was deleted comes to life with a higher revision, so that no ETag
 * is given twice. The answer that an Idempotency-Key keeps is written in the same transaction.
 */
export async function createItem(
  env: Env,
  spec: DatasetSpec,
  { id, row, target }: NewItem,
  { actor, request }: Writer,
  keep?: (made: Item) => KeptAnswer,
): Promise<Item | undefined> {
  const present = await withStorage(() =>
    env.DB.prepare("select revision, deleted_at from items where dataset = ?1 and id = ?2")
      .bind(spec.name, id)
      .first<{ revision: number; deleted_at: number | null }>(),
  );
  if (present && present.deleted_at === null) return undefined;
  const deleted = present?.revision ?? 0;
  const now = Date.now();
  const time = new Date(now).toISOString();
  const item = { id, features: row, target, revision: deleted + 1, createdAt: time, updatedAt: time };
  const bound = [spec.name, packItem(spec, { id, row, target }), now, actor, request, deleted];
  const made = { sql: "exists (select 1 from items where dataset = ? and id = ? and request = ?)" };
  const [, { meta }] = await withStorage(() =>
    env.DB.batch([
      env.DB.prepare(archive("dataset = ?1 and id = ?2 and deleted_at is not null and revision = ?3")).bind(
        ...[spec.name, id, deleted],
      ),
      env.DB.prepare(insertStatement).bind(...bound),
      ...(keep ? [keepStatement(env, keep(item), { ...made, bound: [spec.name, id, request] })] : []),
    ]),
  );
  return meta.changes > 0 ? item : undefined;
}

const changeStatement = `
  update items set
    features = ?4 ->> 1, target = ?4 ->> 2, match_key = ?4 ->> 3, near = ?4 ->> 4, cell = ?4 ->> 5,
    revision = revision + 1, updated_at = ?5, action = ?6, actor = ?7, request = ?8
  where dataset = ?1 and id = ?2 and revision = ?3 and deleted_at is null
  returning *`;

const deleteStatement = `
  update items set
    revision = revision + 1, updated_at = ?4, deleted_at = ?4, action = 'delete', actor = ?5, request = ?6
  where dataset = ?1 and id = ?2 and revision = ?3 and deleted_at is null
  returning *`;

/** Runs the statement that supersedes a revision, its copy before it, as one transaction. */
async function supersede(
  env: Env,
  dataset: string,
  { id, revision }: Item,
  statement: string,
  bound: readonly (string | number)[],
): Promise<Item | undefined> {
  const present = archive("dataset = ?1 and id = ?2 and revision = ?3 and deleted_at is null");
  const [, changed] = await withStorage(() =>
    env.DB.batch<ItemRow>([
      env.DB.prepare(present).bind(dataset, id, revision),
      env.DB.prepare(statement).bind(dataset, id, revision, ...bound),
    ]),
  );
  const [row] = changed.results;
  return row && readItem(row);
}

/** Writes new content over an item if it still is as `present` was read; undefined where it is not. */
export async function changeItem(
  env: Env,
  spec: DatasetSpec,
  present: Item,
  content: ItemContent,
  action: "replace" | "patch",
  { actor, request }: Writer,
): Promise<Item | undefined> {
  const packed = packItem(spec, { id: present.id, ...content });
  return supersede(env, spec.name, present, changeStatement, [packed, Date.now(), action, actor, request]);
}

/** Deletes an item if it still is as `present` was read: it stays in the table, unseen, for its audit. False where it is not. */
export async function deleteItem(
  env: Env,
  dataset: string,
  present: Item,
  { actor, request }: Writer,
): Promise<boolean> {
  const deleted = await supersede(env, dataset, present, deleteStatement, [Date.now(), actor, request]);
  return deleted !== undefined;
}
