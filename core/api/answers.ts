// What the API answers, as schemas: the Worker documents them, clients may check against them.
import * as z from "zod";
import { Metrics, Params } from "../bundle/manifest.ts";
import { PriceExplanation } from "./explanation.ts";

const FieldErrors = z.array(z.object({ pointer: z.string(), detail: z.string() }));
const Instant = z.iso.datetime();
const JsonObject = z.record(z.string(), z.unknown());
const Row = z.record(z.string(), z.union([z.number(), z.string()]));

/** A page of a list; `next` is the cursor of the page after it. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const DatasetSummary = z.object({
  name: z.string(),
  title: z.string(),
  version: z.int(),
  specHash: z.string(),
  public: z.boolean(),
  champion: z.string().nullable(),
});

export const DatasetAnswer = z.object({
  name: z.string(),
  spec: JsonObject,
  specHash: z.string(),
  public: z.boolean(),
  /** JSON Schema 2020-12 of a row. */
  rowSchema: JsonObject,
  /** A row to start from. */
  example: Row,
  champion: z.object({ id: z.string(), family: z.string() }).nullable(),
  /** How many items there are; null while the database does not answer. */
  rows: z.int().nullable(),
});

export const Interval = z.object({ low: z.number(), high: z.number(), coverage: z.number() });

const PricedBy = z.object({
  id: z.string(),
  family: z.string(),
  /** The alias that was asked for; null where the model was named by its id. */
  alias: z.string().nullable(),
});

export const SimilarItems = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      features: Row,
      target: z.number().nullable(),
      distance: z.number(),
      exact: z.boolean(),
      /** Levels that are not the same: what was asked for, what this item has, and how many steps lie between. */
      differs: z.array(
        z.object({ feature: z.string(), wanted: z.string(), found: z.string(), steps: z.int() }),
      ),
    }),
  ),
  /** How many of the items have exactly the same match levels. */
  exact: z.int(),
});

export const Prediction = z.object({
  /** The id under which this request is logged. */
  id: z.string(),
  prediction: z.number(),
  unit: z.string(),
  interval: Interval,
  model: PricedBy,
  /** Features that the row does not give: the price rests on the others. */
  missing: z.array(z.string()),
  warnings: FieldErrors,
  /** Where explain=true asked for it; null where there is none at the moment, and a warning says why. */
  explanation: PriceExplanation.nullable().optional(),
  /** Where similar asked for them; null where there are none at the moment, and a warning says why. */
  similar: SimilarItems.nullable().optional(),
});

/** A price and why it is what it is. */
export const ExplainedPrediction = Prediction.omit({ similar: true }).extend({
  explanation: PriceExplanation,
});

export const BatchPrediction = z.object({
  id: z.string(),
  unit: z.string(),
  model: PricedBy,
  items: z.array(
    z.union([
      z.object({
        index: z.int(),
        prediction: z.number(),
        interval: Interval,
        missing: z.array(z.string()),
        warnings: FieldErrors,
      }),
      z.object({ index: z.int(), errors: FieldErrors }),
    ]),
  ),
});

const Value = z.union([z.number(), z.string()]);

export const SweepAnswer = z.object({
  id: z.string(),
  unit: z.string(),
  model: PricedBy,
  axes: z.array(z.object({ feature: z.string(), unit: z.string().nullable(), values: z.array(Value) })),
  missing: z.array(z.string()),
  /** In the order of the axes' values, those of the last axis varying fastest. */
  points: z.array(
    z.object({
      /** The value on each axis. */
      at: z.array(Value),
      prediction: z.number(),
      interval: Interval,
      warnings: FieldErrors,
    }),
  ),
});

export const Item = z.object({
  id: z.string(),
  features: Row,
  target: z.number().nullable(),
  revision: z.int(),
  createdAt: Instant,
  updatedAt: Instant,
});

export const ImportReport = z.object({
  inserted: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  rejectedCount: z.int(),
  /** The first rejected lines. */
  rejected: z.array(z.object({ line: z.int(), errors: FieldErrors })),
});

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
});

export const Snapshot = z.object({ dataset: z.string(), sha256: z.string(), created: z.boolean() });

export const Alias = z.object({
  alias: z.string(),
  model: z.string(),
  revision: z.int(),
  updatedAt: Instant,
});

export const AliasMove = z.object({
  revision: z.int(),
  model: z.string(),
  previous: z.string().nullable(),
  reason: z.string(),
  gate: z.unknown(),
  actor: z.string(),
  /** The request that moved it. */
  request: z.string(),
  time: Instant,
});

export const AccessToken = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.int(),
  scope: z.string(),
});

export const LoggedRequest = z.object({
  id: z.string(),
  time: Instant,
  method: z.string(),
  route: z.string(),
  path: z.string(),
  dataset: z.string().nullable(),
  status: z.int(),
  latencyMs: z.number(),
  modelId: z.string().nullable(),
  requestBody: z.string().nullable(),
  responseBody: z.string().nullable(),
  client: z.string().nullable(),
});

export const ReplayReport = z.object({
  /** Entries that are in the log now. */
  replayed: z.int(),
  /** Letters that are no log entries, left where they are. */
  unreadable: z.int(),
  next: z.string().nullable(),
});

export const Readiness = z.object({
  ready: z.boolean(),
  datasets: z.array(z.object({ name: z.string(), ready: z.boolean(), detail: z.string() })),
});

export type Readiness = z.infer<typeof Readiness>;
