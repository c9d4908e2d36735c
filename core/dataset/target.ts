// The target of an item as callers send it, checked against the spec, and as a feature to whatever reads or checks columns.
import { type FieldError, quoted } from "../api/problem.ts";
import { hint, listNames } from "./did-you-mean.ts";
import type { CategoryFeature, NumberFeature } from "./feature.ts";
import type { DatasetSpec } from "./spec.ts";

/** The target told as a feature: a number with its bounds, or a category with its classes. */
export function targetAsFeature({ target }: DatasetSpec): NumberFeature | CategoryFeature {
  const { name, column, unit, minimum, maximum, levels } = target;
  if (levels) return { name, column, type: "category", levels, ordered: false, required: true };
  return { name, column, type: "number", unit, minimum, maximum, required: true, exclusiveMinimum: false };
}

/** What an amount may be, in words: "a finite number at least 1 USD". */
function allowedAmount({ target: { minimum, maximum, unit } }: DatasetSpec): string {
  const low = minimum === undefined ? "" : `at least ${minimum}`;
  const high = maximum === undefined ? "" : `at most ${maximum}`;
  const range = [low, high].filter(Boolean).join(" and ");
  return range ? `a finite number ${range} ${unit}` : `a finite number of ${unit}`;
}

/** What is wrong with `value` as a known target, told at `pointer`; undefined where it is one. */
export function findTargetFault(spec: DatasetSpec, value: unknown, pointer: string): FieldError | undefined {
  const { minimum = -Infinity, maximum = Infinity, levels } = spec.target;
  if (levels) {
    if (typeof value === "string" && levels.includes(value)) return undefined;
    const detail = `expected one of ${listNames(levels)}; got ${quoted(value)}${hint(value, levels)}`;
    return { pointer, detail };
  }
  const fits = typeof value === "number" && Number.isFinite(value) && value >= minimum && value <= maximum;
  return fits ? undefined : { pointer, detail: `expected ${allowedAmount(spec)}; got ${quoted(value)}` };
}
