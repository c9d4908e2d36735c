// What a price is answered as: one row's, and the parts that batches and sweeps share.
import * as z from "zod";
import { SimilarItems } from "./comparables.ts";
import { PriceExplanation } from "./explanation.ts";
import { FieldErrors } from "./problem-document.ts";

export const Interval = z.object({ low: z.number(), high: z.number(), coverage: z.number() });

export const PricedBy = z.object({
  id: z.string(),
  family: z.string(),
  /** The alias that was asked for; null where the model was named by its id. */
  alias: z.string().nullable(),
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
