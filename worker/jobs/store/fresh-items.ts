// Which datasets have enough fresh items for another training.
import type { Env } from "../../env.ts";
import { withStorage } from "../../storage/database.ts";

// A training on items saw what was there when it was last claimed. Before the first one, the last published model counts.
const lastTraining = `coalesce(
  (select max(started_at) from jobs where dataset = ?1 and kind = 'train' and state = 'succeeded' and params ->> 'source' = 'items'),
  (select max(published_at) from models where dataset = ?1), 0)`;

/** How many items, at most `limit`, were made or changed since the last training on them. */
export async function countFreshItems(env: Env, dataset: string, limit: number): Promise<number> {
  const sql = `select count(*) as fresh from (
    select 1 from items where dataset = ?1 and deleted_at is null and updated_at > ${lastTraining} limit ?2)`;
  const row = await withStorage(() => env.DB.prepare(sql).bind(dataset, limit).first<{ fresh: number }>());
  return row?.fresh ?? 0;
}

/** Whether a training of the dataset failed after `since`. */
export async function hasFailedSince(env: Env, dataset: string, since: number): Promise<boolean> {
  const sql =
    "select 1 from jobs where dataset = ?1 and kind = 'train' and state = 'failed' and finished_at > ?2 limit 1";
  return (await withStorage(() => env.DB.prepare(sql).bind(dataset, since).first())) !== null;
}
