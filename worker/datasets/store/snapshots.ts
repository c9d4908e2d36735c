// Data snapshots: the cleaned rows that models were fitted on, gzipped in R2 under the hash of their CSV.
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import type { Env } from "../../env.ts";
import { hexOf } from "../../storage/content.ts";
import { withStorage } from "../../storage/database.ts";
import { snapshotKey } from "../../storage/objects.ts";

/** SHA-256 of what gzipped bytes unpack to, without ever holding it; throws InputError for bytes that do not unpack. */
async function hashUnpacked(packed: Uint8Array, maxBytes: number): Promise<string> {
  const digest = new crypto.DigestStream("SHA-256");
  // Where the pipe fails, so does the digest; the pipe's own failure is the one that is told.
  digest.digest.catch(() => undefined);
  let size = 0;
  const bound = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > maxBytes)
        controller.error(new Refusal("too-large", `the snapshot unpacks to more than ${maxBytes} bytes`));
      else controller.enqueue(chunk);
    },
  });
  try {
    await new Blob([packed])
      .stream()
      .pipeThrough(new DecompressionStream("gzip"))
      .pipeThrough(bound)
      .pipeTo(digest);
  } catch (error) {
    if (size > maxBytes) throw error;
    throw new InputError("the snapshot: expected a gzipped CSV; its bytes do not unpack");
  }
  return hexOf(await digest.digest);
}

/** Keeps a snapshot under the hash of its content; true where it was not there yet. */
export async function keepSnapshot(
  env: Env,
  dataset: string,
  hash: string,
  packed: Uint8Array,
  maxBytes: number,
): Promise<boolean> {
  const actual = await hashUnpacked(packed, maxBytes);
  if (actual !== hash) {
    throw new InputError([
      { pointer: "/sha256", detail: `expected the hash of the unpacked body, ${actual}; got ${hash}` },
    ]);
  }
  // Two packings of one CSV differ in bytes and not in content: whichever came first stays.
  const written = await withStorage(() =>
    env.BUCKET.put(snapshotKey(dataset, hash), packed, {
      onlyIf: { etagDoesNotMatch: "*" },
      httpMetadata: { contentType: "text/csv; charset=utf-8", contentEncoding: "gzip" },
    }),
  );
  return written !== null;
}
