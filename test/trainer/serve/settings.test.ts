// appraise.json: what it may say, what is refused, and how a dataset is added to it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { addDataset, readSettings } from "../../../trainer/serve/settings.ts";

let folder: string;
const write = (text: string) => writeFileSync(join(folder, "appraise.json"), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "appraise-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("readSettings", () => {
  it("finds nothing where there is no file, and what the file says", () => {
    expect(readSettings(folder)).toEqual({});
    write('{"datasets":["houses"],"port":9000,"host":"0.0.0.0"}');
    expect(readSettings(folder)).toEqual({ datasets: ["houses"], port: 9000, host: "0.0.0.0" });
  });

  it.each([
    ["no JSON", "{", /^appraise\.json: not JSON: /],
    ["a list", "[]", /^appraise\.json: \/: /],
    ["a name with a slash", '{"datasets":["../etc"]}', /\/datasets\/0: expected a name of lower-case/],
    ["a port of text", '{"port":"9000"}', /\/port: /],
    ["a field that is none", '{"prot":9000}', /prot/],
  ])("refuses %s in one line", (_, text, message) => {
    write(text);
    expect(() => readSettings(folder)).toThrow(InputError);
    expect(() => readSettings(folder)).toThrow(message);
  });
});

describe("addDataset", () => {
  it("puts the newest first, once, and keeps what else is there", () => {
    addDataset(folder, "houses");
    expect(readSettings(folder)).toEqual({ datasets: ["houses"] });
    write('{"port":9000,"datasets":["houses","cars"]}');
    addDataset(folder, "cars");
    expect(JSON.parse(readFileSync(join(folder, "appraise.json"), "utf8"))).toEqual({
      port: 9000,
      datasets: ["cars", "houses"],
    });
    expect(existsSync(join(folder, "appraise.json.part"))).toBe(false);
  });

  it("leaves a file alone that cannot be read", () => {
    write("{");
    expect(() => addDataset(folder, "cars")).toThrow(InputError);
    expect(readFileSync(join(folder, "appraise.json"), "utf8")).toBe("{");
  });
});
