// Logged requests, and outcomes: the actual prices of what was predicted.
import * as z from "zod";

const Instant = z.iso.datetime();

/** The body that records an actual price. */
export const NewOutcome = z.strictObject({
  /** In the unit of the target. */
  target: z.number(),
});

export const Outcome = z.object({
  /** The actual price, in the unit of the target. */
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
