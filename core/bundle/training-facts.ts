// What a form needs to know of the rows a model was fitted to: a row to start from, what matters, and where the numbers lie.
import * as z from "zod";

/** Shares of the training rows whose quantiles are told, ascending; the first and last are the range. */
export const quantileShares = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;

const Value = z.union([z.string().max(200), z.number()]);

export const TrainingFacts = z.object({
  /** The most typical of the training rows that give every required feature; null where none does. */
  typical: z.record(z.string(), Value).nullable(),
  /** How much each feature moves predictions, as shares of 1; null for a model that does not say. */
  importance: z.record(z.string(), z.number().min(0)).nullable(),
  /** By number feature, its values at `quantileShares`; dates as days since 1970-01-01. */
  quantiles: z.record(z.string(), z.array(z.number()).length(quantileShares.length)),
});

export type TrainingFacts = z.infer<typeof TrainingFacts>;
