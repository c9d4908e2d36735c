// Data reports in R2: one object a dataset, the JSON before the page, so that a reader never sees the one without the other.
import type { Env } from "../../env.ts";
import { hexOf, sha256 } from "../../storage/content.ts";
import { withStorage } from "../../storage/database.ts";
import { reportKey } from "../../storage/objects.ts";

export type ReportPart = "json" | "html";

/** What is known of a kept report without its bytes. */
export interface KeptReport {
  readonly sha256: string;
  readonly jsonBytes: number;
  readonly size: number;
  /** Of the object, as R2 compares it. */
  readonly etag: string;
}

/** Replaces the report that is there; resolves with the hash of both parts. */
export async function keepReport(env: Env, dataset: string, json: string, page: string): Promise<string> {
  const head = new TextEncoder().encode(json);
  const tail = new TextEncoder().encode(page);
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  const hash = await sha256(bytes);
  await withStorage(() =>
    env.BUCKET.put(reportKey(dataset), bytes, {
      sha256: hash,
      customMetadata: { jsonBytes: String(head.length) },
    }),
  );
  return hash;
}

/** Undefined where the dataset has none. */
export async function findReport(env: Env, dataset: string): Promise<KeptReport | undefined> {
  const object = await withStorage(() => env.BUCKET.head(reportKey(dataset)));
  const hash = object?.checksums.sha256;
  if (!object || !hash) return undefined;
  const jsonBytes = Number(object.customMetadata?.jsonBytes);
  return { sha256: hexOf(hash), jsonBytes, size: object.size, etag: object.etag };
}

/** One part of the report as a stream; undefined where another one has taken its place since. */
export async function openReport(
  env: Env,
  dataset: string,
  { jsonBytes, size, etag }: KeptReport,
  part: ReportPart,
): Promise<ReadableStream | undefined> {
  const range =
    part === "json" ? { offset: 0, length: jsonBytes } : { offset: jsonBytes, length: size - jsonBytes };
  const object = await withStorage(() =>
    env.BUCKET.get(reportKey(dataset), { range, onlyIf: { etagMatches: etag } }),
  );
  return object && "body" in object ? object.body : undefined;
}
