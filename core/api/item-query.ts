// Which items a list shows, and in which order: filters and a sort as the query writes them, read against the spec.
import { findNumber } from "../dataset/cell.ts";
import type { CategoryFeature } from "../dataset/feature.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import { type FieldError, quoted } from "./problem.ts";
import { Refusal } from "./refusal.ts";

export const filterOperators = ["eq", "ne", "lt", "lte", "gt", "gte"] as const;
export type FilterOperator = (typeof filterOperators)[number];

/** What every item has beside its features and its target. */
export const itemTimes = ["createdAt", "updatedAt"] as const;
type ItemTime = (typeof itemTimes)[number];

/** Where a value of an item is kept. */
export type Place =
  | { readonly kind: "feature"; readonly name: string }
  | { readonly kind: "target" }
  | { readonly kind: "time"; readonly name: ItemTime };

/** One condition; `among`: any of these levels; `compare`: a number, or milliseconds since 1970 of a time. */
export type Filter =
  | { readonly place: Place; readonly kind: "known" | "unknown" }
  | { readonly place: Place; readonly kind: "among"; readonly levels: readonly string[] }
  | {
      readonly place: Place;
      readonly kind: "compare";
      readonly operator: FilterOperator;
      readonly value: number;
    };

export interface Sort {
  readonly by: Place | { readonly kind: "id" };
  readonly descending: boolean;
  /** The levels from lowest to highest, where they have an order. */
  readonly levels?: readonly string[];
}

/** More conditions than this are refused. */
export const maxFilters = 32;

const filterPattern = /^([A-Za-z_][A-Za-z0-9_]{0,63}):([a-z]+):(.*)$/s;

function refuse(parameter: string, detail: string): never {
  const errors: FieldError[] = [{ pointer: `/${parameter}`, detail }];
  throw new Refusal("malformed", `the ${parameter} is wrong: ${detail}`, { errors });
}

const namesOf = ({ features, target }: DatasetSpec) => [
  ...features.map(({ name }) => name),
  target.name,
  ...itemTimes,
];

/** A feature hides a time of the same name. */
function findPlace(spec: DatasetSpec, name: string): Place | undefined {
  if (spec.features.some((feature) => feature.name === name)) return { kind: "feature", name };
  if (name === spec.target.name) return { kind: "target" };
  const time = itemTimes.find((one) => one === name);
  return time && { kind: "time", name: time };
}

const categoryAt = ({ features }: DatasetSpec, name: string): CategoryFeature | undefined => {
  const feature = features.find((one) => one.name === name);
  return feature?.type === "category" ? feature : undefined;
};

/** Levels that compare so with `level`, in the spec's order from worst to best. */
function levelsThat({ levels }: CategoryFeature, operator: FilterOperator, level: string): string[] {
  const at = levels.indexOf(level);
  const holds: Record<FilterOperator, (other: number) => boolean> = {
    eq: (other) => other === at,
    ne: (other) => other !== at,
    lt: (other) => other < at,
    lte: (other) => other <= at,
    gt: (other) => other > at,
    gte: (other) => other >= at,
  };
  return levels.filter((_, other) => holds[operator](other));
}

function parseLevels(category: CategoryFeature, operator: FilterOperator, text: string): string[] {
  const { name, levels, ordered } = category;
  if (!levels.includes(text))
    refuse("filter", `expected one of ${levels.join(", ")} for ${name}; got ${quoted(text)}`);
  if (!ordered && operator !== "eq" && operator !== "ne")
    refuse("filter", `expected eq or ne for ${name}, whose levels have no order; got ${operator}`);
  return levelsThat(category, operator, text);
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

function parseValue(place: Place, name: string, text: string): number {
  const value = place.kind === "time" && instant.test(text) ? Date.parse(text) : Number.NaN;
  const found = place.kind === "time" ? value : findNumber(text);
  if (found !== undefined && Number.isFinite(found)) return found;
  const allowed = place.kind === "time" ? "a time as 2026-01-31T12:00:00Z" : "a finite number";
  return refuse("filter", `expected ${allowed} for ${name}; got ${quoted(text)}`);
}

function parseFilter(spec: DatasetSpec, text: string): Filter {
  const [, name, word, value] = filterPattern.exec(text) ?? [];
  if (name === undefined)
    refuse(
      "filter",
      `expected <name>:<operator>:<value>, as in ${spec.target.name}:gte:1; got ${quoted(text)}`,
    );
  const place = findPlace(spec, name);
  if (!place) refuse("filter", `expected one of ${namesOf(spec).join(", ")}; got ${quoted(name)}`);
  const operator = filterOperators.find((one) => one === word);
  if (!operator)
    refuse("filter", `expected one of ${filterOperators.join(", ")} after ${name}; got ${quoted(word)}`);
  if (value === "" && operator === "eq") return { place, kind: "unknown" };
  if (value === "" && operator === "ne") return { place, kind: "known" };
  const category = place.kind === "feature" ? categoryAt(spec, name) : undefined;
  if (category) return { place, kind: "among", levels: parseLevels(category, operator, value) };
  return { place, kind: "compare", operator, value: parseValue(place, name, value) };
}

const isOneLevel = (text: string) => /^[^:]*:eq:./s.test(text);

/**
 * Conditions that all hold. Several `eq` of one category are one condition: any of these levels. An item without the value passes
 * only `eq` nothing. Throws a refusal that names what is allowed.
 */
export function parseFilters(spec: DatasetSpec, texts: readonly string[]): Filter[] {
  if (texts.length > maxFilters) refuse("filter", `expected at most ${maxFilters}; got ${texts.length}`);
  const filters: Filter[] = [];
  const anyOf = new Map<string, string[]>();
  for (const text of texts) {
    const filter = parseFilter(spec, text);
    if (filter.kind !== "among" || !isOneLevel(text) || filter.place.kind !== "feature") {
      filters.push(filter);
      continue;
    }
    const { name } = filter.place;
    const levels = anyOf.get(name) ?? [];
    if (levels.length === 0) filters.push({ place: filter.place, kind: "among", levels });
    levels.push(...filter.levels);
    anyOf.set(name, levels);
  }
  return filters;
}

/** `carat` from low to high, `-carat` from high to low. Throws a refusal that names what is allowed. */
export function parseSort(spec: DatasetSpec, text: string): Sort {
  const descending = text.startsWith("-");
  const name = descending ? text.slice(1) : text;
  if (name === "id") return { by: { kind: "id" }, descending };
  const place = findPlace(spec, name);
  if (!place)
    return refuse(
      "sort",
      `expected one of id, ${namesOf(spec).join(", ")}, or one after -; got ${quoted(text)}`,
    );
  const category = place.kind === "feature" ? categoryAt(spec, name) : undefined;
  return category?.ordered ? { by: place, descending, levels: category.levels } : { by: place, descending };
}
