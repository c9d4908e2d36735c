// The audit of an item: every revision with who made it, when, how, and what it changed, newest first.
import type { Row } from "#core/dataset/row.ts";
import type { Env } from "../../env.ts";
import { NumberKey, type Page, pageOf, parseCursor } from "../../storage/cursor.ts";
import { withStorage } from "../../storage/database.ts";
import { archiveColumns, type ItemAction } from "./items.ts";

interface Content {
  readonly features: Row;
  readonly target: number | null;
}

export interface ItemChange {
  readonly revision: number;
  /** Null, as actor and request, for what was written before the audit was kept. */
  readonly action: ItemAction | null;
  readonly actor: string | null;
  readonly request: string | null;
  readonly time: string;
  /** Null where there was no item before, or is none after. */
  readonly before: Content | null;
  readonly after: Content | null;
}

interface RevisionRow {
  readonly revision: number;
  readonly features: string;
  readonly target: number | null;
  readonly updated_at: number;
  readonly deleted_at: number | null;
  readonly action: ItemAction | null;
  readonly actor: string | null;
  readonly request: string | null;
}

function contentOf(row: RevisionRow | undefined): Content | null {
  if (!row || row.deleted_at !== null) return null;
  return { features: JSON.parse(row.features), target: row.target };
}

const statement = `
  select * from (
    select ${archiveColumns} from items where dataset = ?1 and id = ?2
    union all select ${archiveColumns} from item_revisions where dataset = ?1 and id = ?2
  ) where revision < ?3 order by revision desc limit ?4`;

/** The changes of an item, one that is deleted by now included; undefined where there never was one of this id. */
export async function listChanges(
  env: Env,
  dataset: string,
  id: string,
  { cursor, limit }: { readonly cursor?: string; readonly limit: number },
): Promise<Page<ItemChange> | undefined> {
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : parseCursor(NumberKey, cursor)[0];
  // Two more than the page has: one tells what the last of them changed, one whether there are more.
  const { results } = await withStorage(() =>
    env.DB.prepare(statement)
      .bind(dataset, id, before, limit + 2)
      .all<RevisionRow>(),
  );
  if (results.length === 0 && cursor === undefined) return undefined;
  const changes = results.map((row, at) => ({
    ...{ revision: row.revision, action: row.action, actor: row.actor, request: row.request },
    time: new Date(row.updated_at).toISOString(),
    before: contentOf(results[at + 1]),
    after: contentOf(row),
  }));
  return pageOf(
    changes.slice(0, limit + 1),
    limit,
    ({ revision }) => [revision],
    (change) => change,
  );
}
