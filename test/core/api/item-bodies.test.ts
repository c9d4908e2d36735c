// Items as anyone may send them: whatever comes, it is an item of the spec or a refusal that says what is allowed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkItemContent,
  checkItemRecord,
  checkNewItem,
  type ItemContent,
  mergeItem,
} from "#core/api/item-bodies.ts";
import { parseFilters, parseSort } from "#core/api/item-query.ts";
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { checkRow } from "#core/dataset/row.ts";
import { checkSpec } from "#core/dataset/spec.ts";

const spec = checkSpec({
  ...{ name: "carts", title: "Carts", version: 1, task: "regression" },
  source: { format: "csv", path: "carts.csv" },
  target: { name: "price", unit: "EUR", minimum: 1 },
  features: [
    { name: "load", type: "number", minimum: 0, maximum: 10, required: true },
    { name: "state", type: "category", levels: ["worn", "good"], ordered: true },
  ],
  split: { testShare: 0.2, seed: 1 },
});

/** Values that often have the shape of an item, and often not. */
const value = fc.oneof(
  fc.anything({ maxDepth: 2 }),
  fc.constantFrom(0, 5, 11, Number.NaN, "worn", "good", null, "5", -1),
);
const features = fc.oneof(
  value,
  fc.dictionary(fc.constantFrom("load", "state", "__proto__", "id", "x"), value),
);
const body = fc.oneof(
  fc.anything(),
  fc.record({ id: value, features, target: value, revision: value }, { requiredKeys: [] }),
  fc.record({ id: value, load: value, state: value, price: value }, { requiredKeys: [] }),
);

const isItem = ({ row, target }: ItemContent) => {
  expect(checkRow(spec, row)).toEqual(row);
  if (target !== null) expect(target).toBeGreaterThanOrEqual(1);
};

/** Runs a check: it gives a valid item, or throws InputError with places and words. */
function holds(check: () => ItemContent): void {
  let item: ItemContent;
  try {
    item = check();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.errors.length).toBeGreaterThan(0);
    for (const { pointer, detail } of error.errors) {
      expect(pointer).toMatch(/^(\/|$)/);
      expect(detail.length).toBeGreaterThan(5);
    }
    return;
  }
  isItem(item);
}

const present: ItemContent = { row: { load: 5, state: "worn" }, target: 7 };

describe("bodies of items", () => {
  it("are items of the spec, or refused by place", () => {
    fc.assert(
      fc.property(body, (given) => {
        holds(() => checkNewItem(spec, given));
        holds(() => checkItemContent(spec, given));
        holds(() => checkItemRecord(spec, given));
        holds(() => mergeItem(spec, present, given));
      }),
      { numRuns: 2000 },
    );
  });

  it("patch nothing when they are empty, and everything when they are whole", () => {
    expect(mergeItem(spec, present, {})).toEqual(present);
    const whole = { features: { load: 1, state: "good" }, target: null };
    expect(mergeItem(spec, present, whole)).toEqual(checkItemContent(spec, whole));
    expect(mergeItem(spec, present, { features: { state: null } })).toEqual({ row: { load: 5 }, target: 7 });
  });
});

describe("filters and orders", () => {
  const part = fc.constantFrom(
    "load",
    "state",
    "price",
    "updatedAt",
    "__proto__",
    ":",
    "eq",
    "gte",
    "1",
    "good",
    "",
    "-",
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join("")),
  );

  it("are read or refused, whatever they say", () => {
    const attempt = (read: () => unknown) => {
      try {
        read();
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
        expect((error as Refusal).errors).toHaveLength(1);
      }
    };
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), text, (filters, sort) => {
        attempt(() => parseFilters(spec, filters));
        attempt(() => parseSort(spec, sort));
      }),
      { numRuns: 2000 },
    );
  });

  it("know the order of levels", () => {
    const levels = (filter: string) => parseFilters(spec, [filter])[0];
    expect(levels("state:gte:good")).toMatchObject({ kind: "among", levels: ["good"] });
    expect(levels("state:lt:worn")).toMatchObject({ kind: "among", levels: [] });
    expect(parseFilters(spec, ["state:eq:good", "load:gt:1", "state:eq:worn"])).toMatchObject([
      { kind: "among", levels: ["good", "worn"] },
      { kind: "compare", operator: "gt", value: 1 },
    ]);
    expect(parseSort(spec, "-state")).toMatchObject({ descending: true, levels: ["worn", "good"] });
  });
});
