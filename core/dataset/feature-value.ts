// A feature's value as rows carry it and as models see it: a date is its days, a boolean the level "true" or "false".
import { findDay } from "./calendar.ts";
import type { CategoryFeature, NumberFeature } from "./feature.ts";

/** The number that models see of a checked value; NaN where it is missing. */
export function numberOf(feature: NumberFeature, value: number | string | undefined): number {
  if (typeof value === "number") return value;
  if (value === undefined || feature.as === undefined) return Number.NaN;
  return findDay(value, feature.as) ?? Number.NaN;
}

/** The number of a value whose feature is known to be a number: an ISO text counts as its days. */
export function numberOfValue(value: number | string | undefined): number | undefined {
  return typeof value === "string" ? findDay(value, "datetime") : value;
}

const yes = ["true", "yes", "y", "t", "1", "1.0"];
const no = ["false", "no", "n", "f", "0", "0.0"];

/** The level that a table's text says for a boolean; undefined where it says neither. */
export function findBoolean({ spellings }: CategoryFeature, text: string): "true" | "false" | undefined {
  const plain = text.trim().toLowerCase();
  const says = (words: readonly string[] | undefined) =>
    words?.some((word) => word.toLowerCase() === plain) ?? false;
  if (says(spellings?.true)) return "true";
  if (says(spellings?.false)) return "false";
  if (yes.includes(plain)) return "true";
  return no.includes(plain) ? "false" : undefined;
}
