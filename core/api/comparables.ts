// Comparable items and what they cost.
import * as z from "zod";
import { ItemRow } from "./items.ts";

export const SimilarItems = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      features: ItemRow,
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
