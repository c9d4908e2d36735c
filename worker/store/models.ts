// Published models: immutable files in R2, then one row in D1 that makes them visible all at once.
import { and, desc, eq, lt, or } from "drizzle-orm";
import type { BundleFileName, Manifest } from "#core/bundle/manifest.ts";
import { canonicalSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import type { Env } from "../env.ts";
import { sha256 } from "./content.ts";
import { type Page, pageOf, parseCursor, TimeKey } from "./cursor.ts";
import { database, withStorage } from "./database.ts";
import { bundleKey, writeOnce } from "./objects.ts";
import { aliases, models } from "./schema.ts";

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
}

export interface ModelFiles {
  readonly bundle: string;
  readonly files: Manifest["files"];
}

type ModelRow = typeof models.$inferSelect;

function readRecord(row: ModelRow, pointing: readonly { alias: string; model: string }[]): ModelRecord {
  const { id, family, title, specHash, dataSha256, seed, code, trainedAt } = row;
  return {
    ...{ id, family, title, specHash, dataSha256, seed, code, trainedAt },
    params: JSON.parse(row.params),
    metrics: JSON.parse(row.metrics),
    publishedAt: new Date(row.publishedAt).toISOString(),
    aliases: pointing.filter(({ model }) => model === id).map(({ alias }) => alias),
  };
}

/** Published models, newest first, with the aliases that point to each. */
export async function listModels(
  env: Env,
  dataset: string,
  options: { cursor?: string; limit: number },
): Promise<Page<ModelRecord>> {
  const after = options.cursor === undefined ? undefined : parseCursor(TimeKey, options.cursor);
  const older =
    after &&
    or(lt(models.publishedAt, after[0]), and(eq(models.publishedAt, after[0]), lt(models.id, after[1])));
  const db = database(env);
  const [rows, pointing] = await withStorage(() =>
    db.batch([
      db
        .select()
        .from(models)
        .where(and(eq(models.dataset, dataset), older))
        .orderBy(desc(models.publishedAt), desc(models.id))
        .limit(options.limit + 1),
      db
        .select({ alias: aliases.alias, model: aliases.model })
        .from(aliases)
        .where(eq(aliases.dataset, dataset)),
    ]),
  );
  return pageOf(
    rows,
    options.limit,
    (row) => [row.publishedAt, row.id],
    (row) => readRecord(row, pointing),
  );
}

export async function findModel(
  env: Env,
  dataset: string,
  id: string,
): Promise<(ModelRecord & ModelFiles) | undefined> {
  const db = database(env);
  const [[row], pointing] = await withStorage(() =>
    db.batch([
      db
        .select()
        .from(models)
        .where(and(eq(models.dataset, dataset), eq(models.id, id))),
      db
        .select({ alias: aliases.alias, model: aliases.model })
        .from(aliases)
        .where(eq(aliases.dataset, dataset)),
    ]),
  );
  return row && { ...readRecord(row, pointing), bundle: row.bundle, files: JSON.parse(row.files) };
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

/** Publishes a checked bundle: R2 first, the row last. Doing it again, or after a death half-way, ends in the same state. */
export async function publishModel(env: Env, checked: CheckedBundle): Promise<void> {
  const { manifest } = checked;
  const bundle = await sha256(checked.manifestBytes);
  await withStorage(async () => {
    await writeBundle(env, checked, bundle);
    await database(env)
      .insert(models)
      .values({
        dataset: manifest.dataset,
        id: manifest.id,
        bundle,
        family: manifest.family,
        title: manifest.title,
        params: JSON.stringify(manifest.params),
        specHash: manifest.specHash,
        dataSha256: manifest.data.sha256,
        seed: manifest.seed,
        code: manifest.environment.code,
        metrics: JSON.stringify({
          heldOut: manifest.metrics.heldOut,
          crossValidated: manifest.metrics.crossValidated,
        }),
        files: JSON.stringify(manifest.files),
        trainedAt: manifest.trainedAt,
        publishedAt: Date.now(),
      })
      // The same bytes again: the first record stands. Only which code last arrived at them is news, so that a trainer can tell
      // that there is nothing to train.
      .onConflictDoUpdate({
        target: [models.dataset, models.id],
        set: { code: manifest.environment.code },
      });
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
