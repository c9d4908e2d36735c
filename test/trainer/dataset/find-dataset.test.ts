// Finding and parsing a dataset.json: every fault is told with its place in the file.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { maxSpecBytes } from "#core/dataset/spec.ts";
import {
  listDatasets,
  listOwnDatasets,
  loadDataset,
  onlyDataset,
} from "../../../trainer/dataset/find-dataset.ts";
import { houses } from "./fixture.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "appraise-spec-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

/** The fixture's spec with one part changed. */
const changed = (part: object) => ({ ...houses, ...part });
const [area, town, age] = houses.features;

describe("a folder of the user's own", () => {
  const before = process.cwd();
  afterEach(() => process.chdir(before));

  it("comes before the examples, which are there where it has none of that name", () => {
    const home = mkdtempSync(join(folder, "home-"));
    process.chdir(home);
    expect(listOwnDatasets()).toEqual([]);
    expect(onlyDataset()).toBe("diamonds");
    const example = loadDataset("diamonds");
    mkdirSync(join(home, "data", "houses"), { recursive: true });
    writeFileSync(join(home, "data", "houses", "dataset.json"), JSON.stringify(houses));
    expect([listOwnDatasets(), listDatasets(), onlyDataset()]).toEqual([["houses"], ["houses"], "houses"]);
    expect(loadDataset("houses").directory).toBe(realpathSync(join(home, "data", "houses")));
    expect(loadDataset("diamonds").file).toBe(example.file);
    mkdirSync(join(home, "data", "diamonds"));
    writeFileSync(
      join(home, "data", "diamonds", "dataset.json"),
      JSON.stringify({ ...houses, name: "diamonds" }),
    );
    expect(loadDataset("diamonds").spec.title).toBe(houses.title);
  });
});

describe("loadDataset", () => {
  it("finds a dataset by name, by folder and by file", () => {
    const byName = loadDataset("diamonds");
    expect(byName.spec.features.map(({ name }) => name)).toEqual(
      "carat cut color clarity depth table x y z".split(" "),
    );
    expect(loadDataset(byName.directory).spec).toEqual(byName.spec);
    expect(loadDataset(byName.file).spec).toEqual(byName.spec);
    expect(listDatasets()).toContain("diamonds");
  });

  it("describes every diamond column for people, with an example that is allowed", () => {
    const { spec } = loadDataset("diamonds");
    for (const feature of spec.features) {
      expect(feature.title).toBeTruthy();
      expect(feature.description).toMatch(/\.$/);
      if (feature.type === "category") {
        expect(Object.keys(feature.levelDescriptions ?? {})).toEqual(feature.levels);
        expect(feature.levels).toContain(feature.example);
      } else {
        expect(feature.unit).toBeTruthy();
        expect(feature.example).toBeGreaterThan(feature.minimum ?? Number.NaN);
        expect(feature.example).toBeLessThan(feature.maximum ?? Number.NaN);
      }
    }
    const monotone = spec.features.filter((feature) => feature.monotone === "increasing");
    expect(monotone.map(({ name }) => name)).toEqual(["carat", "color", "clarity"]);
    const required = spec.features.filter((feature) => feature.required);
    expect(required.map(({ name }) => name)).toEqual(["carat", "cut", "color", "clarity"]);
  });

  it.each([
    ["an unknown field", changed({ colour: 1 }), "", /unknown field.*colour/],
    ["a missing target", { ...houses, target: undefined }, "/target", /expected object/],
    ["a name in capitals", changed({ name: "Houses" }), "/name", /lower-case/],
    ["a format that is not read", changed({ source: { format: "xls", path: "a" } }), "/source/format", /csv/],
    [
      "a level twice",
      changed({ features: [area, { ...town, levels: ["a", "a"] }] }),
      "/features/1/levels/1",
      /"a"/,
    ],
    ["a feature twice", changed({ features: [area, area] }), "/features/1/name", /already a feature/],
    [
      "a range upside down",
      changed({ features: [{ ...age, minimum: 9, maximum: 1 }] }),
      "/features/0/maximum",
      /9/,
    ],
    [
      "log of what may be 0",
      changed({ target: { ...houses.target, minimum: 0 } }),
      "/target/minimum",
      /above 0/,
    ],
    ["an unknown rule", changed({ clean: ["tidy"] }), "/clean/0", /missing-target/],
    ["a share of everything", changed({ split: { testShare: 1, seed: 1 } }), "/split/testShare", /1/],
    [
      "similar by a number",
      changed({ similar: { match: ["age"], nearest: "area" } }),
      "/similar/match/0",
      /category/,
    ],
  ])("points at %s", (_, value, pointer, detail) => {
    const path = write("faulty.json", value);
    let failure: unknown;
    try {
      loadDataset(path);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(InputError);
    const fault = (failure as InputError).errors.find((each) => each.pointer === pointer);
    expect(fault?.detail).toMatch(detail);
    expect(fault?.detail).toContain("faulty.json");
  });

  it("refuses what is no JSON, too large, or not there", () => {
    expect(() => loadDataset(write("cut.json", '{"name":'))).toThrow(/cut\.json: not JSON/);
    expect(() => loadDataset(write("large.json", " ".repeat(maxSpecBytes + 1)))).toThrow(
      /at most 1900000 bytes/,
    );
    mkdirSync(join(folder, "empty"));
    expect(() => loadDataset(join(folder, "empty"))).toThrow(/empty: .*dataset\.json/);
    expect(() => loadDataset("../../etc/passwd")).toThrow(InputError);
  });
});
