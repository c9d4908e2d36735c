// Datasets in D1: their specs, and what may change about one that things already depend on.

import { and, asc, count, eq, isNull } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { Refusal } from "#core/api/refusal.ts";
import { nearestNumber, nearestPlace } from "#core/dataset/nearest.ts";
import { canonicalJson, canonicalSpec, checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import { wordsIn } from "#core/dataset/words.ts";
import type { Env } from "../../env.ts";
import { cellExpression } from "../../storage/cell.ts";
import { sha256 } from "../../storage/content.ts";
import { database, withStorage } from "../../storage/database.ts";
import { aliases, datasets, items, models } from "../../storage/schema.ts";

export interface StoredDataset {
  readonly spec: DatasetSpec;
  readonly specHash: string;
}

export const championAlias = "champion";
/** The alias whose model prices in the shadow of the champion. */
export const challengerAlias = "challenger";

export interface DatasetState extends StoredDataset {
  /** Where the champion alias points, with the folder of its bundle. */
  readonly champion:
    | { readonly model: string; readonly bundle: string; readonly revision: number }
    | undefined;
  /** Whether there is such an alias at all: one that points to no published model is half-written. */
  readonly aliased: boolean;
  /** Where the challenger alias points, if there is one. */
  readonly challenger: { readonly model: string; readonly bundle: string } | undefined;
}

/** SHA-256 of the canonical spec, as manifests name it. */
export async function hashSpec(spec: DatasetSpec): Promise<string> {
  return sha256(new TextEncoder().encode(canonicalSpec(spec)));
}

/**
 * Spec and champion in one read; a spec that is `known` already is not parsed again.
 * Rejects with whatever the database rejects with: the caller has another source.
 */
export async function findDatasetState(
  env: Env,
  name: string,
  known?: StoredDataset,
): Promise<DatasetState | undefined> {
  const challengers = alias(aliases, "challengers");
  const challenging = alias(models, "challenging");
  const [row] = await database(env)
    .select({
      spec: datasets.spec,
      specHash: datasets.specHash,
      model: aliases.model,
      revision: aliases.revision,
      bundle: models.bundle,
      challenger: challenging.id,
      challengerBundle: challenging.bundle,
    })
    .from(datasets)
    .leftJoin(aliases, and(eq(aliases.dataset, datasets.name), eq(aliases.alias, championAlias)))
    .leftJoin(models, and(eq(models.dataset, aliases.dataset), eq(models.id, aliases.model)))
    .leftJoin(
      challengers,
      and(eq(challengers.dataset, datasets.name), eq(challengers.alias, challengerAlias)),
    )
    .leftJoin(
      challenging,
      and(eq(challenging.dataset, challengers.dataset), eq(challenging.id, challengers.model)),
    )
    .where(eq(datasets.name, name));
  if (!row) return undefined;
  const { model, bundle, revision } = row;
  const champion =
    model !== null && bundle !== null && revision !== null ? { model, bundle, revision } : undefined;
  const challenger =
    row.challenger !== null && row.challengerBundle !== null
      ? { model: row.challenger, bundle: row.challengerBundle }
      : undefined;
  const spec = known?.specHash === row.specHash ? known.spec : checkSpec(JSON.parse(row.spec));
  return { spec, specHash: row.specHash, champion, aliased: model !== null, challenger };
}

export interface ListedDataset extends StoredDataset {
  readonly champion: string | null;
}

/** Every dataset by name; there are few, and a spec is small. */
export async function listDatasets(env: Env): Promise<ListedDataset[]> {
  const rows = await withStorage(() =>
    database(env)
      .select({ spec: datasets.spec, specHash: datasets.specHash, champion: aliases.model })
      .from(datasets)
      .leftJoin(aliases, and(eq(aliases.dataset, datasets.name), eq(aliases.alias, championAlias)))
      .orderBy(asc(datasets.name)),
  );
  return rows.map(({ spec, specHash, champion }) => ({
    spec: checkSpec(JSON.parse(spec)),
    specHash,
    champion,
  }));
}

export async function countItems(env: Env, dataset: string): Promise<number> {
  const [{ rows }] = await database(env)
    .select({ rows: count() })
    .from(items)
    .where(and(eq(items.dataset, dataset), isNull(items.deletedAt)));
  return rows;
}

/** What rows, models and prices depend on; titles, descriptions, steps and examples may change at any time. */
function bindingPart(spec: DatasetSpec): string {
  return canonicalJson({
    task: spec.task,
    target: { ...spec.target, title: undefined, description: undefined },
    similar: spec.similar,
    places: spec.places?.map(({ name, latitude, longitude }) => ({ name, latitude, longitude })),
    features: spec.features.map((feature) => ({
      ...feature,
      title: undefined,
      description: undefined,
      levelDescriptions: undefined,
      step: undefined,
      example: undefined,
    })),
  });
}

function checkChange(before: DatasetSpec, after: DatasetSpec, depended: boolean): void {
  if (after.version < before.version) {
    throw new Refusal("conflict", `version ${after.version} is older than the registered ${before.version}`);
  }
  const changed = bindingPart(before) !== bindingPart(after);
  if (changed && depended && after.version === before.version) {
    const detail = `items or models depend on version ${before.version}: a change of features, target or similar needs version ${before.version + 1}`;
    throw new Refusal("conflict", detail, { errors: [{ pointer: "/version", detail }] });
  }
}

/** What the keys of items follow from. */
function comparedPart(spec: DatasetSpec): string {
  const place = nearestPlace(spec);
  return canonicalJson([spec.similar ?? null, place?.latitude ?? null, place?.longitude ?? null]);
}

/** JSON path of a field; names hold no quote (the spec's schema sees to it). */
const path = (name: string) => `$.${JSON.stringify(name)}`;

/** Keys of similar items follow the spec: written anew, in the database, when it compares by something else. */
function rekeyItems(env: Env, spec: DatasetSpec): D1PreparedStatement {
  if (!spec.similar) {
    return env.DB.prepare(
      "update items set match_key = null, near = null, cell = null where dataset = ?1",
    ).bind(spec.name);
  }
  const bound = [spec.name];
  const extract = (feature: string) => `json_extract(features, ?${bound.push(path(feature))})`;
  const number = nearestNumber(spec);
  const place = nearestPlace(spec);
  const matchKey = `json_array(${spec.similar.match.map(extract).join(", ")})`;
  const near = number === undefined ? "null" : extract(number);
  const cell = place ? cellExpression(extract(place.latitude), extract(place.longitude)) : "null";
  return env.DB.prepare(
    `update items set match_key = ${matchKey}, near = ${near}, cell = ${cell} where dataset = ?1`,
  ).bind(...bound);
}

export type Registration = "created" | "changed" | "unchanged";

/** Registers or changes a dataset; the same spec twice changes nothing. Throws a conflict refusal for a change not allowed. */
export async function registerDataset(env: Env, spec: DatasetSpec): Promise<Registration> {
  return withStorage(async () => {
    const specHash = await hashSpec(spec);
    const before = await findDatasetState(env, spec.name);
    if (before?.specHash === specHash) return "unchanged";
    if (before) {
      const [model] = await database(env).select().from(models).where(eq(models.dataset, spec.name)).limit(1);
      const [item] = await database(env).select().from(items).where(eq(items.dataset, spec.name)).limit(1);
      checkChange(before.spec, spec, model !== undefined || item !== undefined);
    }
    const now = Date.now();
    // The condition on the hash read above makes this a compare and swap: of two writers one is told to try again.
    const write = env.DB.prepare(
      `insert into datasets (name, title, version, spec, spec_hash, created_at, updated_at)
       values (?1, ?2, ?3, ?4, ?5, ?6, ?6)
       on conflict (name) do update set title = ?2, version = ?3, spec = ?4, spec_hash = ?5, updated_at = ?6
       where spec_hash = ?7`,
    ).bind(
      spec.name,
      wordsIn(spec.title),
      spec.version,
      canonicalSpec(spec),
      specHash,
      now,
      before?.specHash ?? "",
    );
    const rekey = !before || comparedPart(before.spec) !== comparedPart(spec);
    const [{ meta }] = await env.DB.batch(before && rekey ? [write, rekeyItems(env, spec)] : [write]);
    if (meta.changes === 0)
      throw new Refusal("conflict", "someone else changed this spec meanwhile; read it again");
    return before ? "changed" : "created";
  });
}
