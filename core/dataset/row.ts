// A row as callers send it, checked against the spec: strict about names and types, generous about ranges it was not trained on.
import { type FieldError, InputError, quoted, toPointer } from "../api/problem.ts";
import { didYouMean, hint, listNames } from "./did-you-mean.ts";
import type { CategoryFeature, Feature, NumberFeature } from "./feature.ts";
import type { DatasetSpec } from "./spec.ts";

/** One thing to price: feature name to value; an absent feature is unknown. */
export type Row = Readonly<Record<string, number | string>>;

function checkNumber(feature: NumberFeature, value: unknown): string | undefined {
  if (typeof value !== "number") return `expected a number${range(feature)}; got ${quoted(value)}`;
  if (!Number.isFinite(value)) return `expected a finite number${range(feature)}; got ${quoted(value)}`;
  const { minimum, maximum, exclusiveMinimum } = feature;
  const tooSmall = minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum);
  const tooLarge = maximum !== undefined && value > maximum;
  return tooSmall || tooLarge ? `expected a number${range(feature)}; got ${value}` : undefined;
}

function checkLevel({ levels }: CategoryFeature, value: unknown): string | undefined {
  if (typeof value === "string" && levels.includes(value)) return undefined;
  return `expected one of ${listNames(levels)}; got ${quoted(value)}${hint(value, levels)}`;
}

/** Blanks around a level mean nothing: the spec's levels are trimmed too. */
function trimmed(feature: Feature, value: unknown): unknown {
  return feature.type === "category" && typeof value === "string" ? value.trim() : value;
}

/** " above 0 and at most 15 ct": the range of a number in words, empty where it is unbounded. */
export function range(feature: NumberFeature): string {
  const unit = feature.unit ? ` ${feature.unit}` : "";
  const low =
    feature.minimum === undefined
      ? ""
      : `${feature.exclusiveMinimum ? "above" : "at least"} ${feature.minimum}`;
  const high = feature.maximum === undefined ? "" : `at most ${feature.maximum}`;
  const words = [low, high].filter(Boolean).join(" and ");
  return words ? ` ${words}${unit}` : "";
}

function checkFeature(feature: Feature, value: unknown): string | undefined {
  return feature.type === "number" ? checkNumber(feature, value) : checkLevel(feature, value);
}

/**
 * Checks an untrusted value as a row of `spec`; null counts as absent for an optional feature.
 * Throws InputError with one fault a field. `extra` names fields that are allowed beside the features (the target, an id).
 */
export function checkRow(spec: DatasetSpec, value: unknown, extra: readonly string[] = []): Row {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError([
      { pointer: "", detail: `expected an object with one field a feature; got ${quoted(value)}` },
    ]);
  }
  const given = value as Record<string, unknown>;
  const names = spec.features.map((feature) => feature.name);
  const errors: FieldError[] = [];
  for (const name of Object.keys(given)) {
    if (names.includes(name) || extra.includes(name)) continue;
    const meant = didYouMean(name, names);
    const allowed = meant ? `did you mean "${meant}"?` : `expected only ${listNames(names)}`;
    errors.push({ pointer: toPointer([name.slice(0, 64)]), detail: `unknown field; ${allowed}` });
    if (errors.length >= 20) break;
  }
  const row: Record<string, number | string> = {};
  for (const feature of spec.features) {
    const own = Object.hasOwn(given, feature.name) ? trimmed(feature, given[feature.name]) : undefined;
    if (own === undefined || own === null) {
      if (feature.required) errors.push({ pointer: toPointer([feature.name]), detail: required(feature) });
      continue;
    }
    const detail = checkFeature(feature, own);
    if (detail) errors.push({ pointer: toPointer([feature.name]), detail });
    else row[feature.name] = own as number | string;
  }
  if (errors.length > 0) throw new InputError(errors);
  return row;
}

function required(feature: Feature): string {
  const what =
    feature.type === "number" ? `a number${range(feature)}` : `one of ${feature.levels.join(", ")}`;
  return `required: expected ${what}; got nothing`;
}
