// appraise train --trials: the best trial becomes a model, its history is kept, and a search that was cut off goes on.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Manifest } from "#core/bundle/manifest.ts";
import { appraise } from "./command.ts";
import { makeSmallDataset, type SmallDataset } from "./small-dataset.ts";

interface Candidate {
  readonly name: string;
  readonly crossValidated: { readonly meanAbsoluteError: number };
}

let small: SmallDataset;
beforeAll(() => {
  small = makeSmallDataset();
});
afterAll(() => rmSync(small.folder, { recursive: true }));

const search = (...argv: string[]) =>
  appraise(["train", "--dataset", small.spec, "--family", "linear", "--models", "1", ...argv], {
    cwd: small.folder,
  });
const linesOf = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n");

describe("train --trials", () => {
  it("is never worse by cross-validation than without, and keeps the trials in manifest and card", async () => {
    const out = join(small.folder, "out");
    const { code, stdout, stderr } = await search(
      ...["--trials", "12", "--threads", "2", "--out", out, "--json", "--journal", "one.jsonl"],
    );
    expect(stderr).not.toMatch(/^appraise:/m);
    expect(code).toBe(0);
    const candidates = JSON.parse(stdout).candidates as Candidate[];
    const searched = candidates.find(({ name }) => name === "best of 12 trials");
    const error = ({ crossValidated }: Candidate) => crossValidated.meanAbsoluteError;
    expect(searched).toBeDefined();
    // The family's own candidates are among the trials, so the best of all trials is at least as good.
    for (const candidate of candidates.filter(({ name }) => name.startsWith("log price")))
      expect(error(searched!)).toBeLessThanOrEqual(error(candidate) + 1e-9);
    const manifest = Manifest.parse(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")));
    expect(manifest.title).toBe("Linear model: best of 12 trials");
    expect(manifest.search.trials?.map(({ number }) => number)).toEqual([...Array(12).keys()]);
    expect(readFileSync(join(out, "card.html"), "utf8")).toContain("Best so far");
  });

  it("goes on where it was cut off, and begins again where that is asked for", async () => {
    const [first] = linesOf(join(small.folder, "one.jsonl"));
    const kept = linesOf(join(small.folder, "one.jsonl")).slice(0, 9);
    // As a kill in the middle of a line leaves it.
    writeFileSync(join(small.folder, "cut.jsonl"), `${kept.join("\n")}\n{"number":7,"par`);
    const argv = ["--trials", "12", "--threads", "1", "--json", "--journal", "cut.jsonl"];
    const resumed = await search(...argv);
    expect(resumed.stderr).toContain("linear: going on with the search in cut.jsonl");
    expect(JSON.parse(resumed.stdout).searches[0].trials).toHaveLength(12);
    expect(linesOf(join(small.folder, "cut.jsonl")).slice(0, 9)).toEqual(kept);
    const fresh = await search(...argv, "--trials", "2", "--fresh");
    expect(fresh.stderr).not.toContain("going on");
    expect(linesOf(join(small.folder, "cut.jsonl"))).toHaveLength(1 + 2 * 2);
    expect(linesOf(join(small.folder, "cut.jsonl"))[0]).toBe(first);
  });

  it("keeps the journals of different searches apart, beside where it is run", async () => {
    const folder = join(small.folder, ".cache", "search");
    await search("--trials", "1", "--threads", "1");
    await search("--trials", "1", "--threads", "1", "--seed", "3");
    await search("--trials", "1", "--threads", "1", "--param", "powers=2");
    const names = readdirSync(folder);
    expect(names).toHaveLength(3);
    for (const name of names) expect(name).toMatch(/^linear-[0-9a-f]{16}-[0-9a-f]{12}\.jsonl$/);
    const again = await search("--trials", "1", "--threads", "1");
    expect(again.stderr).toContain("going on with the search in");
    expect(readdirSync(folder)).toEqual(names);
  });

  it("stops in time", async () => {
    const { code, stdout } = await search("--timeout", "1s", "--threads", "1", "--fresh", "--json");
    expect(code).toBe(0);
    const [{ trials }] = JSON.parse(stdout).searches;
    expect(trials.length).toBeGreaterThan(0);
  });

  it("fixes what --param names", async () => {
    const { stdout } = await search("--param", "target=log", "--param", "powers=2", "--json");
    const { candidates } = JSON.parse(stdout) as { candidates: { name: string; params: object }[] };
    expect(candidates.length).toBeGreaterThan(1);
    for (const { name, params } of candidates) {
      expect(params).toMatchObject({ target: "log", powers: 2 });
      expect(name).toContain(", but target=log, powers=2");
    }
  });
});

describe("a search that makes no sense ends with one line and exit code 2", () => {
  it.each([
    [["--family", "mean", "--param", "of=log"], /--param: expected one --family beside it; got linear, mean/],
    [["--param", "powers"], /--param: expected name=value; got "powers"/],
    [["--param", "power=2"], /\/power: no parameter of linear; expected one of .*powers/],
    [["--param", "powers=9"], /\/powers: .*5/],
    [["--param", "interactions=perhaps"], /\/interactions: .*boolean/],
    [["--trials", "0"], /whole number from 1 to 10000/],
    [["--timeout", "soon"], /Expected a time above 0, such as 90, 90s, 10m or 2h/],
    [["--threads", "2"], /--threads: expected --trials or --timeout beside it/],
    [["--pruner", "median"], /--pruner: expected --trials or --timeout beside it/],
    [["--trials", "1", "--pruner", "luck"], /Allowed choices are racing, median, halving/],
    [["--fresh"], /--fresh: expected --trials or --timeout beside it/],
    [["--family", "boosting", "--trials", "2", "--journal", "x"], /--journal: expected one --family/],
    [["--trials", "2", "--journal", "houses.csv"], /houses\.csv: not a search journal/],
    [["--if-changed", "--trials", "2", "--publish", "http://127.0.0.1:1"], /--if-changed: expected neither/],
  ])("%j", async (argv, message) => {
    const { code, stdout, stderr } = await search(...argv);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("--trials for a family without a space", async () => {
    const { code, stderr } = await appraise(
      ["train", "--dataset", small.spec, "--family", "mean", "--trials", "2"],
      { cwd: small.folder },
    );
    expect([code, stderr]).toEqual([2, "appraise: --trials, --timeout: nothing to search in mean\n"]);
    expect(existsSync(join(small.folder, "x"))).toBe(false);
  });
});
