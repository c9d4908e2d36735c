// Cleaning: each rule on rows made for it, then the real diamonds with figures counted from the file by other means.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import { type Cleaned, clean } from "../../../trainer/dataset/clean.ts";
import { loadDataset } from "../../../trainer/dataset/find-dataset.ts";
import { openSource, readRows } from "../../../trainer/dataset/source.ts";
import { houses } from "./fixture.ts";

const good = { area: 50, town: "Ulm", age: 3, rent: 700 };

describe("clean", () => {
  it.each([
    ["missing-target", { area: 50, town: "Ulm" }, "rent is missing"],
    ["missing-required", { age: 3, rent: 700 }, "area, town missing"],
    ["invalid-level", { ...good, town: "Rome" }, 'town: expected one of Ulm, Bonn, old, Köln; got "Rome"'],
    ["out-of-range", { ...good, area: 0 }, "area: expected a number above 0 and at most 500 m2; got 0"],
    ["out-of-range", { ...good, age: 301 }, "age: expected a number at least 0 and at most 300; got 301"],
    [
      "out-of-range",
      { ...good, rent: 0.5 },
      "rent: expected a number at least 1 and at most 10000 EUR; got 0.5",
    ],
    [
      "out-of-range",
      { ...good, rent: 10_001 },
      "rent: expected a number at least 1 and at most 10000 EUR; got 10001",
    ],
    ["duplicate", { ...good }, "equal to row 1"],
  ])("drops by %s: %j", async (rule, values, detail) => {
    const { rows, report } = await clean(houses, [
      { row: 1, values: good },
      { row: 2, values },
    ]);
    expect(rows).toEqual([{ row: 1, features: { area: 50, town: "Ulm", age: 3 }, target: 700 }]);
    expect(report).toMatchObject({ read: 2, kept: 1 });
    const counts = report.dropped.filter(({ count }) => count > 0);
    expect(counts).toEqual([{ rule, count: 1, examples: [{ row: 2, detail }] }]);
  });

  it("keeps the bounds themselves, and rows equal but for the target or for what is unknown", async () => {
    const values = [
      good,
      { ...good, rent: 701 },
      { area: 50, town: "Ulm", rent: 700 },
      { ...good, rent: 10_000 },
    ];
    const { report } = await clean(
      houses,
      values.map((each, index) => ({ row: index + 1, values: each })),
    );
    expect(report.kept).toBe(4);
  });

  it("shows the first five examples and counts all", async () => {
    const rows = Array.from({ length: 9 }, (_, index) => ({
      row: index + 1,
      values: { ...good, area: -1 - index },
    }));
    const { report } = await clean(houses, rows);
    const dropped = report.dropped.find(({ rule }) => rule === "out-of-range");
    expect(dropped?.count).toBe(9);
    expect(dropped?.examples.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5]);
  });

  it("refuses a row that breaks a rule which the spec does not list", async () => {
    const spec = { ...houses, clean: ["duplicate" as const] };
    await expect(clean(spec, [{ row: 7, values: { ...good, town: "Rome" } }])).rejects.toThrow(
      /row 7: town: .*list "invalid-level" under "clean"/,
    );
  });

  it("keeps duplicates where the spec does not list the rule", async () => {
    const spec = { ...houses, clean: [] };
    const { report } = await clean(spec, [
      { row: 1, values: good },
      { row: 2, values: good },
    ]);
    expect(report.kept).toBe(2);
  });
});

describe("the real diamonds", () => {
  const { spec, directory } = loadDataset("diamonds");
  let cleaned: Cleaned;
  let raw: string[][];

  beforeAll(async () => {
    cleaned = await clean(
      spec,
      readRows(spec, "csv", await openSource(spec.source.path, directory), "diamonds"),
    );
    const file = createRequire(import.meta.url).resolve("@observablehq/sample-datasets/diamonds.csv");
    const [, ...lines] = readFileSync(file, "utf8").trim().split("\n");
    raw = lines.map((line) => line.trim().split(","));
  });

  const count = (rule: string) => cleaned.report.dropped.find((entry) => entry.rule === rule)?.count;

  it("reads all 53,940", () => {
    expect(cleaned.report.read).toBe(53_940);
    expect(raw.length).toBe(53_940);
  });

  it("drops the 20 zero dimensions and the three decimal slips, and nothing else, as out of range", () => {
    const sizes = (cells: string[]) => cells.slice(7, 10).map(Number);
    const zero = raw.filter((cells) => sizes(cells).some((size) => size === 0));
    const slips = raw.filter((cells) => sizes(cells).some((size) => size > 25));
    expect(zero.length).toBe(20);
    expect(slips.map((cells) => Math.max(...sizes(cells))).sort()).toEqual([31.8, 31.8, 58.9]);
    expect(count("out-of-range")).toBe(zero.length + slips.length);
  });

  it("drops 145 duplicates: of 146 equal rows one also has a zero dimension", () => {
    const distinct = new Set(raw.map((cells) => cells.join()));
    expect(raw.length - distinct.size).toBe(146);
    expect(count("duplicate")).toBe(145);
  });

  it("keeps 53,772 unchanged", () => {
    expect(cleaned.rows.length).toBe(53_772);
    for (const { row, features, target } of cleaned.rows.slice(0, 2000)) {
      const [carat, cut, color, clarity, depth, table, price, x, y, z] = raw[row - 1];
      expect(features).toEqual({
        carat: +carat,
        cut,
        color,
        clarity,
        depth: +depth,
        table: +table,
        x: +x,
        y: +y,
        z: +z,
      });
      expect(target).toBe(+price);
    }
    expect(["missing-target", "missing-required", "invalid-level"].map(count)).toEqual([0, 0, 0]);
  });
});
