// A row as callers send it, checked against the spec: strict about names and types, generous about ranges it was not trained on.
import { type FieldError, InputError, quoted, toPointer } from "../api/problem.ts";
import { type CalendarKind, calendarExamples, findDay, formatDay } from "./calendar.ts";
import { didYouMean, hint, listNames } from "./did-you-mean.ts";
import type { CategoryFeature, Feature, NumberFeature } from "./feature.ts";
import type { DatasetSpec } from "./spec.ts";

/** One thing to price: feature name to value; an absent feature is unknown. */
export type Row = Readonly<Record<string, number | string>>;

function checkNumber(feature: NumberFeature, value: unknown): string | undefined {
  if (typeof value !== "number") return `expected a number${range(feature)}; got ${quoted(value)}`;
  if (!Number.isFinite(value)) return `expected a finite number${range(feature)}; got ${quoted(value)}`;
  if (feature.integer && !Number.isInteger(value))
    return `expected a whole number${range(feature)}; got ${value}`;
  return checkBounds(feature, value, String(value));
}

function checkBounds(feature: NumberFeature, value: number, shown: string): string | undefined {
  const { minimum, maximum, exclusiveMinimum } = feature;
  const tooSmall = minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum);
  const tooLarge = maximum !== undefined && value > maximum;
  return tooSmall || tooLarge ? `expected ${nounOf(feature)}${range(feature)}; got ${shown}` : undefined;
}

const nounOf = ({ as, integer }: NumberFeature) =>
  as ? calendarExamples[as] : integer ? "a whole number" : "a number";

function checkDay(feature: NumberFeature, as: CalendarKind, value: unknown): string | undefined {
  const day = typeof value === "string" ? findDay(value, as) : undefined;
  if (day === undefined) return `expected ${nounOf(feature)}${range(feature)}; got ${quoted(value)}`;
  return checkBounds(feature, day, quoted(value));
}

const levelSets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The levels as a set: a list of thousands is not searched for every row. */
function levelSet(levels: readonly string[]): ReadonlySet<string> {
  const known = levelSets.get(levels) ?? new Set(levels);
  levelSets.set(levels, known);
  return known;
}

function checkLevel({ levels, as }: CategoryFeature, value: unknown): string | undefined {
  if (typeof value === "string" && levelSet(levels).has(value)) return undefined;
  if (as) return `expected true or false; got ${quoted(value)}`;
  return `expected one of ${listNames(levels)}; got ${quoted(value)}${hint(value, levels)}`;
}

/** Blanks around a level mean nothing: the spec's levels are trimmed too. A boolean is kept as its level. */
function trimmed(feature: Feature, value: unknown): unknown {
  if (typeof value === "boolean" && feature.as === "boolean") return String(value);
  return feature.type === "category" && typeof value === "string" ? value.trim() : value;
}

/** " above 0 and at most 15 ct": the range of a number in words, empty where it is unbounded. */
export function range(feature: NumberFeature): string {
  const unit = feature.unit ? ` ${feature.unit}` : "";
  const shown = (bound: number) => (feature.as ? formatDay(bound, feature.as) : bound);
  const low =
    feature.minimum === undefined
      ? ""
      : `${feature.exclusiveMinimum ? "above" : "at least"} ${shown(feature.minimum)}`;
  const high = feature.maximum === undefined ? "" : `at most ${shown(feature.maximum)}`;
  const words = [low, high].filter(Boolean).join(" and ");
  return words ? ` ${words}${unit}` : "";
}

function checkFeature(feature: Feature, value: unknown): string | undefined {
  if (feature.type === "category") return checkLevel(feature, value);
  return feature.as ? checkDay(feature, feature.as, value) : checkNumber(feature, value);
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
    feature.type === "number"
      ? `${nounOf(feature)}${range(feature)}`
      : feature.as
        ? "true or false"
        : `one of ${listNames(feature.levels)}`;
  return `required: expected ${what}; got nothing`;
}
