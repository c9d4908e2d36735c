// What a command loads before it knows what to do: help and usage errors must not wait for models, schemas or runtimes.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Family } from "../../../trainer/families/family.ts";
import { families } from "../../../trainer/families/index.ts";
import { presetNames } from "../../../trainer/families/preset-names.ts";
import { appraise } from "./command.ts";

const root = join(import.meta.dirname, "../../..");
const recorder = pathToFileURL(join(import.meta.dirname, "loaded-modules.mjs")).href;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "appraise-start-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Paths from the root of what a command loads. */
async function modulesOf(argv: readonly string[], code: number): Promise<string[]> {
  const list = join(folder, `${argv.join("-") || "none"}.txt`);
  const env = { LOADED_MODULES: list, NODE_OPTIONS: `--import ${recorder}` };
  expect((await appraise(argv, { env })).code).toBe(code);
  if (!existsSync(list)) return [];
  const urls = readFileSync(list, "utf8").trim().split("\n");
  return [...new Set(urls.map((url) => url.replace(`${pathToFileURL(root).href}/`, "")))];
}

describe("a start", () => {
  it.each([
    ["--help", ["--help"], 0],
    ["--version", ["--version"], 0],
    ["help of one command", ["train", "--help"], 0],
    ["an unknown command", ["brew"], 2],
    ["an unknown option", ["train", "--colour"], 2],
    ["an option's wrong value", ["train", "--family", "magic"], 2],
  ])("with %s loads names and options, and no action", async (_, argv, code) => {
    const modules = await modulesOf(argv, code);
    expect(modules).toContain("trainer/cli/index.ts");
    const packages = modules.filter((path) => path.includes("node_modules/"));
    expect(packages.filter((path) => !path.includes("node_modules/commander/"))).toEqual([]);
    expect(modules.filter((path) => path.startsWith("trainer/cli/actions/"))).toEqual([]);
    const own = modules.filter((path) => !path.includes("node_modules/"));
    expect(own.length, own.join("\n")).toBeLessThan(60);
  });

  it("with a command that runs loads that command's action alone", async () => {
    const modules = await modulesOf(["predict", "{}"], 2);
    const actions = modules.filter((path) => path.startsWith("trainer/cli/actions/"));
    expect(actions).toEqual(["trainer/cli/actions/predict.ts"]);
  });
});

it("the presets in the help are those of the families", () => {
  const names = Object.values<Family>(families).flatMap(({ name, presets }) =>
    presets ? [[name, Object.keys(presets)] as const] : [],
  );
  expect(presetNames).toEqual(Object.fromEntries(names));
});
