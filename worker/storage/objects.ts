// The objects in R2: their keys, and the two ways of writing one: never again, or only forward.
import { Refusal } from "#core/api/refusal.ts";
import type { Env } from "../env.ts";
import { hexOf, sha256 } from "./content.ts";

/** A file of a bundle. The folder is named by the manifest's hash, and the manifest names every file's: equal key, equal bytes. */
export function bundleKey(dataset: string, model: string, bundle: string, file: string): string {
  return `models/${dataset}/${model}/${bundle.slice(0, 16)}/${file}`;
}

export function snapshotKey(dataset: string, dataSha256: string): string {
  return `datasets/${dataset}/${dataSha256}.csv.gz`;
}

export function reportKey(dataset: string): string {
  return `reports/${dataset}`;
}

export function pointerKey(dataset: string, alias: string): string {
  return `aliases/${dataset}/${alias}.json`;
}

/** Writes an object that must not exist yet; the same bytes already there are fine, others a conflict. True where it wrote. */
export async function writeOnce(
  env: Env,
  key: string,
  bytes: Uint8Array,
  contentType: string,
): Promise<boolean> {
  const hash = await sha256(bytes);
  const onlyIf = { etagDoesNotMatch: "*" };
  const written = await env.BUCKET.put(key, bytes, { onlyIf, sha256: hash, httpMetadata: { contentType } });
  if (written) return true;
  const present = await env.BUCKET.head(key);
  const there = present?.checksums.sha256;
  if (there && hexOf(there) === hash) return false;
  throw new Refusal("conflict", `${key} already holds other bytes`);
}

export async function readObject(env: Env, key: string): Promise<Uint8Array | undefined> {
  const object = await env.BUCKET.get(key);
  return object ? new Uint8Array(await object.arrayBuffer()) : undefined;
}

/** The object with its body as a stream. */
export async function openObject(env: Env, key: string): Promise<R2ObjectBody | undefined> {
  return (await env.BUCKET.get(key)) ?? undefined;
}
