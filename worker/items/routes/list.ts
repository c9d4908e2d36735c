// What lists of items share: how filter and sort are asked for, and read against the spec.
import { z } from "@hono/zod-openapi";
import { type Filter, maxFilters, parseFilters, parseSort, type Sort } from "#core/api/item-query.ts";
import { Refusal } from "#core/api/refusal.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { AppContext } from "../../http/context.ts";
import { limits } from "../../http/limits.ts";
import { hasMoreItems, isIndexed } from "../store/list.ts";

const longestFilter = 300;
const Filters = z.array(z.string().max(longestFilter)).max(maxFilters);

/** `filter` may be there many times; one alone comes as a text. */
export const filterQuery = {
  filter: z
    .preprocess((given) => (typeof given === "string" ? [given] : given), Filters.optional())
    .openapi({
      type: "array",
      items: {
        type: "string",
        maxLength: longestFilter,
        pattern: "^[A-Za-z_][A-Za-z0-9_]*:(eq|ne|lt|lte|gt|gte):",
      },
      maxItems: maxFilters,
      description:
        "<name>:<operator>:<value>, where name is a feature, the target, createdAt or updatedAt, and operator one of eq, ne, lt, lte, gt, " +
        "gte; such as carat:gte:1. May be repeated: all must hold, except that several eq of one category mean any of these levels. " +
        "Ordered levels compare by their order. Without a value, eq means that it is missing and ne that it is known.",
    }),
};

export const sortQuery = {
  sort: z
    .string()
    .max(70)
    .default("id")
    .meta({
      description:
        "id, createdAt, updatedAt, the target or a feature; - before it for descending. Ordered levels sort by their order, ties by id, " +
        `missing values come last. Any name will do up to ${limits.sortedItems} items; beyond, those that an index has: id, ` +
        "updatedAt, the target, and the nearest-by feature where filters fix every match level.",
    }),
};

export function parseListFilters(spec: DatasetSpec, filter: unknown): Filter[] {
  return parseFilters(spec, Filters.optional().parse(filter) ?? []);
}

/** Reads the order; refuses one that would have to read too many items. */
export async function parseListSort(
  c: AppContext,
  spec: DatasetSpec,
  text: string,
  filters: readonly Filter[],
): Promise<Sort> {
  const sort = parseSort(spec, text);
  if (isIndexed(spec, sort, filters) || !(await hasMoreItems(c.env, spec.name, limits.sortedItems)))
    return sort;
  const detail = `expected id, updatedAt or ${spec.target.name}: more than ${limits.sortedItems} items are sorted by an index only`;
  throw new Refusal("malformed", `the sort is wrong: ${detail}`, { errors: [{ pointer: "/sort", detail }] });
}
