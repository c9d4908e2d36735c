// A new file against a spec: every kind of difference is found, counted and shown.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { checkSpec } from "#core/dataset/spec.ts";
import { checkTable } from "../../../trainer/tables/check-table.ts";

const folder = mkdtempSync(join(tmpdir(), "appraise-check-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const spec = checkSpec({
  name: "flats",
  title: "Flats",
  version: 1,
  task: "regression",
  source: {
    format: "csv",
    path: "flats.csv",
    columns: { seen: { date: "%d/%m/%Y" } },
    leftOut: [{ column: "code", reason: "an id" }],
  },
  target: { name: "rent", unit: "EUR" },
  features: [
    { name: "area", type: "number", required: true, minimum: 0, maximum: 500 },
    { name: "town", type: "category", levels: ["Ulm", "Bonn"] },
    { name: "seen", type: "date" },
    { name: "lift", type: "boolean" },
    { name: "rooms", type: "number" },
  ],
  split: { testShare: 0.2, seed: 1 },
});

const write = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

it("finds nothing in a file that fits, whatever its dialect", async () => {
  const path = write(
    "good.csv",
    "code;area;town;seen;lift;rooms;rent\na;12,5;Ulm;25/12/2021;yes;2;700\nb;30,5;Bonn;;no;;900\n",
  );
  const reading = { decimal: "," as const };
  const own = checkSpec({ ...spec, source: { ...spec.source, decimal: "," } });
  expect(await checkTable(own, path, reading)).toEqual({ rows: 2, columns: 7, findings: [] });
});

it("finds each kind of difference with counts and examples", async () => {
  const path = write(
    "bad.csv",
    "code,area,town,seen,lift,room,rent,extra\na,900,Ulm,25/12/2021,yes,2,700,1\nb,,ulm,2021-12-25,perhaps,3,x,2\nc,12,Trier,,no,4,900,3\n",
  );
  const { findings } = await checkTable(spec, path);
  const short = findings.map(({ column, kind, cells, examples, detail }) => [
    column,
    kind,
    cells,
    examples.map(({ text }) => text).join(),
    detail,
  ]);
  expect(short).toEqual([
    ["area", "missing values", 1, "", "the column is required"],
    ["area", "out of range", 1, "900", "expected at least 0 and at most 500"],
    ["town", "new levels", 2, "Trier,ulm", "the spec has 2 levels"],
    ["seen", "unreadable", 1, "2021-12-25", "expected a date as %d/%m/%Y or an empty cell"],
    ["lift", "new levels", 1, "perhaps", "the spec has 2 levels"],
    ["rooms", "missing column", 3, "", 'did you mean "room"?'],
    ["rent", "unreadable", 1, "x", "expected a number or an empty cell"],
    ["room", "new column", 3, "", "the spec does not know it"],
    ["extra", "new column", 3, "", "the spec does not know it"],
  ]);
});
