/// <reference lib="dom" />
// What a page looks like to eyes and hands: contrast in light and dark, visible focus, still pages for who asks for them.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDataset } from "../../trainer/dataset/find-dataset.ts";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { openPage } from "./open-page.ts";
import { ensurePagesBuilt, pagesFolder } from "./page-build.ts";

/** WCAG 2.2 AA for text; large text (24 px, or 18.66 px bold) needs less. */
const textContrast = 4.5;
const largeTextContrast = 3;

let browser: Browser;
let api: FakeApi;

beforeAll(async () => {
  await ensurePagesBuilt();
  browser = await launchChromium();
  // Under the name that the first page asks for, so that the very page that is served is looked at.
  api = await startFakeApi({
    spec: { ...gems, name: "diamonds" },
    ranges: { weight: { minimum: 0.1, maximum: 10 } },
    comparables: [{ id: 1, features: { weight: 1, grade: "A" }, target: 1000, distance: 0, exact: true }],
  });
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

/** Every visible text whose colour is too close to what lies behind it, page and shadow root alike. Runs in the page. */
function findFaintTexts([least, leastLarge]: readonly [number, number]): string[] {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
  const channels = (colour: string) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (rgb: number[]) =>
    rgb
      .slice(0, 3)
      .map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const parentOf = (node: Node): Element | null =>
    node.parentElement ?? ((node.getRootNode() as ShadowRoot).host as Element | undefined) ?? null;
  const backgroundOf = (element: Element): number[] => {
    for (let each: Element | null = element; each; each = parentOf(each)) {
      const rgba = channels(getComputedStyle(each).backgroundColor);
      if (rgba[3] === 255) return rgba;
    }
    return [255, 255, 255];
  };
  const faint: string[] = [];
  const visit = (root: Node) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element && node.shadowRoot) visit(node.shadowRoot);
      const element = node instanceof Text && node.data.trim() ? parentOf(node) : null;
      if (!element?.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { color, fontSize, fontWeight } = getComputedStyle(element);
      const [a, b] = [luminance(channels(color)), luminance(backgroundOf(element))].sort((x, y) => y - x);
      const size = Number.parseFloat(fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < (large ? leastLarge : least)) faint.push(`${node.textContent?.trim()} ${ratio.toFixed(2)}`);
    }
  };
  visit(document.body);
  return faint;
}

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  it("every text stands out from its ground", async () => {
    const { page, widget } = await openPage(browser, `${api.origin}/`, { colorScheme });
    await widget.locator(".bounds").waitFor();
    await widget.getByText("More detail").click();
    await widget.locator("#weight-entry").fill("15");
    await widget.locator(".warning").waitFor();
    expect(await page.evaluate(findFaintTexts, [textContrast, largeTextContrast] as const)).toEqual([]);
    await widget.locator("#weight-entry").fill("-1");
    await widget.locator(".fault").waitFor();
    expect(await page.evaluate(findFaintTexts, [textContrast, largeTextContrast] as const)).toEqual([]);
  });

  it("the measure itself finds a text that does not", async () => {
    const { page } = await openPage(browser, `${api.origin}/404.html`, { colorScheme });
    const faint = () => page.evaluate(findFaintTexts, [textContrast, largeTextContrast] as const);
    expect(await faint()).toEqual([]);
    // #777 lies just below 4.5:1 on the paper of either scheme.
    await page.locator("p").evaluate((element) => element.style.setProperty("color", "#777"));
    expect((await faint())[0]).toMatch(/^Check the address.* 4\.\d\d$/);
  });
});

describe("the first page", () => {
  it("is worked by keyboard alone: every stop of the tab key is seen", async () => {
    const { page, widget } = await openPage(browser, `${api.origin}/`);
    await widget.locator(".bounds").waitFor();
    const stops: string[] = [];
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("Tab");
      const stop = await page.evaluate(() => {
        let active = document.activeElement;
        while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
        if (!active || active === document.body) return undefined;
        // The ring of a hidden radio or checkbox is drawn by what stands for it.
        const next = active.matches(".level input, .switch input") ? active.nextElementSibling! : active;
        const { outlineStyle, outlineWidth } = getComputedStyle(next);
        const ring = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
        return `${ring ? "ring" : "no ring"} ${active.tagName} ${active.id || active.className}`;
      });
      if (!stop) break;
      stops.push(stop);
    }
    expect(stops.length).toBeGreaterThan(10);
    expect(stops.filter((stop) => stop.startsWith("no ring"))).toEqual([]);
    for (const control of ["weight-entry", "slider", "INPUT", "SUMMARY", "BUTTON"])
      expect(
        stops.some((stop) => stop.includes(control)),
        control,
      ).toBe(true);
  });

  it("moves nothing where motion is not wanted, and shifts nothing while it loads", async () => {
    const context = await browser.newContext({
      reducedMotion: "reduce",
      viewport: { width: 1440, height: 900 },
    });
    const page = await context.newPage();
    await page.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
      }).observe({ type: "layout-shift", buffered: true });
    });
    api.delayMs = 200;
    await page.goto(`${api.origin}/`);
    const widget = page.locator("appraise-widget");
    await widget.locator(".card:not(.bone)").waitFor();
    api.delayMs = 0;
    const durations = await widget
      .locator(".amount, .track, .bar i")
      .evaluateAll((all) => all.map((each) => getComputedStyle(each).transitionDuration));
    expect(durations.length).toBe(3);
    expect(durations.every((duration) => duration === "0s")).toBe(true);
    const shift = await page.evaluate(() =>
      (window as unknown as { shifts: number[] }).shifts.reduce((sum, value) => sum + value, 0),
    );
    expect(shift).toBeLessThan(0.02);
    await context.close();
  });

  it("cuts no grade off on the narrowest phones", async () => {
    const { spec } = loadDataset("diamonds");
    const narrow = await startFakeApi({ spec });
    try {
      const { widget } = await openPage(browser, `${narrow.origin}/`, { width: 320 });
      await widget.locator(".bounds").waitFor();
      const cut = await widget
        .locator(".levels, .level span")
        .evaluateAll((all) =>
          all.filter((each) => each.scrollWidth > each.clientWidth).map(({ textContent }) => textContent),
        );
      expect(cut).toEqual([]);
    } finally {
      await narrow.close();
    }
  });

  it("copies the snippet", async () => {
    const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
    const page = await context.newPage();
    await page.goto(`${api.origin}/`);
    await page.getByRole("button", { name: "Copy" }).first().click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const { path, integrity } = JSON.parse(await readFile(join(pagesFolder, "widget.json"), "utf8"));
    expect(copied).toBe(
      `<script type="module" src="${api.origin}${path}"\n  integrity="${integrity}"></script>\n` +
        `<appraise-widget dataset="diamonds" size="wide"></appraise-widget>`,
    );
    await context.close();
  });
});
