// Columns that a spec derives from its features, such as a density from weight and sizes: products and ratios that trees cannot see at a split.
import * as z from "zod";
import type { Feature } from "./feature.ts";
import { FieldName } from "./field-name.ts";
import { wordsSchema } from "./words-schema.ts";

/** A feature, or some that are added up. An ordered level counts as its place in the spec's list, from 1. */
const Factor = z.union([FieldName, z.array(FieldName).min(2).max(8)]);

/** The product of `multiply` over the product of `divide`; missing where one of its features is. */
export const Derived = z.strictObject({
  name: FieldName,
  title: wordsSchema(200).optional(),
  description: wordsSchema(2000).optional(),
  multiply: z.array(Factor).min(1).max(8),
  divide: z.array(Factor).max(8).default([]),
});

export type Derived = z.infer<typeof Derived>;

/** The features that a derived column is made of, each once. */
export function sourcesOf({ multiply, divide }: Derived): string[] {
  return [...new Set([multiply, divide].flat(2))];
}

function isPositive(feature: Feature): boolean {
  if (feature.type === "category") return true;
  const { minimum = Number.NEGATIVE_INFINITY, exclusiveMinimum } = feature;
  return minimum > 0 || (minimum === 0 && exclusiveMinimum);
}

/** What is wrong with a derived column beside these features: where in it, and what is allowed. */
export function derivedFaults(
  derived: Derived,
  features: ReadonlyMap<string, Feature>,
): { path: PropertyKey[]; message: string }[] {
  const faults: { path: PropertyKey[]; message: string }[] = [];
  for (const part of ["multiply", "divide"] as const) {
    derived[part].forEach((factor, index) => {
      for (const name of [factor].flat()) {
        const feature = features.get(name);
        const message =
          feature?.type !== "number" && !(feature?.type === "category" && feature.ordered)
            ? `expected a number or an ordered category; got "${name}"`
            : part === "divide" && !isPositive(feature)
              ? `expected a number that the spec keeps above 0, since it divides; got "${name}"`
              : undefined;
        if (message) faults.push({ path: [part, index], message });
      }
    });
  }
  return faults;
}
