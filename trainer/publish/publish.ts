// Publishes trained models: spec, data snapshot, bundles, and last of all the alias, so that a reader never meets half a model.
import { gzipSync } from "node:zlib";
import type { Bundle } from "../bundle.ts";
import type { Client } from "../client/client.ts";
import type { PreparedData } from "../prepare.ts";
import { type Promotion, type PromotionOptions, promote } from "./promotion.ts";

/** `models` are best first. Every step may be done twice, so a publication that broke off is simply run again. */
export async function publish(
  client: Client,
  data: PreparedData,
  models: readonly [Bundle, ...Bundle[]],
  options: PromotionOptions & { readonly onPublished: (id: string) => void },
): Promise<Promotion> {
  const dataset = data.spec.name;
  await client.registerDataset(data.spec);
  const packed = new Uint8Array(gzipSync(data.snapshot.csv));
  await client.putSnapshot(dataset, data.snapshot.sha256, packed);
  for (const { manifest, files } of models) {
    const text = new TextEncoder().encode(JSON.stringify(manifest));
    await client.publishModel(dataset, new Map([["manifest.json", text], ...files]));
    options.onPublished(manifest.id);
  }
  return promote(client, data, models[0], options);
}
