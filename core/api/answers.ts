// What the API answers, as schemas: the Worker documents them, clients may check against them.
import * as z from "zod";
import { Metrics, Params } from "../bundle/manifest.ts";
import { TrainingFacts } from "../bundle/training-facts.ts";
import { PriceDifferences } from "../metrics/price-differences.ts";
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
  example: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  champion: z.object({ id: z.string(), family: z.string() }).nullable(),
  /** Of the champion's training rows, for forms: booleans are "true" and "false". Null where it does not say. */
  training: TrainingFacts.nullable(),
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
      /** By each number or place that is compared: the item's value less the row's, in its unit; for a place the kilometres between. */
      apart: z.array(z.object({ by: z.string(), difference: z.number(), unit: z.string() })),
    }),
  ),
  /** False only where so many items are so near that not all of them were read. */
  complete: z.boolean(),
  /** How many of the items have exactly the same match levels. */
  exact: z.int(),
  /** What the nearest items with the same match levels cost, over more of them than are answered; null where no target is known. */
  spread: z
    .object({
      count: z.int(),
      /** The span of the number that is compared; null where only a place is. */
      nearest: z.object({ low: z.number(), high: z.number() }).nullable(),
      median: z.number(),
      lowerQuartile: z.number(),
      upperQuartile: z.number(),
    })
    .nullable(),
});

export const Prediction = z.object({
  /** The id under which this request is logged. */
  id: z.string(),
  /** The sender's own name for the row, where it carried one. */
  key: z.string().optional(),
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

/** What a row of a batch carries through: its id or key, and columns that ?keep= names. */
const Kept = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const BatchPrediction = z.object({
  id: z.string(),
  unit: z.string(),
  model: PricedBy,
  items: z.array(
    z.union([
      z.object({
        index: z.int(),
        kept: Kept.optional(),
        prediction: z.number(),
        interval: Interval,
        missing: z.array(z.string()),
        warnings: FieldErrors,
      }),
      z.object({ index: z.int(), kept: Kept.optional(), errors: FieldErrors }),
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

const ItemContent = z.object({ features: Row, target: z.number().nullable() }).nullable();

export const ItemChange = z.object({
  revision: z.int(),
  /** Null, as actor and request, where it was written before changes were recorded. */
  action: z.enum(["create", "replace", "patch", "delete", "import"]).nullable(),
  actor: z.string().nullable(),
  /** The request that made the change. */
  request: z.string().nullable(),
  time: Instant,
  /** Null where there was no item. */
  before: ItemContent,
  after: ItemContent,
});

export const ImportReport = z.object({
  inserted: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  rejectedCount: z.int(),
  /** The first rejected lines. */
  rejected: z.array(z.object({ line: z.int(), errors: FieldErrors })),
});

export const Outcome = z.object({
  /** What the thing really cost, in the unit of the target. */
  actual: z.number(),
  prediction: z.number(),
  /** The prediction less the actual. */
  error: z.number(),
  /** Whether the interval held the actual; null where none was answered. */
  covered: z.boolean().nullable(),
  actor: z.string(),
  time: Instant,
});

const OutcomeMetrics = {
  count: z.int(),
  meanAbsoluteError: z.number(),
  rootMeanSquaredError: z.number(),
  /** Over the outcomes that are not 0; null where there are none. */
  meanAbsolutePercentageError: z.number().nullable(),
  /** The mean of prediction less actual: above 0 where prices are too high. */
  meanError: z.number(),
  /** The share of outcomes within their interval; null where no interval was answered. */
  covered: z.number().nullable(),
};

export const OutcomeSummary = z.object({
  ...OutcomeMetrics,
  models: z.array(z.object({ model: z.string(), ...OutcomeMetrics })),
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

export const Snapshot = z.object({ dataset: z.string(), sha256: z.string(), created: z.boolean() });

export const Alias = z.object({
  alias: z.string(),
  model: z.string(),
  revision: z.int(),
  updatedAt: Instant,
});

export const AliasMove = z.object({
  revision: z.int(),
  kind: z.enum(["move", "rollback", "removal"]),
  /** Where it points from then on; null after a removal. */
  model: z.string().nullable(),
  previous: z.string().nullable(),
  /** Of a rollback: the revision whose model it brought back. */
  restores: z.int().nullable(),
  reason: z.string(),
  gate: z.unknown(),
  actor: z.string(),
  /** The request that moved it. */
  request: z.string(),
  time: Instant,
});

export const ShadowSummary = z.object({
  champion: z.string(),
  challenger: z.string(),
  /** Predictions that both have priced. */
  count: z.int(),
  /** How often the challenger gave no price, by reason. */
  faults: z.record(z.string(), z.int()),
  from: Instant.nullable(),
  to: Instant.nullable(),
  /** Null while there are none. */
  differences: PriceDifferences.nullable(),
  /** The rows where both are furthest apart. */
  worst: z.array(
    z.object({
      request: z.string(),
      champion: z.number(),
      challenger: z.number(),
      difference: z.number(),
      relative: z.number().nullable(),
    }),
  ),
});
export type ShadowSummary = z.infer<typeof ShadowSummary>;

export const AccessToken = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.int(),
  scope: z.string(),
  /** Good for one use, which answers the next one; users only. */
  refresh_token: z.string().optional(),
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
  /** The true price, where it has become known. */
  outcome: Outcome.nullable(),
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
