// The target of an item as callers send it, checked against the spec.
import { type FieldError, quoted } from "../api/problem.ts";
import type { DatasetSpec } from "./spec.ts";

/** What a target may be, in words: "a finite number at least 1 USD". */
function allowedTarget({ target: { minimum, maximum, unit } }: DatasetSpec): string {
  const low = minimum === undefined ? "" : `at least ${minimum}`;
  const high = maximum === undefined ? "" : `at most ${maximum}`;
  const range = [low, high].filter(Boolean).join(" and ");
  return range ? `a finite number ${range} ${unit}` : `a finite number of ${unit}`;
}

/** What is wrong with `value` as a known target, told at `pointer`; undefined where it is one. */
export function findTargetFault(spec: DatasetSpec, value: unknown, pointer: string): FieldError | undefined {
  const { minimum = -Infinity, maximum = Infinity } = spec.target;
  const fits = typeof value === "number" && Number.isFinite(value) && value >= minimum && value <= maximum;
  return fits ? undefined : { pointer, detail: `expected ${allowedTarget(spec)}; got ${quoted(value)}` };
}
