// The types of features as rows, schemas and models see them: dates, booleans, whole numbers, places, words in several languages.
import { describe, expect, it } from "vitest";
import { exampleRow, rowSchema } from "#core/api/row-schema.ts";
import { findDay, formatDay } from "#core/dataset/calendar.ts";
import { CsvReader } from "#core/dataset/csv.ts";
import { recordReader } from "#core/dataset/csv-rows.ts";
import { checkRow } from "#core/dataset/row.ts";
import { checkSpec, maxSpecBytes } from "#core/dataset/spec.ts";
import { toTable } from "#core/dataset/table.ts";
import { rangeWarnings } from "#core/dataset/training-range.ts";
import { wordsIn } from "#core/dataset/words.ts";
import { feedsOf, feedsOfTable } from "#core/onnx/feeds.ts";

const plain = {
  name: "flats",
  title: { en: "Flats", es: "Pisos" },
  version: 1,
  task: "regression",
  source: { format: "csv", path: "flats.csv" },
  target: { name: "rent", unit: "EUR" },
  features: [
    { name: "rooms", type: "number", integer: true, minimum: 1, maximum: 20, required: true },
    {
      name: "lift",
      type: "boolean",
      required: true,
      example: true,
      spellings: { true: ["Sí"], false: ["No"] },
    },
    { name: "listed", type: "date", minimum: "2010-01-01", maximum: "2029-12-31", required: true },
    { name: "seen", type: "datetime", example: "2024-05-31T14:30" },
    { name: "latitude", type: "number", minimum: -90, maximum: 90 },
    { name: "longitude", type: "number", minimum: -180, maximum: 180 },
  ],
  places: [{ name: "position", latitude: "latitude", longitude: "longitude" }],
  split: { testShare: 0.2, seed: 1 },
};
const spec = checkSpec(plain);
const row = { rooms: 3, lift: true, listed: "2024-02-29" };

const withFeature = (index: number, change: object) => ({
  ...plain,
  features: plain.features.map((feature, at) => (at === index ? { ...feature, ...change } : feature)),
});

describe("a spec with features of every type", () => {
  it("reads what it wrote", () => {
    expect(checkSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });

  it("refuses places and examples that do not fit, by pointer", () => {
    const place = { ...plain, places: [{ name: "position", latitude: "lift", longitude: "longitude" }] };
    expect(() => checkSpec(place)).toThrow('/places/0/latitude: expected a number feature; got "lift"');
    expect(() => checkSpec(withFeature(4, { maximum: 91 }))).toThrow(
      "expected a feature between -90 and 90 degrees",
    );
    expect(() => checkSpec(withFeature(3, { example: "31/05/2024" }))).toThrow(
      "/features/3/example: expected an ISO text",
    );
    expect(() => checkSpec(withFeature(2, { minimum: "2010-13-01" }))).toThrow("/features/2/minimum");
    expect(() =>
      checkSpec(
        withFeature(1, { levels: ["no", "yes"], as: "boolean", type: "category", example: undefined }),
      ),
    ).toThrow("expected the levels false and true");
  });

  it("has words by language, with English and then the first to fall back on", () => {
    expect(wordsIn(spec.title, "es-AR")).toBe("Pisos");
    expect(wordsIn(spec.title, "it")).toBe("Flats");
    expect(wordsIn({ fr: "Appartements" }, "it")).toBe("Appartements");
    expect(() => checkSpec({ ...plain, title: {} })).toThrow("/title");
    expect(() => checkSpec({ ...plain, title: { english: "Flats" } })).toThrow("/title");
  });

  it("holds 2,000 features and 100,000 levels, and no more", () => {
    const features = Array.from({ length: 2001 }, (_, at) => ({ name: `x${at}`, type: "number" }));
    const wide = { ...plain, places: [], features: features.slice(0, 2000) };
    expect(checkSpec(wide).features).toHaveLength(2000);
    expect(() => checkSpec({ ...wide, features })).toThrow("2000");
    const levels = Array.from({ length: 100_001 }, (_, at) => `level ${at}`);
    const long = (count: number) => ({
      ...wide,
      features: [{ name: "street", type: "category", required: true, levels: levels.slice(0, count) }],
    });
    const held = checkSpec(long(100_000));
    expect(JSON.stringify(held).length).toBeLessThan(maxSpecBytes);
    const table = toTable(held, [{ street: "level 99999" }, { street: "level 40000" }]);
    expect([...table.columns.street]).toEqual([99_999, 40_000]);
    expect(() => checkRow(held, { street: "level x" })).toThrow("and 99980 more");
    expect(() => checkRow(held, {})).toThrow("and 99980 more");
    expect(() => checkSpec(long(100_001))).toThrow("100000");
  });
});

describe("a row", () => {
  it("carries booleans, dates and whole numbers as JSON", () => {
    expect(checkRow(spec, row)).toEqual({ rooms: 3, lift: "true", listed: "2024-02-29" });
    expect(checkRow(spec, { ...row, lift: "false" }).lift).toBe("false");
    expect(checkRow(spec, { ...row, seen: "2024-05-31T14:30:00+02:00" }).seen).toBe(
      "2024-05-31T14:30:00+02:00",
    );
    expect(() => checkRow(spec, checkRow(spec, row))).not.toThrow();
  });

  it.each([
    [{ rooms: 2.5 }, "/rooms: expected a whole number at least 1 and at most 20; got 2.5"],
    [{ lift: "maybe" }, '/lift: expected true or false; got "maybe"'],
    [{ lift: 1 }, "/lift: expected true or false; got 1"],
    [
      { listed: "31/05/2024" },
      '/listed: expected a date as 2024-05-31 at least 2010-01-01 and at most 2029-12-31; got "31/05/2024"',
    ],
    [{ listed: "2023-02-29" }, "/listed: expected a date as 2024-05-31"],
    [{ listed: "2009-12-31" }, 'at least 2010-01-01 and at most 2029-12-31; got "2009-12-31"'],
    [{ listed: 19_000 }, "/listed: expected a date"],
    [{ listed: undefined }, "/listed: required: expected a date as 2024-05-31"],
    [{ seen: "2024-05-31T25:00" }, "/seen: expected a date and time as 2024-05-31T14:30"],
  ])("refuses %j by field, value and what is allowed", (change, message) => {
    expect(() => checkRow(spec, { ...row, ...change })).toThrow(message);
  });

  it("is the same in a table and in feeds", () => {
    const checked = [
      checkRow(spec, { ...row, seen: "2024-05-31T12:00" }),
      checkRow(spec, { ...row, lift: false, listed: "2010-01-01" }),
    ];
    const table = toTable(spec, checked);
    // Python: (date(2024, 2, 29) - date(1970, 1, 1)).days is 19782; 2010-01-01 is 14610, 2024-05-31 is 19874.
    expect([...table.columns.listed]).toEqual([19_782, 14_610]);
    expect([...table.columns.lift]).toEqual([1, 0]);
    expect([...table.columns.seen]).toEqual([19_874.5, Number.NaN]);
    expect(feedsOf(spec, checked)).toEqual(feedsOfTable(spec, table));
  });

  it("is read from CSV by the spec's spellings", () => {
    const text = "rooms,lift,listed\n3,SÍ,2024-02-29\n4,no,2024-03-01\n5,0,\n";
    const [header, ...records] = new CsvReader(1000).push(text);
    const read = recordReader(spec, header);
    expect(records.map(read)).toEqual([
      { value: { rooms: 3, lift: "true", listed: "2024-02-29" } },
      { value: { rooms: 4, lift: "false", listed: "2024-03-01" } },
      { value: { rooms: 5, lift: "false" } },
    ]);
  });

  it("warns of a date beyond the training rows in dates", () => {
    const [warning] = rangeWarnings({ listed: { minimum: 14_610, maximum: 19_000 } }, checkRow(spec, row));
    expect(warning.detail).toBe(
      "2024-02-29 is beyond the 2010-01-01 to 2022-01-08 this model was trained on",
    );
  });

  it("has a schema and an example of its own types", () => {
    const { properties } = rowSchema(spec) as { properties: Record<string, object> };
    expect(properties.lift).toEqual({ type: "boolean", examples: [true] });
    expect(properties.listed).toEqual({ type: "string", format: "date" });
    expect(properties.seen).toMatchObject({ type: ["string", "null"], format: "date-time" });
    expect(properties.rooms).toMatchObject({ type: "integer", minimum: 1, maximum: 20 });
    const example = exampleRow(spec);
    expect(example).toMatchObject({ lift: true, rooms: 10, listed: "2020-01-01" });
    expect(() => checkRow(spec, example)).not.toThrow();
  });
});

describe("days", () => {
  it("count from 1970 and back, before it and before the year 100 too", () => {
    for (const date of ["1970-01-01", "1969-12-31", "0050-03-01", "2024-02-29"])
      expect(formatDay(findDay(date, "date") as number, "date")).toBe(date);
    expect(findDay("1969-12-31", "date")).toBe(-1);
    expect(findDay("2024-01-01T00:00-05:30", "datetime")).toBe(
      (findDay("2024-01-01", "date") as number) + 5.5 / 24,
    );
    expect(findDay("2024-01-01T00:00", "date")).toBeUndefined();
  });
});
