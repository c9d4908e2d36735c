// Files of those who price in bulk: each subject has a folder of its own in R2, and no name leads out of it.
import type { StoredFile } from "#core/api/jobs.ts";
import { Refusal } from "#core/api/refusal.ts";
import type { Env } from "../../env.ts";
import { withinTime, withStorage } from "../../storage/database.ts";

/** Encoded, so that no subject's folder can lie within another's. */
const folderOf = (subject: string) => `files/${encodeURIComponent(subject)}/`;

/** Names hold no slash (FileName sees to it). */
export function fileKey(subject: string, name: string): string {
  return folderOf(subject) + name;
}

export function describeFile({ key, size, httpEtag, uploaded, customMetadata }: R2Object): StoredFile {
  return {
    name: key.slice(key.lastIndexOf("/") + 1),
    bytes: size,
    etag: httpEtag,
    uploadedAt: uploaded.toISOString(),
    job: customMetadata?.job ?? null,
    model: customMetadata?.model ?? null,
  };
}

/** What is known of a file without reading it. */
export async function findFile(env: Env, subject: string, name: string): Promise<R2Object | undefined> {
  return withStorage(async () => (await env.BUCKET.head(fileKey(subject, name))) ?? undefined);
}

/** The file as a stream; without a body where the reader's If-None-Match or the like says that it needs none. */
export async function openFile(
  env: Env,
  subject: string,
  name: string,
  conditions: Headers,
): Promise<R2ObjectBody | R2Object | undefined> {
  const options = { onlyIf: conditions };
  return withStorage(async () => (await env.BUCKET.get(fileKey(subject, name), options)) ?? undefined);
}

/** Keeps exactly `bytes` bytes of `body` under the name, all or nothing; undefined where the sender's If-Match or If-None-Match does not hold. */
export async function keepFile(
  env: Env,
  subject: string,
  name: string,
  file: { readonly body: ReadableStream; readonly bytes: number; readonly type: string },
  conditions: Headers,
): Promise<R2Object | undefined> {
  // R2 takes streams of known length only; one that breaks off or runs over fails here, and nothing is kept.
  const { readable, writable } = new FixedLengthStream(file.bytes);
  const piped = file.body
    .pipeTo(writable)
    .catch((error: unknown) => error ?? new Error("the body broke off"));
  const options = { onlyIf: conditions, httpMetadata: { contentType: file.type } };
  try {
    return (await env.BUCKET.put(fileKey(subject, name), readable, options)) ?? undefined;
  } catch (error) {
    const isOurs =
      !(error instanceof TypeError) && (await withinTime(piped, 0).catch(() => undefined)) === undefined;
    if (!isOurs) throw new Refusal("malformed", "the body is not as long as Content-Length says");
    console.error(error);
    throw new Refusal("unavailable", "the storage does not answer; try again in a few seconds", {
      cause: error,
    });
  }
}

/** Files by name. */
export async function listFiles(
  env: Env,
  subject: string,
  options: { cursor?: string; limit: number },
): Promise<{ items: StoredFile[]; next: string | null }> {
  const prefix = folderOf(subject);
  const { limit, cursor } = options;
  const page = await withStorage(() =>
    env.BUCKET.list({ prefix, limit, cursor, include: ["customMetadata"] }),
  );
  return { items: page.objects.map(describeFile), next: page.truncated ? page.cursor : null };
}

/** At most `length` bytes of a batch's source. Throws a refusal where it is not what it was when the batch was asked for. */
export async function openSlice(
  env: Env,
  subject: string,
  source: { readonly source: string; readonly etag: string },
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const file = await env.BUCKET.get(fileKey(subject, source.source), {
    range: { offset, length },
    onlyIf: { etagMatches: source.etag },
  });
  if (!file) throw new Refusal("conflict", `the source ${source.source} is gone`);
  if (!("body" in file))
    throw new Refusal("conflict", `the source ${source.source} was replaced while it was being priced`);
  return new Uint8Array(await file.arrayBuffer());
}
