// From a table and a target to a spec: types, what is left out and why, how cells are read again, and what is refused.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exampleRow } from "#core/api/row-schema.ts";
import { checkRow } from "#core/dataset/row.ts";
import { parseSpec } from "#core/dataset/spec.ts";
import { seeded } from "../../../trainer/random.ts";
import { datasetName, type InitOptions, initDataset } from "../../../trainer/tables/init-dataset.ts";
import { findDateFormat, toIso } from "../../../trainer/tables/reading/date-format.ts";
import { readTableRows } from "../../../trainer/tables/reading/table-rows.ts";
import { collect } from "../dataset/fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "appraise-init-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function write(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  separator = ";",
): string {
  const path = join(folder, `table-${++files}.csv`);
  writeFileSync(path, [header, ...rows].map((cells) => cells.join(separator)).join("\n"));
  return path;
}
const init = (location: string, options: Partial<InitOptions> = {}) =>
  initDataset({ location, target: "Precio (€)", folder, ...options });

const random = seeded(5);
const towns = ["Ulm", "Bonn", "Köln"];
const grades = ["good", "poor", "fair", "excellent"];
const two = (value: number) => String(value).padStart(2, "0");
const flats = Array.from({ length: 300 }, (_, at) => {
  const [area, town, grade] = [20 + Math.floor(200 * random()), at % 3, Math.floor(4 * random())];
  const price = 1000 * area * (1 + grade / 10) * (1 + town) * (0.8 + 0.4 * random());
  const money = `${Math.floor(price / 1000)}.${String(Math.floor(price) % 1000).padStart(3, "0")},50 €`;
  return [
    `F-${at}`, // id
    money,
    `${area},5`,
    towns[town],
    grades[grade],
    random() < 0.5 ? "Sí" : "No",
    `${two(1 + (at % 28))}/${two(1 + (at % 12))}/2021`,
    48 + random(),
    8 + random(),
    at % 10 === 0 ? -999 : Math.floor(9 * random()),
    "same",
    towns[town],
    `${(Math.floor(price) / 1000).toFixed(3).replace(".", ",")}`,
    at === 5 ? "x" : "",
  ];
});
const header = [
  "Code",
  "Precio (€)",
  "Superficie (m²)",
  "Ciudad",
  "Estado",
  "Ascensor",
  "Visto",
  "lat",
  "lon",
  "Planta",
  "País",
  "Town",
  "Miles",
  "Notas",
];

describe("a table with some of everything", async () => {
  const path = write(header, flats);
  const { spec, file, leftOut } = await init(path);
  const feature = (name: string) => spec.features.find((one) => one.name === name);

  it("has features of the right types, by names for the API and titles for people", () => {
    expect(spec.features.map(({ name }) => name)).toEqual([
      "superficie_m2",
      "Ciudad",
      "Estado",
      "Ascensor",
      "Visto",
      "lat",
      "lon",
      "Planta",
    ]);
    expect(feature("superficie_m2")).toMatchObject({
      type: "number",
      column: "Superficie (m²)",
      unit: "m²",
      title: "Superficie (m²)",
    });
    expect(feature("Ciudad")).toMatchObject({
      type: "category",
      levels: ["Bonn", "Köln", "Ulm"],
      required: true,
    });
    expect(feature("Estado")).toMatchObject({ ordered: true, levels: ["poor", "fair", "good", "excellent"] });
    expect(feature("Ascensor")).toMatchObject({ as: "boolean", spellings: { true: ["Sí"], false: ["No"] } });
    expect(feature("Visto")).toMatchObject({ as: "date" });
    expect(feature("Planta")).toMatchObject({ type: "number", integer: true, minimum: 0, required: false });
    expect(spec.places).toMatchObject([{ latitude: "lat", longitude: "lon" }]);
    expect(spec.target).toMatchObject({
      name: "precio",
      column: "Precio (€)",
      unit: "EUR",
      transform: "log",
    });
  });

  it("says what it left out and why", () => {
    expect(Object.fromEntries(leftOut.map(({ column, reason }) => [column, reason]))).toEqual({
      Code: "every value is different: an id or a free text",
      País: 'every value is "same"',
      Notas: "299 of 300 values are missing",
      Town: "the same as Ciudad",
      Miles: expect.stringContaining("it gives the target away"),
    });
    expect(spec.source.leftOut).toEqual(leftOut);
  });

  it("settles how each column is read, and training reads it so", async () => {
    expect(spec.source.columns).toMatchObject({
      Planta: { missing: ["-999"] },
      Visto: { date: "%d/%m/%Y" },
      "Precio (€)": { decimal: ",", thousands: "." },
    });
    const written = parseSpec(readFileSync(file, "utf8"), file);
    expect(written).toEqual(spec);
    const rows = await collect(readTableRows(written, written.source.path, join(file, "..")));
    expect(rows).toHaveLength(300);
    expect(rows[1].values).toMatchObject({
      superficie_m2: expect.any(Number),
      Visto: "2021-02-02",
      Ascensor: expect.stringMatching(/true|false/),
    });
    expect(rows[0].values.Planta).toBeUndefined();
    const { precio, ...features } = rows[1].values;
    expect(precio).toBe(Number(String(flats[1][1]).replace(" €", "").replace(".", "").replace(",", ".")));
    expect(() => checkRow(written, features)).not.toThrow();
  });

  it("starts from a real typical row", () => {
    const example = exampleRow(spec);
    expect(() => checkRow(spec, example)).not.toThrow();
    expect(
      flats.some(
        (row) =>
          Number(String(row[2]).replace(",", ".")) === example.superficie_m2 && row[3] === example.Ciudad,
      ),
    ).toBe(true);
  });

  it("puts columns back that are asked for, and leaves out others", async () => {
    const { spec: changed } = await init(path, { name: "changed", keep: ["Miles"], drop: ["Ciudad"] });
    const names = changed.features.map(({ name }) => name);
    expect(names).toContain("Miles");
    expect(names).not.toContain("Ciudad");
  });

  it("does not write over a spec unless told to", async () => {
    await expect(init(path)).rejects.toThrow("give --force");
    await expect(init(path, { force: true })).resolves.toMatchObject({ file });
  });
});

it("takes the missing marks it is told", async () => {
  const rows = Array.from({ length: 40 }, (_, at) => [at % 4 === 0 ? "unbekannt" : towns[at % 3], at * 2]);
  const path = write(["town", "rent"], rows);
  const { spec } = await init(path, { target: "rent", reading: { missing: ["unbekannt"] } });
  expect(spec.features[0]).toMatchObject({ name: "town", required: false, levels: ["Bonn", "Köln", "Ulm"] });
  expect(spec.source.missing).toEqual(["unbekannt"]);
});

describe("a target of classes", () => {
  const table = (target: (at: number) => string | number) =>
    write(
      ["hour", "outcome"],
      Array.from({ length: 120 }, (_, at) => [at % 7, target(at)]),
    );

  it("of yes and no is binary, with yes as its positive class", async () => {
    const { spec } = await init(
      table((at) => (at % 5 === 0 ? "Yes" : "No")),
      { target: "outcome" },
    );
    expect(spec).toMatchObject({ task: "binary", target: { levels: ["No", "Yes"], positive: "Yes" } });
  });

  it("of two numbers is binary unless it is said to be an amount", async () => {
    const path = table((at) => (at % 5 === 0 ? 10 : 20));
    const { spec } = await init(path, { target: "outcome" });
    expect(spec).toMatchObject({ task: "binary", target: { levels: ["10", "20"] } });
    const amount = await init(path, { target: "outcome", task: "regression", force: true });
    expect(amount.spec).toMatchObject({ task: "regression", target: { unit: "units" } });
  });

  it("of more classes leaves out those of fewer than five rows, and says so", async () => {
    const path = table((at) => (at < 3 ? "odd" : ["red", "green", "blue"][at % 3]));
    const { spec, remarks } = await init(path, { target: "outcome" });
    expect(spec).toMatchObject({ task: "multiclass", target: { levels: ["blue", "green", "red"] } });
    expect(remarks).toContain('left out the class "odd", which only 3 rows are of');
  });

  it("of numbers is one of classes where that is asked for, in the order of the numbers", async () => {
    const path = table((at) => [3, 10, 7][at % 3]);
    const { spec } = await init(path, { target: "outcome", task: "multiclass" });
    expect(spec.target.levels).toEqual(["3", "7", "10"]);
    await expect(init(path, { target: "outcome", task: "binary", force: true })).rejects.toThrow(
      '--task: expected multiclass, since target "outcome" has 3 classes; got binary',
    );
  });
});

describe("what is refused", () => {
  const many = (cells: (at: number) => readonly (string | number)[], count = 60) =>
    Array.from({ length: count }, (_, at) => cells(at));

  it.each<[string, readonly (readonly (string | number)[])[], string]>([
    ["a header only", [], "a header and no rows"],
    ["one row", [[1, 2]], "expected at least 20 rows; got 1"],
    ["a constant target", many((at) => [at % 7, 7]), 'target "y": every value is "7"'],
    ["a target that is missing", many((at) => [at % 7, ""]), 'target "y": every value is missing'],
    [
      "a target of texts",
      many((at) => [at % 7, `v${at}`]),
      "expected numbers, or at most 100 classes; got text with 60 different values",
    ],
    [
      "a target of 5,000 classes",
      many((at) => [at % 7, `class ${at % 5000}`], 10_001),
      "5000 different values; a target of classes may have at most 100",
    ],
    [
      "a target of one class and rare ones",
      many((at) => [at % 7, at < 57 ? "seen" : `rare ${at % 2}`]),
      'expected two or more classes with at least 5 rows each; got 1, and "rare 0"',
    ],
    [
      "nothing to learn from",
      many((at) => ["same", at * 1.5]),
      "no column is left to learn from: x (every value is",
    ],
    [
      "dates that may be either way",
      many((at) => [`0${1 + (at % 9)}/0${1 + ((at * 3) % 9)}/2021`, at % 13]),
      'give --date "x=%d/%m/%Y" or "x=%m/%d/%Y"',
    ],
  ])("%s", async (_, rows, message) => {
    const path = write(["x", "y"], rows);
    await expect(initDataset({ location: path, target: "y", folder, name: "refused" })).rejects.toThrow(
      message,
    );
    expect(existsSync(join(folder, "data", "refused"))).toBe(false);
  });

  it("a target that is not there, with the nearest", async () => {
    const path = write(
      ["size", "price"],
      many((at) => [at % 7, at]),
    );
    await expect(initDataset({ location: path, target: "prize", folder })).rejects.toThrow(
      'no column "prize"; did you mean "price"?',
    );
  });

  it("a password in a URL", async () => {
    await expect(
      initDataset({ location: "postgres://ann:secret@127.0.0.1:1/db", target: "y", folder, name: "pw" }),
    ).rejects.toThrow(/^(?!.*secret).*holds a password/);
  });
});

describe("dates", () => {
  it("are settled by the column", () => {
    expect(findDateFormat(["03/04/2021", "25/04/2021"])).toEqual({ format: "%d/%m/%Y" });
    expect(findDateFormat(["03/04/2021", "04/25/2021"])).toEqual({ format: "%m/%d/%Y" });
    expect(findDateFormat(["03/04/2021"])).toEqual({ format: "%d/%m/%Y", rival: "%m/%d/%Y" });
    expect(findDateFormat(["2021-04-03 10:30:00"])).toEqual({ format: "%Y-%m-%d %H:%M:%S" });
    expect(findDateFormat(["3 Apr 2021", "13 May 2021"])).toEqual({ format: "%d %b %Y" });
    expect(findDateFormat(["2021-02-30"])).toBeUndefined();
    expect(toIso("Apr 3, 2021", "%b %d, %Y")).toBe("2021-04-03");
  });
});

it("names a dataset after its file", () => {
  expect(datasetName("/tmp/car_prices.csv")).toBe("car-prices");
  expect(datasetName("https://example.org/Año 2024.csv.gz?x=1")).toBe("ano-2024");
  expect(datasetName("env:HOUSES_URL", "sales.flats")).toBe("sales-flats");
  expect(datasetName("2024.xlsx")).toBe("table-2024");
});
