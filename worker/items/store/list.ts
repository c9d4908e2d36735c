// Lists of items in SQL: filters and sorts become statements whose every value is bound; each page reads a bounded number of rows.

import * as z from "zod";
import type { Filter, FilterOperator, Place, Sort } from "#core/api/item-query.ts";
import { Refusal } from "#core/api/refusal.ts";
import { nearestNumber } from "#core/dataset/nearest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Env } from "../../env.ts";
import { sha256 } from "../../storage/content.ts";
import { encodeCursor, type Page, parseCursor } from "../../storage/cursor.ts";
import { withStorage } from "../../storage/database.ts";
import { type Item, type ItemRow, readItem } from "./items.ts";

/** SQL with the values of its question marks. */
interface Sql {
  readonly text: string;
  readonly bound: readonly (string | number)[];
}

const sql = (text: string, ...bound: (string | number)[]): Sql => ({ text, bound });

const join = (parts: readonly Sql[], between: string): Sql => ({
  text: parts.map(({ text }) => text).join(between),
  bound: parts.flatMap(({ bound }) => bound),
});

/** The JSON path of a feature, bound like any value; names hold no quote (the spec's schema sees to it). */
const pathOf = (name: string) => `$.${JSON.stringify(name)}`;

function valueAt(place: Place): Sql {
  if (place.kind === "feature") return sql("features ->> ?", pathOf(place.name));
  if (place.kind === "target") return sql("target");
  return sql(place.name === "createdAt" ? "created_at" : "updated_at");
}

const symbols: Readonly<Record<FilterOperator, string>> = {
  ...{ eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" },
};

function condition(filter: Filter): Sql {
  const value = valueAt(filter.place);
  switch (filter.kind) {
    case "known":
      return sql(`${value.text} is not null`, ...value.bound);
    case "unknown":
      return sql(`${value.text} is null`, ...value.bound);
    case "among": {
      const levels = JSON.stringify(filter.levels);
      return sql(`${value.text} in (select value from json_each(?))`, ...value.bound, levels);
    }
    case "compare":
      return sql(`${value.text} ${symbols[filter.operator]} ?`, ...value.bound, filter.value);
  }
}

/** How a list is walked: by an index where there is one for its order, by reading and sorting everything otherwise. */
interface Walk {
  /** Null where no index has this order. */
  readonly index: string | null;
  readonly key: Sql;
  /** A table of levels that the key looks at. */
  readonly levels?: readonly string[];
  /** Conditions that the index itself answers, beside that on the dataset. */
  readonly pinned: readonly Sql[];
  /** Whether an item may have no such value; those come last. */
  readonly optional: boolean;
}

/** The match key of a list that asks for one level of each feature that similar items share; undefined for any other list. */
function findMatchKey(spec: DatasetSpec, filters: readonly Filter[]): string | undefined {
  const levels = spec.similar?.match.map((name) => {
    const found = filters.find(
      ({ place, kind }) => kind === "among" && place.kind === "feature" && place.name === name,
    );
    return found?.kind === "among" && found.levels.length === 1 ? found.levels[0] : undefined;
  });
  return levels?.every((level) => level !== undefined) ? JSON.stringify(levels) : undefined;
}

function chooseWalk(spec: DatasetSpec, { by, levels }: Sort, filters: readonly Filter[]): Walk {
  const indexed = { pinned: [], optional: false };
  if (by.kind === "id") return { ...indexed, index: "sqlite_autoindex_items_1", key: sql("id") };
  if (by.kind === "target") return { ...indexed, index: "items_target", key: sql("target"), optional: true };
  if (by.kind === "time")
    return by.name === "updatedAt"
      ? { ...indexed, index: "items_updated", key: sql("updated_at") }
      : { ...indexed, index: null, key: sql("created_at") };
  const matchKey = by.name === nearestNumber(spec) ? findMatchKey(spec, filters) : undefined;
  if (matchKey !== undefined)
    return {
      index: "items_similar",
      key: sql("near"),
      pinned: [sql("match_key = ?", matchKey)],
      optional: true,
    };
  const key = levels ? sql("levels.rank") : valueAt(by);
  return { index: null, key, levels, pinned: [], optional: true };
}

/** Whether a list is in an order that an index has, so that it need not be sorted. */
export function isIndexed(spec: DatasetSpec, sort: Sort, filters: readonly Filter[]): boolean {
  return chooseWalk(spec, sort, filters).index !== null;
}

const columns = "id, features, target, revision, created_at, updated_at";

/** Where a page begins: after the item of this sort value and id; a null value is among those that come last. */
const Position = z.tuple([z.union([z.string().max(500), z.number(), z.null()]), z.string().max(500)]);
type Position = z.infer<typeof Position>;

/** Part of a list: the items that have the sort value, or those that have none. */
interface Segment {
  readonly known: boolean;
  readonly after: Position | undefined;
}

function segmentsOf(walk: Walk, after: Position | undefined): Segment[] {
  if (!walk.optional) return [{ known: true, after }];
  if (after && after[0] === null) return [{ known: false, after }];
  return [
    { known: true, after },
    { known: false, after: undefined },
  ];
}

interface Query {
  readonly spec: DatasetSpec;
  readonly sort: Sort;
  readonly filters: readonly Filter[];
  readonly limit: number;
  /** How many rows of an index a page looks at. */
  readonly scanRows: number;
}

interface Statements {
  readonly page: Sql;
  /** The last row that the page looked at; absent where it looks at everything. */
  readonly edge?: Sql;
}

/** Only the conditions on the sort value itself bound the range that is walked; `others` are checked row by row. */
function splitFilters(filters: readonly Filter[], { by }: Sort) {
  const isOwn = ({ place, kind }: Filter) =>
    kind === "compare" &&
    place.kind === by.kind &&
    (by.kind !== "feature" || place.kind !== "feature" || place.name === by.name);
  return { own: filters.filter(isOwn), others: filters.filter((filter) => !isOwn(filter)) };
}

/** The statements of one segment. Exported for the test that shows their plans. */
export function listStatements(query: Query, { known, after }: Segment): Statements {
  const { spec, sort, filters, limit, scanRows } = query;
  const walk = chooseWalk(spec, sort, filters);
  const { own, others } = splitFilters(filters, sort);
  const { key, index, levels } = walk;
  const direction = sort.descending ? "desc" : "asc";
  const beyond = sort.descending ? "<" : ">";
  const base = [sql("dataset = ?", spec.name), sql("deleted_at is null"), ...walk.pinned];
  const range = [
    ...base,
    ...(walk.optional ? [sql(`${key.text} is ${known ? "not null" : "null"}`, ...key.bound)] : []),
    ...(after && known
      ? [sql(`(${key.text}, id) ${beyond} (?, ?)`, ...key.bound, after[0] ?? "", after[1])]
      : []),
    ...(after && !known ? [sql(`id ${beyond} ?`, after[1])] : []),
    ...own.map(condition),
  ];
  const order = known && key.text !== "id" ? `sort_key ${direction}, id ${direction}` : `id ${direction}`;
  const where = (conditions: readonly Sql[]) => join(conditions, " and ");
  const selected = sql(`select ${columns}, ${key.text} as sort_key`, ...key.bound);
  if (index === null) {
    const from = levels
      ? sql(
          "from items left join levels on levels.level = features ->> ?",
          pathOf((sort.by as { name: string }).name),
        )
      : sql("from items");
    const table = levels
      ? [
          sql(
            "with levels as materialized (select key as rank, value as level from json_each(?))",
            JSON.stringify(levels),
          ),
        ]
      : [];
    const conditions = join([sql("where"), where([...range, ...others.map(condition)])], " ");
    return {
      page: join([...table, selected, from, conditions, sql(`order by ${order} limit ?`, limit)], " "),
    };
  }
  const scan = join(
    [selected, sql(`from items indexed by ${index} where`), where(range), sql(`order by ${order}`)],
    " ",
  );
  if (others.length === 0) return { page: join([scan, sql("limit ?", limit)], " ") };
  // The inner limit bounds what is read however few rows pass: SQLite neither flattens nor pushes conditions into a limited subquery.
  return {
    page: join(
      [
        sql("select * from ("),
        scan,
        sql("limit ?) where", scanRows),
        where(others.map(condition)),
        sql("limit ?", limit),
      ],
      " ",
    ),
    edge: join([sql("select id, sort_key from ("), scan, sql("limit 1 offset ?)", scanRows - 1)], " "),
  };
}

type ListRow = ItemRow & { readonly sort_key: string | number | null };

/** Ties a cursor to its list: to the dataset, its filters and its order. */
async function fingerprint({ spec, sort, filters }: Query): Promise<string> {
  const text = JSON.stringify([spec.name, sort, filters]);
  return (await sha256(new TextEncoder().encode(text))).slice(0, 16);
}

async function readCursor(query: Query, cursor: string): Promise<Position> {
  const list = await fingerprint(query);
  const [given, ...position] = parseCursor(z.tuple([z.string(), ...Position.def.items]), cursor);
  if (given === list) return position;
  const detail = 'expected the "next" of an earlier page of this list: the same dataset, filter and sort';
  throw new Refusal("malformed", "the cursor is of another list", {
    errors: [{ pointer: "/cursor", detail }],
  });
}

/**
 * A page of a list. Where conditions leave out much, a page may end after `scanRows` rows with fewer items than its limit, even none,
 * and `next` goes on from there. Items that are written meanwhile move within the order; all others come exactly once.
 */
export async function listItems(
  env: Env,
  spec: DatasetSpec,
  options: Omit<Query, "spec"> & { readonly cursor?: string },
): Promise<Page<Item>> {
  const { cursor, limit } = options;
  const query = { ...options, spec, limit: limit + 1 };
  const walk = chooseWalk(spec, query.sort, query.filters);
  const after = cursor === undefined ? undefined : await readCursor(query, cursor);
  const parts = segmentsOf(walk, after).map((segment) => listStatements(query, segment));
  const prepare = ({ text, bound }: Sql) => env.DB.prepare(text).bind(...bound);
  const statements = parts.flatMap(({ page, edge }) => (edge ? [page, edge] : [page]));
  const answers = await withStorage(() => env.DB.batch<ListRow>(statements.map(prepare)));
  const results = answers.map((one) => one.results);
  const rows: ListRow[] = [];
  let last: Pick<ListRow, "id" | "sort_key"> | undefined;
  for (const { edge } of parts) {
    rows.push(...(results.shift() ?? []).slice(0, limit + 1 - rows.length));
    last = edge ? results.shift()?.[0] : undefined;
    if (rows.length > limit) last = rows[limit - 1];
    if (last) break;
  }
  const next = last ? encodeCursor([await fingerprint(query), last.sort_key, last.id]) : null;
  return { items: rows.slice(0, limit).map(readItem), next };
}

/** Whether a dataset has more items than `most`, without counting them all. */
export async function hasMoreItems(env: Env, dataset: string, most: number): Promise<boolean> {
  const row = await withStorage(() =>
    env.DB.prepare(
      "select 1 from items indexed by items_updated where dataset = ?1 and deleted_at is null limit 1 offset ?2",
    )
      .bind(dataset, most)
      .first(),
  );
  return row !== null;
}
