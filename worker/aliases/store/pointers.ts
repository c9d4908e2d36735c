// The copy of an alias in R2, from which a cold isolate starts when D1 does not answer.
import * as z from "zod";
import { DatasetSpec } from "#core/dataset/spec.ts";
import type { Env } from "../../env.ts";
import { pointerKey } from "../../storage/objects.ts";

const Pointer = z.object({
  model: z.string(),
  bundle: z.string(),
  revision: z.int(),
  specHash: z.string(),
  /** Where it pointed before: what to serve if the model cannot be read. */
  previous: z.object({ model: z.string(), bundle: z.string() }).optional(),
  /** The dataset's spec when the alias moved. */
  spec: DatasetSpec,
});

export type Pointer = z.infer<typeof Pointer>;

/** Rejects with whatever R2 rejects with. */
export async function findPointer(env: Env, dataset: string, alias: string): Promise<Pointer | undefined> {
  const object = await env.BUCKET.get(pointerKey(dataset, alias));
  return object ? Pointer.parse(await object.json()) : undefined;
}

const attempts = 4;

/** Copies a pointer unless a newer one is there: copies of two moves may arrive in any order. */
export async function copyPointer(env: Env, dataset: string, alias: string, pointer: Pointer): Promise<void> {
  const key = pointerKey(dataset, alias);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const present = await env.BUCKET.head(key);
    if (present && Number(present.customMetadata?.revision) >= pointer.revision) return;
    const written = await env.BUCKET.put(key, JSON.stringify(pointer), {
      onlyIf: present ? { etagMatches: present.etag } : { etagDoesNotMatch: "*" },
      customMetadata: { revision: String(pointer.revision) },
      httpMetadata: { contentType: "application/json" },
    });
    if (written) return;
  }
  throw new Error(`${key}: others kept writing it`);
}
