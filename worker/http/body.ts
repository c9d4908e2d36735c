// Request bodies: read under a bound while they stream in, decoded strictly, and noted for the log.

import type * as z from "zod";
import { InputError, quoted, toPointer } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { loggable } from "../requests/redaction.ts";
import type { AppContext } from "./context.ts";
import { parseJson } from "./json.ts";
import { limits } from "./limits.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function tooLarge(limit: number): Refusal {
  return new Refusal("too-large", `the body is larger than the ${limit} bytes that are read here`);
}

/** The Content-Type, one of `allowed` (such as application/json); refuses any other, another charset, and compressed bodies. */
export function checkContentType<T extends string>(c: AppContext, allowed: readonly T[]): T {
  const coding = c.req.header("content-encoding")?.trim().toLowerCase() ?? "identity";
  // A few compressed bytes may unpack to gigabytes: nothing is unpacked here.
  if (coding !== "identity") {
    const detail = `expected no Content-Encoding; got ${quoted(coding)}`;
    throw new Refusal("unsupported-media-type", detail, { headers: { "accept-encoding": "identity" } });
  }
  const given = c.req.header("content-type");
  const [essence = "", ...parameters] = (given ?? "").toLowerCase().split(";");
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith("charset="));
  const isText = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  const found = allowed.find((type) => type === essence.trim());
  if (found && isText) return found;
  const got = given === undefined ? "none" : quoted(given);
  throw new Refusal("unsupported-media-type", `expected Content-Type ${allowed.join(" or ")}; got ${got}`);
}

/** The body as chunks, ending in a refusal once it grows beyond `limit` bytes: Content-Length is only a hint, and may be missing. */
export async function* readChunks(c: AppContext, limit: number): AsyncGenerator<Uint8Array> {
  if (Number(c.req.header("content-length")) > limit) throw tooLarge(limit);
  const reader = c.req.raw.body?.getReader();
  if (!reader) return;
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done && size > limit) throw tooLarge(limit);
      if (done) return;
      size += value.byteLength;
      // The rest is read and dropped for a while: a sender cut off in the middle of its body may never see the answer.
      if (size > limit + limits.droppedBytes) throw tooLarge(limit);
      if (size <= limit) yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** Where a body comes from: the request, up to so many bytes, or chunks of it that are bounded already. */
type BodySource = number | AsyncIterable<Uint8Array>;

/** The whole body. */
export async function readBytes(c: AppContext, source: BodySource): Promise<Uint8Array> {
  const length = c.req.header("content-length");
  if (typeof source === "number" && length !== undefined && Number(length) <= source) {
    // HTTP frames a body by this length, so it bounds what is read; a stream read chunk by chunk costs as much again as a whole prediction.
    const bytes = new Uint8Array(await c.req.raw.arrayBuffer());
    // Another Worker may say what it likes.
    if (bytes.byteLength > source) throw tooLarge(source);
    return bytes;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of typeof source === "number" ? readChunks(c, source) : source) {
    chunks.push(chunk);
    size += chunk.byteLength;
  }
  if (chunks.length === 1) return chunks[0];
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** The body as text, noted for the log; bytes that are not UTF-8 are refused. */
export async function readText(c: AppContext, source: BodySource): Promise<string> {
  const bytes = await readBytes(c, source);
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new Refusal("malformed", "the body is not UTF-8");
  }
  c.get("notes").requestBody = loggable(text, limits.loggedBodyBytes);
  return text;
}

/** The JSON body of at most `limit` bytes. */
export async function readJson(c: AppContext, limit: number): Promise<unknown> {
  checkContentType(c, ["application/json"]);
  return parseJson(await readText(c, limit));
}

/** Holds a value against a schema; throws InputError with one pointer a fault and without quoting the value. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, prefix: readonly PropertyKey[] = []): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InputError(
    result.error.issues.map(({ path, message }) => ({
      pointer: toPointer([...prefix, ...path]),
      detail: message.replace(/^Invalid input: /, "").replace(/^Unrecognized key/, "unknown field"),
    })),
  );
}
