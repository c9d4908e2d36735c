// The rows of a dataset: listed, read, exported page by page and imported in batches of one statement each.
import { and, asc, eq, gt, isNull } from "drizzle-orm";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Env } from "../env.ts";
import { type Page, pageOf, parseCursor, TextKey } from "./cursor.ts";
import { database, withStorage } from "./database.ts";
import { items } from "./schema.ts";

export interface Item {
  readonly id: string;
  readonly features: Row;
  readonly target: number | null;
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

type ItemRow = typeof items.$inferSelect;

function readItem({ id, features, target, revision, createdAt, updatedAt }: ItemRow): Item {
  return {
    ...{ id, target, revision },
    features: JSON.parse(features),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

/** The query behind listItems, apart so that a test can show its plan. */
export function itemsQuery(env: Env, dataset: string, after: string | undefined, limit: number) {
  return database(env)
    .select()
    .from(items)
    .where(
      and(
        eq(items.dataset, dataset),
        isNull(items.deletedAt),
        after === undefined ? undefined : gt(items.id, after),
      ),
    )
    .orderBy(asc(items.id))
    .limit(limit);
}

/** Items by id, from where the cursor says. */
export async function listItems(
  env: Env,
  dataset: string,
  options: { cursor?: string; limit: number },
): Promise<Page<Item>> {
  const after = options.cursor === undefined ? undefined : parseCursor(TextKey, options.cursor)[0];
  const rows = await withStorage(() => itemsQuery(env, dataset, after, options.limit + 1));
  return pageOf(rows, options.limit, (row) => [row.id], readItem);
}

export async function findItem(env: Env, dataset: string, id: string): Promise<Item | undefined> {
  const [row] = await withStorage(() =>
    database(env)
      .select()
      .from(items)
      .where(and(eq(items.dataset, dataset), eq(items.id, id), isNull(items.deletedAt))),
  );
  return row && readItem(row);
}

/** The levels that similar items share, as the index holds them. */
export function matchKeyOf(spec: DatasetSpec, row: Row): string | null {
  return spec.similar ? JSON.stringify(spec.similar.match.map((name) => row[name])) : null;
}

/** A checked line of an import. */
export interface NewItem {
  readonly id: string;
  readonly row: Row;
  readonly target: number | null;
}

/** One item as the import statement reads it from its JSON parameter. */
export function packItem(spec: DatasetSpec, { id, row, target }: NewItem): string {
  const near = spec.similar ? row[spec.similar.nearest] : null;
  return JSON.stringify([id, JSON.stringify(row), target, matchKeyOf(spec, row), near]);
}

// "where true" keeps the parser from reading "on conflict" as a join's condition (sqlite.org/lang_upsert.html, 2.2).
const importStatement = `
  insert into items (dataset, id, features, target, match_key, near, revision, created_at, updated_at)
  select ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, 1, ?3, ?3
  from json_each(?2) where true
  on conflict (dataset, id) do update set
    features = excluded.features, target = excluded.target, match_key = excluded.match_key, near = excluded.near,
    revision = revision + 1, updated_at = ?3, deleted_at = null
  where features is not excluded.features or target is not excluded.target or deleted_at is not null
  returning revision`;

export interface ImportCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** Inserts or replaces packed items by id, in one statement; items that say the same already are left alone. */
export async function importItems(
  env: Env,
  dataset: string,
  packed: readonly string[],
): Promise<ImportCounts> {
  if (packed.length === 0) return { inserted: 0, updated: 0, unchanged: 0 };
  const statement = env.DB.prepare(importStatement).bind(dataset, `[${packed.join(",")}]`, Date.now());
  const { results } = await withStorage(() => statement.all<{ revision: number }>());
  const inserted = results.filter(({ revision }) => revision === 1).length;
  return {
    inserted,
    updated: results.length - inserted,
    unchanged: packed.length - results.length,
  };
}
