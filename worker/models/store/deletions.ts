// Deleting models that were never live, and the files of bundles that no model row names: D1 first, R2 after, finished by a retry.
import type { Env } from "../../env.ts";
import { withStorage } from "../../storage/database.ts";

export interface Deletion {
  readonly dataset: string;
  readonly model: string;
  readonly actor: string;
  readonly request: string;
}

/** "done", or why nothing was deleted: it is, or was, live, or there is no such model. */
export type DeletionOutcome = "done" | "was-live" | "absent";

/** Every folder of a model's bundles; one bundle's where `bundle` is the start of its hash. */
const prefixOf = (dataset: string, model: string, bundle?: string) =>
  `models/${dataset}/${model}/${bundle === undefined ? "" : `${bundle}/`}`;

async function emptyFolder(env: Env, prefix: string): Promise<void> {
  for (;;) {
    const { objects } = await env.BUCKET.list({ prefix });
    if (objects.length === 0) return;
    await env.BUCKET.delete(objects.map(({ key }) => key));
  }
}

/** Whether there is a row, a deletion that was not finished, or a file of the model. */
async function isThere(env: Env, { dataset, model }: Deletion): Promise<boolean> {
  const row = await env.DB.prepare(
    `select 1 from models where dataset = ?1 and id = ?2
     union all select 1 from model_deletions where dataset = ?1 and model = ?2 and finished_at is null`,
  )
    .bind(dataset, model)
    .first();
  if (row) return true;
  const { objects } = await env.BUCKET.list({ prefix: prefixOf(dataset, model), limit: 1 });
  return objects.length > 0;
}

// While a deletion is under way nothing of this id is published: its files would go with the old ones.
const markStatement = `
  insert into model_deletions (dataset, model, actor, request, started_at, finished_at)
  select ?1, ?2, ?3, ?4, ?5, null
  where not exists (select 1 from alias_history where dataset = ?1 and model = ?2)
  and (?6 is null or not exists (select 1 from models where dataset = ?1 and id = ?2 and substr(bundle, 1, 16) = ?6))
  on conflict (dataset, model) do update set actor = excluded.actor, request = excluded.request,
    started_at = excluded.started_at, finished_at = null
  returning model`;

const removeStatement = `
  delete from models where dataset = ?1 and id = ?2
  and not exists (select 1 from alias_history where dataset = ?1 and model = ?2)
  returning id`;

async function finish(env: Env, { dataset, model }: Deletion): Promise<void> {
  await env.DB.prepare("update model_deletions set finished_at = ?3 where dataset = ?1 and model = ?2")
    .bind(dataset, model, Date.now())
    .run();
}

/** Deletes a model that no alias ever pointed to. Dying half-way leaves files that nobody sees; doing it again removes them. */
export async function deleteModel(env: Env, deletion: Deletion): Promise<DeletionOutcome> {
  const { dataset, model, actor, request } = deletion;
  return withStorage(async () => {
    if (!(await isThere(env, deletion))) return "absent";
    const [, marked] = await env.DB.batch<object>([
      env.DB.prepare(removeStatement).bind(dataset, model),
      env.DB.prepare(markStatement).bind(dataset, model, actor, request, Date.now(), null),
    ]);
    if (marked.results.length === 0) return "was-live";
    await emptyFolder(env, prefixOf(dataset, model));
    await finish(env, deletion);
    return "done";
  });
}

export interface BundleFolder {
  readonly model: string;
  /** The first 16 hex digits of the manifest's hash: the folder's name. */
  readonly bundle: string;
  readonly files: number;
  readonly bytes: number;
  /** When its last file came. */
  readonly uploadedAt: string;
}

/** Folders of bundles without a model row whose last file came before `before` (ms since 1970), and where to look on. */
export async function listAbandoned(
  env: Env,
  dataset: string,
  options: { readonly after?: string; readonly limit: number; readonly before: number },
): Promise<{ folders: BundleFolder[]; next: string | null }> {
  return withStorage(async () => {
    const prefix = `models/${dataset}/`;
    const listed = await env.BUCKET.list({ prefix, startAfter: options.after, limit: options.limit });
    const { results } = await env.DB.prepare("select id, bundle from models where dataset = ?1")
      .bind(dataset)
      .all<{ id: string; bundle: string }>();
    const published = new Set(results.map(({ id, bundle }) => `${id}/${bundle.slice(0, 16)}`));
    const folders = new Map<string, BundleFolder>();
    for (const { key, size, uploaded } of listed.objects) {
      const [model, bundle] = key.slice(prefix.length).split("/");
      const name = `${model}/${bundle}`;
      // Without a bundle's name the whole model would be meant.
      if (!bundle || published.has(name)) continue;
      const { files, bytes, uploadedAt } = folders.get(name) ?? { files: 0, bytes: 0, uploadedAt: "" };
      const time = uploaded.toISOString();
      const last = time > uploadedAt ? time : uploadedAt;
      folders.set(name, { model, bundle, files: files + 1, bytes: bytes + size, uploadedAt: last });
    }
    const old = [...folders.values()].filter(({ uploadedAt }) => Date.parse(uploadedAt) < options.before);
    return { folders: old, next: listed.truncated ? (listed.objects.at(-1)?.key ?? null) : null };
  });
}

/** Removes the files of a folder that no model row names; false where one names it by now. */
export async function removeFolder(env: Env, deletion: Deletion, bundle: string): Promise<boolean> {
  const { dataset, model, actor, request } = deletion;
  return withStorage(async () => {
    const marked = await env.DB.prepare(markStatement)
      .bind(dataset, model, actor, request, Date.now(), bundle)
      .first();
    if (!marked) return false;
    await emptyFolder(env, prefixOf(dataset, model, bundle));
    await finish(env, deletion);
    return true;
  });
}
