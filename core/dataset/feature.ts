// A feature of a dataset spec: a number or a category, its bounds and its words. A date is a number, a yes or no a category to models.
import * as z from "zod";
import { type CalendarKind, findDay } from "./calendar.ts";
import { FieldName } from "./field-name.ts";
import { wordsSchema } from "./words-schema.ts";

export const featureLimits = { levels: 100_000, text: 2000 } as const;

const described = {
  name: FieldName,
  title: wordsSchema(200).optional(),
  description: wordsSchema(featureLimits.text).optional(),
  required: z.boolean().default(false),
  /** In which direction the price may only move when this feature grows (number) or its level gets better (ordered category). */
  monotone: z.enum(["increasing", "decreasing"]).optional(),
};

const NumberFeature = z.strictObject({
  ...described,
  type: z.literal("number"),
  /** Rows carry an ISO text; models, and the bounds here, see its days since 1970-01-01. */
  as: z.enum(["date", "datetime"]).optional(),
  /** Whether only whole numbers are values. */
  integer: z.boolean().optional(),
  unit: z.string().max(40).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.boolean().default(false),
  maximum: z.number().optional(),
  /** The step of the widget's number field; derived from the range where it is left out. */
  step: z.number().positive().optional(),
  /** The value a form starts from; an ISO text for a date. */
  example: z.union([z.number(), z.string().max(40)]).optional(),
});

const Spellings = z.array(z.string().trim().min(1).max(40)).min(1).max(20);

const CategoryFeature = z.strictObject({
  ...described,
  type: z.literal("category"),
  /** Rows carry true or false; its levels are "false" and "true". */
  as: z.literal("boolean").optional(),
  /** How a table's texts say true and false, beside true/false, yes/no, y/n, t/f and 1/0 in any case. */
  spellings: z.strictObject({ true: Spellings, false: Spellings }).optional(),
  levels: z.array(z.string().trim().min(1).max(200)).min(1).max(featureLimits.levels),
  /** Levels are listed from worst to best. */
  ordered: z.boolean().default(false),
  /** Plain-language help by level. */
  levelDescriptions: z.record(z.string().trim(), wordsSchema(featureLimits.text)).optional(),
  example: z.string().trim().optional(),
});

/** The levels of a boolean, in the order of their codes. */
export const booleanLevels: readonly string[] = ["false", "true"];

const dayOf = (value: unknown, kind: CalendarKind) =>
  typeof value === "string" ? (findDay(value, kind) ?? value) : value;

/** The types boolean, date and datetime are short for what they are to models. */
function expand(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const feature = value as Record<string, unknown>;
  const { type, minimum, maximum, example } = feature;
  if (type === "boolean") {
    const shown = typeof example === "boolean" ? { example: String(example) } : {};
    return {
      ...feature,
      ...shown,
      type: "category",
      as: "boolean",
      levels: [...booleanLevels],
      ordered: true,
    };
  }
  if (type === "date" || type === "datetime") {
    const bounds = {
      ...(minimum === undefined ? {} : { minimum: dayOf(minimum, type) }),
      ...(maximum === undefined ? {} : { maximum: dayOf(maximum, type) }),
    };
    return { ...feature, ...bounds, type: "number", as: type };
  }
  return value;
}

export const Feature = z.preprocess(expand, z.discriminatedUnion("type", [NumberFeature, CategoryFeature]));

export type Feature = z.infer<typeof Feature>;
export type NumberFeature = z.infer<typeof NumberFeature>;
export type CategoryFeature = z.infer<typeof CategoryFeature>;

/** What is wrong with a feature that its schema cannot tell: where in it, and what is allowed. */
export function featureFaults(feature: Feature): { path: PropertyKey[]; message: string }[] {
  const faults: { path: PropertyKey[]; message: string }[] = [];
  const fault = (path: PropertyKey[], message: string) => faults.push({ path, message });
  if (feature.type === "number") {
    const { minimum = -Infinity, maximum = Infinity, example, as } = feature;
    if (minimum >= maximum) fault(["maximum"], `expected more than the minimum, ${minimum}`);
    if (as && feature.integer !== undefined) fault(["integer"], `a ${as} is not said to be whole`);
    const isText = typeof example === "string";
    if (example !== undefined && isText !== (as !== undefined)) {
      fault(["example"], as ? "expected an ISO text" : "expected a number");
    } else if (isText && as && findDay(example, as) === undefined) fault(["example"], "expected an ISO text");
    return faults;
  }
  const seen = new Set<string>();
  feature.levels.forEach((level, at) => {
    if (seen.has(level)) fault(["levels", at], `"${level}" is already a level`);
    seen.add(level);
  });
  if (feature.as && feature.levels.join() !== booleanLevels.join()) {
    fault(["levels"], "expected the levels false and true, since it is a boolean");
  }
  if (feature.spellings && !feature.as) fault(["spellings"], "only a boolean has spellings");
  if (feature.monotone && !feature.ordered) {
    fault(["monotone"], "only a number or an ordered category can be monotone");
  }
  for (const level of Object.keys(feature.levelDescriptions ?? {})) {
    if (!seen.has(level)) {
      fault(["levelDescriptions", level], `expected one of ${feature.levels.slice(0, 20).join(", ")}`);
    }
  }
  return faults;
}
