/// <reference lib="dom" />
// The reasons for the golden rows in a real Chromium: the contributions of Node and workerd, every bit.
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PriceExplanation } from "#core/api/explanation.ts";
import { loadDataset } from "../../trainer/dataset/find-dataset.ts";
import { contributionsIn, type explainAll } from "../golden/explain.ts";
import explanations from "../golden/explanations.json" with { type: "json" };
import golden from "../golden/golden.json" with { type: "json" };
import { launchChromium } from "./chromium.ts";
import { root } from "./page-build.ts";

let browser: Browser;
let script: string;

/** core/explain as one classic script that leaves its functions in the global `explained`. */
async function bundleExplanations(): Promise<string> {
  const entry = join(root, "test", "golden", "explain.ts");
  const lib = { entry, name: "explained", formats: ["iife" as const] };
  const built = await build({
    ...{ root, configFile: false as const, logLevel: "silent" as const, publicDir: false as const },
    build: { write: false, target: "es2022", lib },
  });
  const [{ output }] = [built].flat() as { output: { type: string; code: string }[] }[];
  return output.find(({ type }) => type === "chunk")!.code;
}

beforeAll(async () => {
  [browser, script] = await Promise.all([launchChromium(), bundleExplanations()]);
});

afterAll(() => browser?.close());

describe.each(golden.models)("the golden rows of $id", (model) => {
  it("have the same reasons in Chromium", async () => {
    const { file, contributions, demo } = explanations.find(({ id }) => id === model.id)!;
    const { spec } = loadDataset("diamonds");
    const page = await browser.newPage();
    await page.addScriptTag({ content: script });
    const explained = await page.evaluate(
      ([given, text, rows, prices]) => {
        const { explained } = globalThis as unknown as { explained: { explainAll: typeof explainAll } };
        return explained.explainAll(given, text, rows, prices);
      },
      [spec, file, golden.rows, model.prices] as const,
    );
    const names = spec.features.map(({ name }) => name);
    expect(explained.map((one: PriceExplanation) => contributionsIn(names, one))).toEqual(contributions);
    expect(explained[0]).toEqual(demo);
    await page.close();
  });
});
