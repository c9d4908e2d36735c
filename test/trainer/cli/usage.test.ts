// What the command line says to those who ask for help, and to those who get something wrong.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appraise } from "./command.ts";
import { makeSmallDataset, type SmallDataset } from "./small-dataset.ts";

let small: SmallDataset;

beforeAll(() => {
  small = makeSmallDataset();
  writeFileSync(join(small.folder, "bad.json"), '{"name":"Bad Name","version":0}');
  writeFileSync(join(small.folder, "broken.json"), '{"name":');
});
afterAll(() => rmSync(small.folder, { recursive: true }));

describe("appraise --help", () => {
  it("lists the commands and the exit codes", async () => {
    const { code, stdout } = await appraise(["--help"]);
    expect(code).toBe(0);
    for (const word of ["train", "load", "models", "predict", "Exit codes:"]) expect(stdout).toContain(word);
  });

  it("of train names every option, the families and the exit codes", async () => {
    const { code, stdout, stderr } = await appraise(["train", "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    const options =
      "--dataset --source --format --family --models --seed --out --publish --token --promote --reason --if-changed --json";
    for (const option of options.split(" ")) expect(stdout).toContain(option);
    expect(stdout).toMatch(/auto.*always.*never/s);
    expect(stdout).toContain("linear");
    expect(stdout).toMatch(/3 {2}an exported model/);
  });

  it("of models list is there too", async () => {
    const { code, stdout } = await appraise(["models", "list", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("APPRAISE_TOKEN");
  });
});

describe("wrong input ends with one line and exit code 2", () => {
  it.each([
    ["an unknown option", ["train", "--colour", "red"], /unknown option '--colour'/],
    ["an unknown command", ["brew"], /unknown command 'brew'/],
    [
      "an unknown family",
      ["train", "--family", "magic"],
      /--family: expected one of .*linear.*; got "magic"/,
    ],
    ["a family that every object has", ["train", "--family", "constructor"], /expected one of .*linear/],
    ["a count of nothing", ["train", "--models", "0"], /whole number from 1 to 1000/],
    ["a negative seed", ["train", "--seed", "-1"], /whole number from 0 to 4294967295/],
    ["an unknown mode", ["train", "--promote", "maybe"], /Allowed choices are auto, always, never/],
    ["an unknown dataset", ["train", "--dataset", "unicorns"], /unicorns: no data\/unicorns\/dataset\.json/],
    ["a missing dataset file", ["train", "--dataset", "./absent.json"], /absent\.json: no such file/],
    ["a spec that is not JSON", ["train", "--dataset", "broken.json"], /broken\.json: not JSON/],
    [
      "a spec with faults",
      ["train", "--dataset", "bad.json"],
      /\/name: .*bad\.json.*\/version: .*\/target: /,
    ],
    [
      "a missing source",
      ["train", "--dataset", "dataset.json", "--source", "no.csv"],
      /no\.csv: no such file/,
    ],
    ["a URL that is none", ["load", "--dataset", "dataset.json", "--url", "localhost"], /expected http:/],
    ["no server", ["predict", "{}"], /no server named; give --url or set APPRAISE_URL/],
    ["a row that is not JSON", ["predict", "{carat", "--url", "http://127.0.0.1:1"], /row: not JSON/],
    ["--if-changed alone", ["train", "--dataset", "dataset.json", "--if-changed"], /expected --publish/],
    [
      "an --out that is a file",
      ["train", "--dataset", "dataset.json", "--out", "dataset.json"],
      /--out: cannot make/,
    ],
  ])("%s", async (_, argv, message) => {
    const { code, stdout, stderr } = await appraise(argv, { cwd: small.folder });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("a source with another header names what is missing and what is unknown", async () => {
    const { code, stderr } = await appraise(["train", "--dataset", small.spec, "--source", "-"], {
      input: "area,city,age,rent\n1,2,3,4\n",
    });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'appraise: stdin: wrong header: missing town; unknown "city"; expected area, town, age, rent\n',
    );
  });

  it("too few rows", async () => {
    const { code, stderr } = await appraise(["train", "--dataset", small.spec, "--source", "-"], {
      input: "area,town,age,rent\n50,Ulm,3,700\n",
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/expected at least 20 rows after cleaning; got 1 of the 1/);
  });
});

describe("a server that does not answer", () => {
  it("is exit code 4 and one line", async () => {
    const { code, stderr } = await appraise([
      "models",
      "list",
      "--dataset",
      "x",
      "--url",
      "http://127.0.0.1:1",
    ]);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^appraise: GET \/v1\/x\/\S+: no answer from http:\/\/127\.0\.0\.1:1: /);
    expect(stderr.trim().split("\n").length).toBe(1);
  });
});
