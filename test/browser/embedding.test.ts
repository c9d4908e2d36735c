/// <reference lib="dom" />
// In other people's pages: under a strict policy, pinned by a hash, beside other widgets, in other languages and directions, for long.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkSpec } from "#core/dataset/spec.ts";
import type { AppraiseElement } from "../../web/widget/element.ts";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { foreignTo, openPage } from "./open-page.ts";
import { ensurePagesBuilt, pagesFolder } from "./page-build.ts";
import { comparables, shop } from "./shop-page.ts";

/** The least that a page must allow for the widget and its own evaluator. */
const strictPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'";
const prices = 1000;
/** Of JavaScript heap over a thousand prices: what caches of compiled code may take, far below one price's kilobytes times a thousand. */
const growthBytes = 600_000;

const flats = checkSpec({
  name: "flats",
  title: "Flats",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "flats.csv" },
  target: { name: "rent", title: "Rent", unit: "CLP" },
  features: [
    { name: "area", title: "Area", type: "number", unit: "m²", minimum: 10, maximum: 400, required: true },
  ],
  split: { testShare: 0.2, seed: 1 },
});

interface Release {
  readonly path: string;
  readonly integrity: string;
}

let browser: Browser;
let api: FakeApi;
let release: Release;

beforeAll(async () => {
  await ensurePagesBuilt();
  release = JSON.parse(await readFile(join(pagesFolder, "widget.json"), "utf8"));
  browser = await launchChromium();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  const pinned = (integrity: string) =>
    shop().replace('src="/widget.js"', `src="${release.path}" integrity="${integrity}"`);
  const pages = {
    "/strict": shop(`engine="browser" size="wide"`),
    "/strict-onnxruntime": shop(`engine="browser" runtime="onnxruntime"`),
    "/pinned": pinned(release.integrity),
    "/tampered": pinned(`sha384-${"A".repeat(64)}`),
    "/spanish": shop(`locale="es" size="wide"`),
    "/italian": shop().replace('lang="en"', 'lang="it-IT"'),
    "/rtl": shop(`size="wide"`).replace("<html", '<html dir="rtl"'),
    "/shop": shop(),
    "/shared": shop(),
  };
  const strict = { "content-security-policy": strictPolicy };
  // A page that lets its widgets ask another origin too.
  const shared = { "content-security-policy": strictPolicy.replace("connect-src 'self'", "connect-src *") };
  const headers = { "/strict": strict, "/strict-onnxruntime": strict, "/shared": shared };
  const ranges = { weight: { minimum: 0.1, maximum: 10 } };
  api = await startFakeApi({ spec: gems, pages, headers, comparables, ranges });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await api.close();
});

async function opened(path: string, width = 1280) {
  const view = await openPage(browser, `${api.origin}${path}`, { width });
  await view.widget.locator(".bounds").waitFor();
  return view;
}

describe("a strict content security policy", () => {
  it("has nothing to say against the widget with its own evaluator, and no third party is asked", async () => {
    const { widget, faults, requests } = await opened("/strict");
    await widget.locator("polyline.line").waitFor();
    const background = await widget
      .locator(".tag")
      .evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(background, "styled without inline styles").not.toBe("rgba(0, 0, 0, 0)");
    expect(faults).toEqual([]);
    expect(foreignTo(api.origin, requests)).toEqual([]);
  });

  it("forbids onnxruntime, which needs 'wasm-unsafe-eval', and the widget says that it cannot", async () => {
    const { widget } = await openPage(browser, `${api.origin}/strict-onnxruntime`);
    await widget.locator(".notice").waitFor();
    expect(await widget.locator(".bounds").count()).toBe(0);
  });
});

describe("the versioned file", () => {
  it("runs under its printed hash, and not under another", async () => {
    const { faults } = await opened("/pinned");
    expect(faults).toEqual([]);
    const { page } = await openPage(browser, `${api.origin}/tampered`);
    await page.waitForLoadState("networkidle");
    expect(await page.evaluate(() => customElements.get("appraise-widget") === undefined)).toBe(true);
  });
});

describe("two widgets on a page", () => {
  it("keep to their own datasets", async () => {
    const other = await startFakeApi({ spec: flats });
    try {
      const { page } = await opened("/shared");
      await page.evaluate((url) => {
        document.body.insertAdjacentHTML(
          "beforeend",
          `<appraise-widget dataset="flats" url="${url}"></appraise-widget>`,
        );
      }, other.origin);
      const [first, second] = [0, 1].map((at) => page.locator("appraise-widget").nth(at));
      await second.locator(".bounds").waitFor();
      const before = await first.locator(".amount").innerText();
      expect(before).toMatch(/^€/);
      const rent = await second.locator(".amount").innerText();
      expect(rent).toMatch(/^CLP/);
      const asked = api.requests.length;
      await second.locator("#area-entry").fill("90");
      await expect.poll(() => second.locator(".amount").innerText()).not.toBe(rent);
      expect(await first.locator(".amount").innerText()).toBe(before);
      expect(api.requests.length).toBe(asked);
      expect(other.requests.every(({ path }) => path.startsWith("/v1/flats"))).toBe(true);
    } finally {
      await other.close();
    }
  });
});

describe("other languages", () => {
  it("speaks Spanish with Spanish numbers, and prices in the data's own currency", async () => {
    const { widget, page } = await opened("/spanish");
    await widget.getByText("Por qué este precio").waitFor();
    expect(await widget.locator(".tag").getAttribute("lang")).toBe("es");
    expect(await widget.locator(".amount").innerText()).toMatch(/^[\d.]+\s€$/);
    await widget.locator("#weight-entry").fill("-1");
    await widget.locator(".fault").waitFor();
    expect(await widget.locator(".fault").innerText()).toBe("Debe estar entre 0,02 ct y 20 ct.");
    await page.locator("appraise-widget").evaluate((element) => element.setAttribute("locale", "it"));
    await widget.getByText("Perché questo prezzo").waitFor();
  });

  it("follows the page's own language", async () => {
    const { widget } = await opened("/italian");
    await widget.getByRole("heading", { name: "Pezzi simili" }).waitFor();
  });

  it("runs from right to left: scales, sliders, arrows and the curve", async () => {
    const { widget, page } = await opened("/rtl");
    await widget.locator("polyline.line").waitFor();
    const left = (selector: string) =>
      widget
        .locator(selector)
        .first()
        .evaluate((element) => element.getBoundingClientRect().left);
    expect(await left(".form")).toBeGreaterThan(await left(".side"));
    expect(await left(".level:first-child")).toBeGreaterThan(await left(".level:last-child"));
    const flipped = await widget
      .locator(".curve svg")
      .evaluate((element) => getComputedStyle(element).transform);
    expect(flipped).toBe("matrix(-1, 0, 0, 1, 0, 0)");
    await widget.getByLabel("Weight, slider").focus();
    await page.keyboard.press("ArrowLeft");
    expect(await widget.locator("#weight-entry").inputValue()).toBe("1.21");
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

describe("a long visit", () => {
  it(`leaves memory flat over ${prices} prices`, async () => {
    const { page } = await opened("/shop");
    const inspector = await page.context().newCDPSession(page);
    const used = async () => {
      for (let i = 0; i < 3; i++) await inspector.send("HeapProfiler.collectGarbage");
      return (await inspector.send("Runtime.getHeapUsage")).usedSize;
    };
    const priceMany = (count: number) =>
      page.evaluate(async (times) => {
        const widget = document.querySelector("appraise-widget") as AppraiseElement;
        widget.engine = "browser";
        for (let i = 0; i < times; i++) {
          const priced = new Promise((resume) =>
            widget.addEventListener("appraise:price", resume, { once: true }),
          );
          widget.setRow({ weight: 1 + (i % 500) / 100, grade: "A", origin: "Mine 1" });
          await priced;
        }
      }, count);
    await priceMany(100);
    const before = await used();
    await priceMany(prices);
    expect((await used()) - before).toBeLessThan(growthBytes);
  });
});
