// A feature of a dataset spec: a number or a category, its bounds and its words.
import * as z from "zod";
import { FieldName } from "./field-name.ts";

export const featureLimits = { levels: 1000, text: 2000 } as const;

const described = {
  name: FieldName,
  title: z.string().min(1).max(200).optional(),
  description: z.string().max(featureLimits.text).optional(),
  required: z.boolean().default(false),
  /** In which direction the price may only move when this feature grows (number) or its level gets better (ordered category). */
  monotone: z.enum(["increasing", "decreasing"]).optional(),
};

const NumberFeature = z.strictObject({
  ...described,
  type: z.literal("number"),
  unit: z.string().max(40).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.boolean().default(false),
  maximum: z.number().optional(),
  /** The step of the widget's number field; derived from the range where it is left out. */
  step: z.number().positive().optional(),
  /** The value a form starts from. */
  example: z.number().optional(),
});

const CategoryFeature = z.strictObject({
  ...described,
  type: z.literal("category"),
  levels: z.array(z.string().trim().min(1).max(200)).min(1).max(featureLimits.levels),
  /** Levels are listed from worst to best. */
  ordered: z.boolean().default(false),
  /** Plain-language help by level. */
  levelDescriptions: z.record(z.string().trim(), z.string().max(featureLimits.text)).optional(),
  example: z.string().trim().optional(),
});

export const Feature = z.discriminatedUnion("type", [NumberFeature, CategoryFeature]);

export type Feature = z.infer<typeof Feature>;
export type NumberFeature = z.infer<typeof NumberFeature>;
export type CategoryFeature = z.infer<typeof CategoryFeature>;
