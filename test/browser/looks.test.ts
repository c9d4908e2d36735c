/// <reference lib="dom" />
// What the widget looks like, as small grey pictures that fonts hardly change: a lost column, colour or curve does change them.
// `LOOKS=write npx vitest run --project browser test/browser/looks.test.ts` takes them anew; look at them before.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { openPage } from "./open-page.ts";
import { ensurePagesBuilt } from "./page-build.ts";
import { comparables, shop } from "./shop-page.ts";

const path = join(import.meta.dirname, "..", "fixtures", "looks.json");
/** Cells of a picture: coarse enough that a word set in another font leaves a cell much as grey as it was. */
const cells = { across: 24, down: 32 } as const;
/** Mean difference of a cell, of 255 greys, and the share of cells that may be another picture's altogether. */
const tolerance = { mean: 5, far: 40, share: 0.03 } as const;

const looks = [
  { name: "wide, light", path: "/wide", width: 1280, colorScheme: "light" },
  { name: "wide, dark", path: "/wide", width: 1280, colorScheme: "dark" },
  { name: "normal at 768", path: "/normal", width: 768, colorScheme: "light" },
  { name: "normal at 360", path: "/normal", width: 360, colorScheme: "light" },
  { name: "compact", path: "/compact", width: 460, colorScheme: "light" },
] as const;

let browser: Browser;
let api: FakeApi;
let kept: Record<string, number[]>;

beforeAll(async () => {
  await ensurePagesBuilt();
  browser = await launchChromium();
  const pages = { "/wide": shop(`size="wide"`), "/normal": shop(), "/compact": shop(`size="compact"`) };
  const ranges = { weight: { minimum: 0.1, maximum: 10 } };
  api = await startFakeApi({ spec: gems, pages, ranges, comparables });
  kept = JSON.parse(await readFile(path, "utf8").catch(() => "{}"));
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

async function photograph(look: (typeof looks)[number]): Promise<{ page: Page; png: Buffer }> {
  const { width, colorScheme } = look;
  const { page, widget } = await openPage(browser, `${api.origin}${look.path}`, { width, colorScheme });
  await widget.locator(".bounds").waitFor();
  await page.waitForLoadState("networkidle");
  // How long a price took is different each time.
  await widget.locator(".status").evaluate((element) => element.style.setProperty("visibility", "hidden"));
  await page.waitForTimeout(400);
  return { page, png: await widget.screenshot({ animations: "disabled" }) };
}

/** A PNG shrunk to grey cells by the browser itself: no decoder is needed. */
async function shrink(png: Buffer): Promise<number[]> {
  const page = await browser.newPage();
  const grey = await page.evaluate(
    async ([data, across, down]) => {
      const image = await createImageBitmap(await (await fetch(data)).blob());
      const canvas = new OffscreenCanvas(across, down).getContext("2d")!;
      canvas.imageSmoothingQuality = "high";
      canvas.drawImage(image, 0, 0, across, down);
      const { data: rgba } = canvas.getImageData(0, 0, across, down);
      return Array.from({ length: across * down }, (_, at) =>
        Math.round(0.299 * rgba[4 * at] + 0.587 * rgba[4 * at + 1] + 0.114 * rgba[4 * at + 2]),
      );
    },
    [`data:image/png;base64,${png.toString("base64")}`, cells.across, cells.down] as const,
  );
  await page.close();
  return grey;
}

function difference(a: readonly number[], b: readonly number[]): { mean: number; share: number } {
  const apart = a.map((grey, at) => Math.abs(grey - b[at]));
  return {
    mean: apart.reduce((sum, one) => sum + one, 0) / apart.length,
    share: apart.filter((one) => one > tolerance.far).length / apart.length,
  };
}

const isSame = ({ mean, share }: { mean: number; share: number }) =>
  mean <= tolerance.mean && share <= tolerance.share;

describe("the widget looks as it did", () => {
  it.each(looks)("$name", async (look) => {
    const { page, png } = await photograph(look);
    const grey = await shrink(png);
    await page.close();
    if (process.env.LOOKS === "write") {
      kept[look.name] = grey;
      await writeFile(path, `${JSON.stringify(kept)}\n`);
    }
    expect(kept[look.name]).toHaveLength(cells.across * cells.down);
    expect(difference(grey, kept[look.name])).toSatisfy(isSame);
  });

  it("and another font does not make it another picture, but a lost part or colour does", async () => {
    const { page } = await photograph(looks[0]);
    const widget = page.locator("appraise-widget");
    const changed = async (change: string) => {
      // By the object model: the page's policy forbids the attribute.
      await widget.evaluate((element, css) => {
        element.style.cssText = css;
      }, change);
      return difference(
        await shrink(await widget.screenshot({ animations: "disabled" })),
        kept[looks[0].name],
      );
    };
    expect(await changed("--appraise-font: monospace; --appraise-display-font: sans-serif")).toSatisfy(
      isSame,
    );
    expect(await changed("--appraise-well: #334")).not.toSatisfy(isSame);
    await widget.evaluate((element) => element.setAttribute("size", "compact"));
    expect(await changed("")).not.toSatisfy(isSame);
  });
});
