// What the trainer reads from a server's answers: only the fields it uses, checked, the rest let through unseen.
import * as z from "zod";
import { PriceExplanation } from "#core/api/explanation.ts";
import { Metrics } from "#core/bundle/manifest.ts";

export const DatasetAnswer = z.object({ rows: z.int().min(0).nullable() });

export const ImportAnswer = z.object({
  inserted: z.int().min(0),
  updated: z.int().min(0),
  rejected: z.array(z.unknown()),
});

/** A model as the history lists it. */
export const ListedModel = z.object({
  id: z.string(),
  family: z.string(),
  specHash: z.string(),
  dataSha256: z.string(),
  seed: z.int(),
  trainedAt: z.string().optional(),
  metrics: z.object({ heldOut: Metrics, crossValidated: Metrics.nullable().optional() }),
  code: z.string().optional(),
  aliases: z.array(z.string()).default([]),
});
export type ListedModel = z.infer<typeof ListedModel>;

export const ModelsAnswer = z.object({ items: z.array(ListedModel), next: z.string().nullable() });

export const AliasAnswer = z.object({ model: z.string() });

/** A price as the API answers it. */
export const PredictAnswer = z.object({
  id: z.string().optional(),
  prediction: z.number(),
  unit: z.string(),
  interval: z.object({ low: z.number(), high: z.number(), coverage: z.number() }).optional(),
  model: z.object({ id: z.string(), family: z.string().optional(), alias: z.string().nullish() }),
  warnings: z.array(z.object({ pointer: z.string(), detail: z.string() })).default([]),
  explanation: PriceExplanation.nullish(),
});
export type PredictAnswer = z.infer<typeof PredictAnswer>;
