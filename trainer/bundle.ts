// A model bundle in memory: its manifest and the files that the manifest names, with their hashes.
import { type BundleFileName, Manifest } from "#core/bundle/manifest.ts";
import { sha256Hex } from "./dataset/snapshot.ts";

export type BundleFiles = ReadonlyMap<BundleFileName, Uint8Array<ArrayBuffer>>;

export interface Bundle {
  readonly manifest: Manifest;
  readonly files: BundleFiles;
}

/** Adds the files' hashes and sizes and holds the whole against the manifest's schema. */
export async function bundleOf(manifest: Omit<Manifest, "files">, files: BundleFiles): Promise<Bundle> {
  const listed = await Promise.all(
    [...files].map(async ([name, bytes]) => ({ name, sha256: await sha256Hex(bytes), bytes: bytes.length })),
  );
  return { manifest: Manifest.parse({ ...manifest, files: listed }), files };
}
