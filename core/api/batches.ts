// What a batch of rows is answered as.
import * as z from "zod";
import { Interval, PricedBy } from "./prices.ts";
import { FieldErrors } from "./problem-document.ts";

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
