// What the trainer reads from a server's answers: only the fields it uses, checked, the rest let through unseen.
import * as z from "zod";
import { PriceExplanation } from "#core/api/explanation.ts";
import { LoggedRequest } from "#core/api/requests.ts";
import { Metrics } from "#core/bundle/manifest.ts";

export const DatasetAnswer = z.object({ rows: z.int().min(0).nullable() });

const FieldErrors = z.array(z.object({ pointer: z.string(), detail: z.string() }));

export const ImportAnswer = z.object({
  inserted: z.int().min(0),
  updated: z.int().min(0),
  unchanged: z.int().min(0).default(0),
  rejectedCount: z.int().min(0).default(0),
  rejected: z.array(z.object({ line: z.int(), errors: FieldErrors })),
});
export type ImportAnswer = z.infer<typeof ImportAnswer>;

const Values = z.record(z.string(), z.union([z.number(), z.string()]));

export const ItemAnswer = z.object({
  id: z.string(),
  features: Values,
  target: z.number().nullable(),
  revision: z.int(),
  updatedAt: z.string(),
});
export type ItemAnswer = z.infer<typeof ItemAnswer>;

export const ItemsAnswer = z.object({ items: z.array(ItemAnswer), next: z.string().nullable() });
export type ItemsAnswer = z.infer<typeof ItemsAnswer>;

const ItemContent = z.object({ features: Values, target: z.number().nullable() }).nullable();

export const ItemChange = z.object({
  revision: z.int(),
  action: z.string().nullable(),
  actor: z.string().nullable(),
  time: z.string(),
  before: ItemContent,
  after: ItemContent,
});
export type ItemChange = z.infer<typeof ItemChange>;

export const ItemHistoryAnswer = z.object({ items: z.array(ItemChange), next: z.string().nullable() });

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
  everLive: z.boolean().default(false),
});
export type ListedModel = z.infer<typeof ListedModel>;

export const ModelsAnswer = z.object({ items: z.array(ListedModel), next: z.string().nullable() });

export const AliasAnswer = z.object({ model: z.string() });

export const MovedAlias = z.object({ alias: z.string(), model: z.string(), revision: z.int() });

/** A move as the ledger lists it. */
export const ListedMove = z.object({
  revision: z.int(),
  kind: z.string(),
  model: z.string().nullable(),
  previous: z.string().nullable(),
  restores: z.int().nullable(),
  reason: z.string(),
  gate: z.unknown(),
  actor: z.string(),
  request: z.string(),
  time: z.string(),
});
export type ListedMove = z.infer<typeof ListedMove>;

export const MovesAnswer = z.object({ items: z.array(ListedMove), next: z.string().nullable() });

/** Files of a bundle that was never published. */
export const AbandonedBundle = z.object({
  model: z.string(),
  bundle: z.string(),
  files: z.int(),
  bytes: z.int(),
  uploadedAt: z.string(),
});
export type AbandonedBundle = z.infer<typeof AbandonedBundle>;

export const AbandonedAnswer = z.object({ items: z.array(AbandonedBundle), next: z.string().nullable() });

/** A request as the log keeps it, as far as replaying it needs. */
export const LoggedAnswer = LoggedRequest.omit({ client: true, outcome: true });
export type LoggedAnswer = z.infer<typeof LoggedAnswer>;

/** A price as the API answers it. */
export const PredictAnswer = z.object({
  id: z.string().optional(),
  prediction: z.number(),
  unit: z.string(),
  interval: z.object({ low: z.number(), high: z.number(), coverage: z.number() }).optional(),
  model: z.object({ id: z.string(), family: z.string().optional(), alias: z.string().nullish() }),
  warnings: FieldErrors.default([]),
  explanation: PriceExplanation.nullish(),
});
export type PredictAnswer = z.infer<typeof PredictAnswer>;
