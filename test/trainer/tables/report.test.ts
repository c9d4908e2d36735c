// The data report: what it measures on tables whose answer is known, and the page that is drawn from it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DataReport } from "#core/api/data-report.ts";
import { clean } from "../../../trainer/dataset/clean.ts";
import { seeded } from "../../../trainer/random.ts";
import { initDataset } from "../../../trainer/tables/init-dataset.ts";
import { readTableRows } from "../../../trainer/tables/reading/table-rows.ts";
import { codeColumn } from "../../../trainer/tables/report/codes.ts";
import { groupColumns, measureInformation } from "../../../trainer/tables/report/information.ts";
import { makeReport } from "../../../trainer/tables/report/write-report.ts";

const folder = mkdtempSync(join(tmpdir(), "report-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function save(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const random = seeded(7);

/** Houses: price follows area and quality; two columns are missing together; the last row is far off; the first stands twice. */
function houses(): string {
  const lines = Array.from({ length: 400 }, (_, row) => {
    const area = 40 + Math.floor(random() * 160);
    const grade = ["poor", "fair", "good"][Math.floor(random() * 3)];
    const hasGarage = random() < 0.7;
    const price = area * 1000 * (grade === "good" ? 2 : 1) + Math.floor(random() * 5000);
    const garage = hasGarage ? `${Math.floor(random() * 40)};${random() < 0.5 ? "brick" : "wood"}` : ";";
    const [north, east] = [38 + random(), -121 - random()].map((degrees) =>
      degrees.toFixed(4).replace(".", ","),
    );
    return `H${row};${row === 399 ? 9000 : area};${(area * 10.7639).toFixed(1).replace(".", ",")};${grade};${garage};${north};${east};${price}`;
  });
  return `id;area;sqft;grade;garage_size;garage_kind;latitude;longitude;price\n${[...lines, lines[0]].join("\n")}\n`;
}

const path = save("houses.csv", houses());
const made = makeReport(path, ".", {}, { target: "price" });
const column = async (name: string) => {
  const found = (await made).report.columns.find((one) => one.name === name);
  if (!found) throw new Error(`no column ${name}`);
  return found;
};

describe("the data report of a table", () => {
  it("keeps to its schema and holds no infinite figure", async () => {
    const { report } = await made;
    expect(DataReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.rows).toBe(401);
    expect(report.reading).toContainEqual({ name: "separator", value: ";" });
    expect(report.reading).toContainEqual({ name: "decimal", value: "," });
  });

  it("says what each column is and why one is left out", async () => {
    expect(await column("price")).toMatchObject({ type: "integer", role: "target" });
    expect(await column("sqft")).toMatchObject({ type: "number", role: "feature" });
    expect(await column("grade")).toMatchObject({ type: "ordered category", distinct: 3 });
    expect((await column("id")).role).toBe("left out");
    expect((await column("id")).reason).toMatch(/free text|id/);
  });

  it("counts every value once in a histogram", async () => {
    const { number, missing } = await column("sqft");
    const { counts, below, above, edges } = number!.histogram;
    expect(counts.reduce((sum, count) => sum + count, below + above)).toBe(401 - missing);
    expect(edges).toHaveLength(counts.length + 1);
  });

  it("finds the columns that are missing together", async () => {
    const { missingness } = (await made).report;
    const both = missingness.patterns.find(({ columns }) => columns.length === 2);
    expect(both?.columns.toSorted()).toEqual(["garage_kind", "garage_size"]);
    expect(missingness.pairs[0].correlation).toBeCloseTo(1, 6);
    expect(missingness.complete + both!.rows).toBe(401);
  });

  it("finds the outlier, the repeated row, and shows both", async () => {
    const { outliers, duplicates, shownRows } = (await made).report;
    expect(outliers.find((one) => one.column === "area")).toMatchObject({
      rows: 1,
      examples: [{ row: 400, value: 9000 }],
    });
    expect(duplicates).toEqual({ rows: 1, examples: [{ rows: [1, 401], times: 2 }] });
    expect(shownRows.map(({ row }) => row)).toEqual(expect.arrayContaining([1, 400, 401]));
  });

  it("groups two measures of one thing, and ranks columns by what they tell of the target", async () => {
    const { associations } = (await made).report;
    expect(
      associations.groups.some(({ columns }) => columns.includes("area") && columns.includes("sqft")),
    ).toBe(true);
    const strength = async (name: string) => (await column(name)).information!.strength;
    expect(await strength("area")).toBeGreaterThan(await strength("grade"));
    expect(await strength("grade")).toBeGreaterThan(await strength("garage_kind"));
  });

  it("draws a page without script or network, with a table behind every chart", async () => {
    const { page, report } = await made;
    expect(page).not.toMatch(/<script|<link|<img|https?:\/\//i);
    const charts = page.match(/<svg /g)!.length;
    expect(charts).toBeGreaterThan(report.columns.length);
    expect(page.match(/<svg [^>]*role="img" aria-label="[^"]+"/g)).toHaveLength(charts);
    expect(page).toContain("Map of 401 rows");
  });

  it("escapes what the table holds", async () => {
    const nasty = '<script>alert("x")</script>';
    const rows = Array.from(
      { length: 30 },
      (_, row) => `${row % 2 ? nasty.replaceAll('"', "") : "b"},${row}`,
    );
    const { page } = await makeReport(
      save("nasty.csv", `<b>kind</b>,size\n${rows.join("\n")}\n`),
      ".",
      {},
      {},
    );
    expect(page).not.toContain("<script>");
    expect(page).toContain("&lt;b&gt;kind&lt;/b&gt;");
  });

  it("reports a table of one row and one of one column", async () => {
    for (const text of ["a,b\n1,x\n", "a\n1\n2\n3\n"]) {
      const { report, page } = await makeReport(save("small.csv", text), ".", {}, {});
      expect(DataReport.parse(report).warnings.map(({ kind }) => kind)).toContain("few rows");
      expect(page).toContain("</html>");
    }
  });

  it("warns of a leak and of rare classes", async () => {
    const rows = Array.from(
      { length: 500 },
      (_, row) => `${row % 7},${row % 50 === 0 ? "yes" : "no"},${row % 50 === 0 ? 1 : 0}`,
    );
    const { report } = await makeReport(
      save("leak.csv", `size,sold,sold_code\n${rows.join("\n")}\n`),
      ".",
      {},
      { target: "sold" },
    );
    expect(report.warnings.slice(0, 2).map(({ kind }) => kind)).toEqual(["leak", "imbalance"]);
    expect(report.warnings[0].column).toBe("sold_code");
  });
});

describe("what cleaning would drop", () => {
  it("is what cleaning drops, rule by rule", async () => {
    const source = save("clean.csv", houses());
    const { spec, file } = await initDataset({ location: source, target: "price", folder });
    const [area, grade] = ["area", "grade"].map((name) =>
      spec.features.findIndex((one) => one.name === name),
    );
    const features = spec.features.map((feature, at) =>
      at === area && feature.type === "number"
        ? { ...feature, maximum: 190 }
        : at === grade && feature.type === "category"
          ? { ...feature, levels: ["poor", "good"] }
          : feature,
    );
    const narrowed = { ...spec, features };
    const { report } = await makeReport(source, ".", spec.source, { spec: narrowed });
    const expected = await clean(narrowed, readTableRows(narrowed, source, "."));
    const told = report.cleaning!.dropped.map(({ rule, rows, examples }) => [rule, rows, examples]);
    expect(told).toEqual(
      expected.report.dropped.map(({ rule, count, examples }) => [
        rule,
        count,
        examples.map(({ row }) => row),
      ]),
    );
    expect(report.cleaning!.kept).toBe(expected.report.kept);
    expect(told.filter(([, rows]) => Number(rows) > 0).length).toBeGreaterThan(2);
    expect(file).toMatch(/dataset\.json$/);
  });
});

describe("strength", () => {
  const draw = (n: number, next: (row: number) => number) =>
    codeColumn(
      Array.from({ length: n }, (_, row) => next(row)),
      true,
      String,
    );

  it("is near 0 for noise, 1 for a function, near |r| for normal numbers", () => {
    const n = 5000;
    const normal = Array.from(
      { length: 2 * n },
      () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    );
    const one = draw(n, (row) => normal[row]);
    const other = draw(n, (row) => normal[n + row]);
    const mixed = draw(n, (row) => 0.8 * normal[row] + 0.6 * normal[n + row]);
    expect(measureInformation(one, other).strength).toBeLessThan(0.08);
    expect(
      measureInformation(
        one,
        draw(n, (row) => Math.exp(normal[row])),
      ).strength,
    ).toBeCloseTo(1, 6);
    expect(Math.abs(measureInformation(one, mixed).strength - 0.8)).toBeLessThan(0.05);
  });

  it("groups only columns that are strongly associated each with each", () => {
    const strengths = [
      [1, 0.9, 0.2, 0.1],
      [0.9, 1, 0.9, 0.1],
      [0.2, 0.9, 1, 0.1],
      [0.1, 0.1, 0.1, 1],
    ];
    const groups = groupColumns((a, b) => strengths[a][b], 4);
    expect(groups).toHaveLength(1);
    expect(groups[0].members).toHaveLength(2);
  });
});
