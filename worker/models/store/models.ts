// Published models: immutable files in R2, then one row in D1 that makes them visible all at once.
import { and, asc, desc, eq, lt, lte, or, sql } from "drizzle-orm";
import { Refusal } from "#core/api/refusal.ts";
import type { BundleFileName, Manifest } from "#core/bundle/manifest.ts";
import { canonicalSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { listPointingAt } from "../../aliases/index.ts";
import type { Env } from "../../env.ts";
import { sha256 } from "../../storage/content.ts";
import { type Page, pageOf, parseCursor, TimeKey } from "../../storage/cursor.ts";
import { database, withStorage } from "../../storage/database.ts";
import { bundleKey, writeOnce } from "../../storage/objects.ts";
import { aliases, models } from "../../storage/schema.ts";

export interface ModelRecord {
  readonly id: string;
  readonly family: string;
  readonly title: string;
  readonly params: Manifest["params"];
  readonly specHash: string;
  readonly dataSha256: string;
  readonly seed: number;
  readonly code: string;
  readonly metrics: {
    heldOut: Manifest["metrics"]["heldOut"];
    crossValidated: Manifest["metrics"]["crossValidated"];
  };
  readonly trainedAt: string;
  readonly publishedAt: string;
  readonly aliases: string[];
  /** Whether any alias has ever pointed to it. */
  readonly everLive: boolean;
}

export interface ModelFiles {
  readonly bundle: string;
  readonly files: Manifest["files"];
}

type ModelRow = typeof models.$inferSelect;

interface Standing {
  readonly row: ModelRow;
  readonly everLive: boolean;
}

const everLive = sql<number>`exists (select 1 from alias_history
  where alias_history.dataset = ${models.dataset} and alias_history.model = ${models.id})`.mapWith(Boolean);

function readRecord(
  { row, everLive }: Standing,
  pointing: readonly { alias: string; model: string }[],
): ModelRecord {
  const { id, family, title, specHash, dataSha256, seed, code, trainedAt } = row;
  return {
    ...{ id, family, title, specHash, dataSha256, seed, code, trainedAt },
    params: JSON.parse(row.params),
    metrics: JSON.parse(row.metrics),
    publishedAt: new Date(row.publishedAt).toISOString(),
    aliases: pointing.filter(({ model }) => model === id).map(({ alias }) => alias),
    everLive,
  };
}

const pointingNow = (env: Env, dataset: string) =>
  database(env)
    .select({ alias: aliases.alias, model: aliases.model })
    .from(aliases)
    .where(eq(aliases.dataset, dataset))
    .orderBy(asc(aliases.alias));

/** Published models, newest first, with the aliases that point to each; those of a moment `at` (ms since 1970) as they were then. */
export async function listModels(
  env: Env,
  dataset: string,
  options: { cursor?: string; limit: number; at?: number },
): Promise<Page<ModelRecord>> {
  const { cursor, limit, at } = options;
  const after = cursor === undefined ? undefined : parseCursor(TimeKey, cursor);
  const older =
    after &&
    or(lt(models.publishedAt, after[0]), and(eq(models.publishedAt, after[0]), lt(models.id, after[1])));
  const there = at === undefined ? undefined : lte(models.publishedAt, at);
  const [rows, pointing] = await withStorage(() =>
    Promise.all([
      database(env)
        .select({ row: models, everLive })
        .from(models)
        .where(and(eq(models.dataset, dataset), older, there))
        .orderBy(desc(models.publishedAt), desc(models.id))
        .limit(limit + 1),
      at === undefined ? pointingNow(env, dataset) : listPointingAt(env, dataset, at),
    ]),
  );
  return pageOf(
    rows,
    limit,
    ({ row }) => [row.publishedAt, row.id],
    (standing) => readRecord(standing, pointing),
  );
}

export async function findModel(
  env: Env,
  dataset: string,
  id: string,
): Promise<(ModelRecord & ModelFiles) | undefined> {
  const [[found], pointing] = await withStorage(() =>
    database(env).batch([
      database(env)
        .select({ row: models, everLive })
        .from(models)
        .where(and(eq(models.dataset, dataset), eq(models.id, id))),
      pointingNow(env, dataset),
    ]),
  );
  if (!found) return undefined;
  const { bundle, files } = found.row;
  return { ...readRecord(found, pointing), bundle, files: JSON.parse(files) };
}

const contentTypes: Record<BundleFileName, string> = {
  "model.onnx": "application/octet-stream",
  "explain.json": "application/json",
  "card.html": "text/html; charset=utf-8",
  "held-out.bin": "application/octet-stream",
};

/** What publishing writes: the manifest exactly as it was sent, checked, and the files it names. */
export interface CheckedBundle {
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  readonly files: ReadonlyMap<BundleFileName, Uint8Array>;
  readonly spec: DatasetSpec;
}

async function writeBundle(env: Env, checked: CheckedBundle, bundle: string): Promise<void> {
  const { manifest, manifestBytes, files, spec } = checked;
  const key = (file: string) => bundleKey(manifest.dataset, manifest.id, bundle, file);
  for (const [name, bytes] of files) await writeOnce(env, key(name), bytes, contentTypes[name]);
  // The spec travels with the model: a row is always checked against the spec that its model was fitted to.
  const specBytes = new TextEncoder().encode(canonicalSpec(spec));
  await writeOnce(env, key("dataset.json"), specBytes, "application/json");
  await writeOnce(env, key("manifest.json"), manifestBytes, "application/json");
}

const publishStatement = `
  insert into models (dataset, id, bundle, family, title, params, spec_hash, data_sha256, seed, code, metrics, files,
    trained_at, published_at)
  select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
  where not exists (select 1 from model_deletions where dataset = ?1 and model = ?2 and finished_at is null)
  on conflict (dataset, id) do update set code = excluded.code
  returning id`;

/**
 * Publishes a checked bundle: R2 first, the row last. Doing it again, or after a death half-way, ends in the same state; where the
 * model is there already its record stands, and only which code last arrived at it is news. Refuses while it is being deleted.
 */
export async function publishModel(env: Env, checked: CheckedBundle): Promise<void> {
  const { manifest } = checked;
  const { dataset, id, metrics } = manifest;
  const bundle = await sha256(checked.manifestBytes);
  const values = [
    ...[dataset, id, bundle, manifest.family, manifest.title, JSON.stringify(manifest.params)],
    ...[manifest.specHash, manifest.data.sha256, manifest.seed, manifest.environment.code],
    JSON.stringify({ heldOut: metrics.heldOut, crossValidated: metrics.crossValidated }),
    ...[JSON.stringify(manifest.files), manifest.trainedAt, Date.now()],
  ];
  await withStorage(async () => {
    await writeBundle(env, checked, bundle);
    const written = await env.DB.prepare(publishStatement)
      .bind(...values)
      .first();
    if (!written) {
      const detail = `${id} is being deleted: delete it again, which ends that, and then publish it`;
      throw new Refusal("conflict", detail);
    }
    // A deletion that ended between the files and the row took the files along.
    await writeBundle(env, checked, bundle);
  });
}

/** Notes that this code, too, arrives at the model's bytes, so that a trainer of that code can tell there is nothing to train. */
export async function noteCode(env: Env, dataset: string, id: string, code: string): Promise<void> {
  await withStorage(() =>
    database(env)
      .update(models)
      .set({ code })
      .where(and(eq(models.dataset, dataset), eq(models.id, id))),
  );
}
