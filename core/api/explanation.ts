// Why a price is what it is, as the API answers it: from the price of the average thing, one step a feature, to the prediction.
import * as z from "zod";

/** What one feature does to the price, given the steps before it. */
const Step = z.object({
  /** Null for the one step that is no feature's: where the model or the spec does not let a price fall or rise any further. */
  feature: z.string().nullable(),
  title: z.string(),
  /** As the row gives it; null where it does not. */
  value: z.union([z.number(), z.string()]).nullable(),
  /** Of a number's value. */
  unit: z.string().nullable(),
  /**
   * The exact Shapley value, on the scale where contributions add up: logarithms for "factor"; for "sum" the target's unit, or its square
   * root where the model was fitted to that.
   */
  contribution: z.number(),
  /** What the running price is multiplied with; only on the scale "factor". */
  factor: z.number().optional(),
  /** What the running price grows by, in the target's unit. */
  amount: z.number(),
  /** The price after this step; after the last one, the prediction to the last bit. */
  running: z.number(),
});

/**
 * base.margin plus the contributions is the model's own sum; base.value times the factors (or plus the amounts) is the prediction. The
 * model adds in float32 and this in double: what lies between, some 1e-7 of the price, is spread over the factors and amounts by size.
 */
export const PriceExplanation = z.object({
  scale: z.enum(["factor", "sum"]),
  base: z.object({
    /** The price of the average thing: the model's mean over its training rows, in the target's unit. On "factor" a geometric mean. */
    value: z.number(),
    /** The same on the scale where contributions add up. */
    margin: z.number(),
  }),
  /** One a feature of the spec, the largest contribution first. */
  steps: z.array(Step),
  /** The steps in one line of plain English. */
  sentence: z.string(),
});

export type PriceExplanation = z.infer<typeof PriceExplanation>;
export type ExplanationStep = z.infer<typeof Step>;
