// How the challenger prices beside the champion.
import * as z from "zod";
import { PriceDifferences } from "../metrics/price-differences.ts";

const Instant = z.iso.datetime();

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
