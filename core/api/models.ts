// Published models, and files of bundles that no model names.
import * as z from "zod";
import { Metrics, Params } from "../bundle/manifest.ts";

const Instant = z.iso.datetime();

export const ModelRecord = z.object({
  id: z.string(),
  family: z.string(),
  title: z.string(),
  params: Params,
  specHash: z.string(),
  dataSha256: z.string(),
  seed: z.int(),
  /** Version of the code that trained it. */
  code: z.string(),
  metrics: z.object({ heldOut: Metrics, crossValidated: Metrics.nullable() }),
  trainedAt: z.string(),
  publishedAt: Instant,
  aliases: z.array(z.string()),
  /** Whether any alias has ever pointed to it: such a model is never deleted. */
  everLive: z.boolean(),
});

/** Files of a bundle that no published model names. */
export const AbandonedBundle = z.object({
  model: z.string(),
  bundle: z.string(),
  files: z.int(),
  bytes: z.int(),
  uploadedAt: Instant,
});
