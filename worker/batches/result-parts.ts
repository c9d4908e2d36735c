// The result of a batch as parts of one upload: what no part is full of yet waits in R2 for the next slice.

import type { Env } from "../env.ts";
import { limits } from "../http/limits.ts";
import { fileKey } from "./store/files.ts";
import type { BatchPlan, BatchWork } from "./store/slices.ts";

/** Whose batch it is. */
export interface BatchOf {
  readonly job: string;
  readonly dataset: string;
  readonly subject: string;
  readonly plan: BatchPlan;
}

/** Named by the slice that left it, so that a slice done twice finds what it found the first time. */
const restKey = (job: string, slice: number) => `batches/${job}/${slice}.rest`;

const types = { csv: "text/csv; charset=utf-8", ndjson: "application/x-ndjson" } as const;

/** What a result says of itself from its first byte on. */
function writingOf({ job, dataset, plan }: BatchOf) {
  return {
    httpMetadata: { contentType: types[plan.format] },
    customMetadata: { job, dataset, model: plan.model },
  };
}

/** Begins an upload; until it is completed nobody sees anything of it. */
export async function beginUpload(env: Env, of: BatchOf): Promise<string> {
  const upload = await env.BUCKET.createMultipartUpload(fileKey(of.subject, of.plan.result), writingOf(of));
  return upload.uploadId;
}

function resume(env: Env, of: BatchOf, uploadId: string): R2MultipartUpload {
  return env.BUCKET.resumeMultipartUpload(fileKey(of.subject, of.plan.result), uploadId);
}

/** Collects the bytes of one slice and uploads whole parts of them. */
export class ResultParts {
  readonly #encoder = new TextEncoder();
  readonly #upload: R2MultipartUpload;
  readonly #etags: string[];
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  private readonly env: Env;
  private readonly of: BatchOf;

  private constructor(env: Env, of: BatchOf, work: BatchWork) {
    this.env = env;
    this.of = of;
    this.#upload = resume(env, of, work.uploadId);
    this.#etags = [...work.parts];
  }

  /** Goes on where the slice before `slice` stopped. */
  static async open(env: Env, of: BatchOf, work: BatchWork, slice: number): Promise<ResultParts> {
    const parts = new ResultParts(env, of, work);
    if (work.restBytes === 0) return parts;
    const rest = await env.BUCKET.get(restKey(of.job, slice - 1));
    if (!rest) throw new Error(`${of.job}: the rest of slice ${slice - 1} is missing`);
    parts.#hold(new Uint8Array(await rest.arrayBuffer()));
    return parts;
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  #join(): Uint8Array {
    const joined = new Uint8Array(this.#heldBytes);
    let at = 0;
    for (const bytes of this.#held) {
      joined.set(bytes, at);
      at += bytes.length;
    }
    return joined;
  }

  async add(text: string): Promise<void> {
    this.#hold(this.#encoder.encode(text));
    if (this.#heldBytes < limits.partBytes) return;
    const joined = this.#join();
    let at = 0;
    for (; at + limits.partBytes <= joined.length; at += limits.partBytes)
      await this.#put(joined.subarray(at, at + limits.partBytes));
    this.#held = [joined.slice(at)];
    this.#heldBytes = joined.length - at;
  }

  async #put(part: Uint8Array): Promise<void> {
    const { etag } = await this.#upload.uploadPart(this.#etags.length + 1, part);
    this.#etags.push(etag);
  }

  /** Leaves what fills no part for the next slice. */
  async keepRest(slice: number): Promise<{ parts: readonly string[]; restBytes: number }> {
    if (this.#heldBytes > 0) await this.env.BUCKET.put(restKey(this.of.job, slice), this.#join());
    return { parts: this.#etags, restBytes: this.#heldBytes };
  }

  /** Uploads the last part, and makes the result appear. */
  async complete(): Promise<void> {
    if (this.#heldBytes > 0) await this.#put(this.#join());
    if (this.#etags.length > 0) {
      await this.#upload.complete(this.#etags.map((etag, at) => ({ etag, partNumber: at + 1 })));
      return;
    }
    // Blank lines only: an upload has no empty part.
    await this.env.BUCKET.put(fileKey(this.of.subject, this.of.plan.result), "", writingOf(this.of));
    await this.#upload.abort();
  }
}

/** Whether the result stands there already: a message may be delivered again after it was completed. */
export async function isComplete(env: Env, { subject, plan, job }: BatchOf): Promise<boolean> {
  const there = await env.BUCKET.head(fileKey(subject, plan.result));
  return there?.customMetadata?.job === job;
}

/** Drops what slice `slice` left, once nobody needs it any more. */
export async function dropRest(env: Env, job: string, slice: number): Promise<void> {
  await env.BUCKET.delete(restKey(job, slice));
}

/** Drops all that a batch without a result has written. An upload that is gone already is what was wanted. */
export async function dropUpload(env: Env, of: BatchOf, work: BatchWork, slice: number): Promise<void> {
  await dropRest(env, of.job, slice - 1);
  await resume(env, of, work.uploadId)
    .abort()
    .catch((error) => console.error(`${of.job}: the upload is not aborted`, error));
}
