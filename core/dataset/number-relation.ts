// How one number of a dataset goes with another, as a manifest stores it; apart from its use, so that pages that warn need no schema library.
import * as z from "zod";

/** feature = intercept + slope * by, of logarithms where `scale` is log, plus a residual that lies between low and high. */
export const NumberRelation = z.object({
  feature: z.string().max(64),
  by: z.string().max(64),
  scale: z.enum(["none", "log"]),
  intercept: z.number(),
  slope: z.number(),
  /** Quantiles of the residuals: all but `2 * tailShare` of the training rows lie between them. */
  low: z.number(),
  high: z.number(),
});

export type NumberRelation = z.infer<typeof NumberRelation>;
