/// <reference lib="dom" />
// A table as its owner brings it: no examples, twenty-five features, most of the rows at one end of the range.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { audit } from "./audit.ts";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { houseShop, openHouses, rowsAsked } from "./house-shop.ts";
import { houses, houseTraining } from "./houses-spec.ts";
import type { OpenOptions } from "./open-page.ts";
import { ensurePagesBuilt } from "./page-build.ts";

let browser: Browser;
let api: FakeApi;

beforeAll(async () => {
  await ensurePagesBuilt();
  browser = await launchChromium();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  const ranges = { area: { minimum: 12, maximum: 587 } };
  const pages = {
    "/": houseShop(""),
    "/wide": houseShop(`size="wide"`),
    "/browser": houseShop(`engine="browser"`),
  };
  api = await startFakeApi({ spec: houses, training: houseTraining, ranges, pages });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await api.close();
});

const opened = (path = "/", options: OpenOptions = {}) => openHouses(browser, api, path, options);
const asked = () => rowsAsked(api);
const isRight = ({ page }: Awaited<ReturnType<typeof opened>>) =>
  page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

describe("a form without examples", () => {
  it("starts from the typical row of the training data, without a warning", async () => {
    const { widget } = await opened();
    expect(asked()[0]).toMatchObject({
      area: 96,
      kind: "house",
      quarter: "Eastfield 7",
      built: "1987-06-01",
    });
    expect(asked()[0]).not.toHaveProperty("garden");
    expect(await widget.locator(".warning").count()).toBe(0);
    expect(await widget.locator("#area-entry").inputValue()).toBe("96");
  });

  it("goes back to it on reset, in the browser's engine too", async () => {
    const { page, widget } = await opened("/browser");
    await widget.locator("#area-entry").fill("200");
    const row = await page.evaluate(() => {
      const element = document.querySelector("appraise-widget") as HTMLElement & {
        reset(): void;
        getRow(): object;
      };
      element.reset();
      return element.getRow();
    });
    expect(row).toMatchObject({ area: 96, quarter: "Eastfield 7" });
    expect(asked()).toEqual([]);
  });
});

describe("the curve over a skewed number", () => {
  it("is drawn on a logarithmic axis with three labels, the mark on the line", async () => {
    const { widget } = await opened("/wide");
    await widget.locator("polyline.line").waitFor();
    expect(await widget.locator(".whatIf h2").innerText()).toMatch(/price by living area/i);
    const labels = await widget.locator(".axis span").allInnerTexts();
    expect(labels).toEqual(["12 m²", "80 m²", "587 m²"]);
    const share = await widget
      .locator(".curve .mark-here")
      .evaluate((mark) => Number.parseFloat(mark.style.insetInlineStart));
    expect(share).toBeCloseTo((100 * Math.log(96 / 12)) / Math.log(587 / 12), 1);
    const boxes = await widget
      .locator(".axis span")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()));
    const frame = await widget.locator(".axis").evaluate((axis) => axis.getBoundingClientRect());
    boxes.forEach((box, at) => {
      expect(box.left).toBeGreaterThanOrEqual(at === 0 ? frame.left - 1 : boxes[at - 1].right);
      expect(box.right).toBeLessThanOrEqual(frame.right + 1);
    });
  });

  it("is widened where the present value lies beyond it, so that the mark is always on it", async () => {
    const { widget } = await opened("/wide");
    await widget.locator("polyline.line").waitFor();
    await widget.locator("#area-entry").fill("1501");
    await expect.poll(() => widget.locator(".axis .last").innerText()).toMatch(/^1,[56]\d\d m²$/);
    const mark = await widget
      .locator(".curve .mark-here")
      .evaluate((one) => Number.parseFloat(one.style.insetInlineStart));
    expect(mark).toBeGreaterThan(90);
    expect(mark).toBeLessThanOrEqual(100);
  });
});

describe("many features", () => {
  it("show those that matter most first, fold the next, and draw the rest only once it is opened", async () => {
    const view = await opened();
    const { widget } = view;
    const open = await widget
      .locator(".form > .field")
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.feature));
    expect(open).toEqual(["area", "quarter", "detail_9", "position", "kind", "garden", "lift", "built"]);
    expect(await widget.locator('[data-feature="detail_16"]').count()).toBe(0);
    await widget.getByText("More detail").click();
    await widget.locator('[data-feature="street"]').waitFor({ state: "visible" });
    await widget.getByText("4 more features").click();
    await widget.locator('[data-feature="detail_16"]').waitFor({ state: "visible" });
    expect(await widget.locator(".field").count()).toBe(houses.features.length - 1);
  });

  it("fit 360 px and pass an audit with every fold open, light and dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const view = await opened("/", { width: 360, colorScheme });
      await view.widget.getByText("More detail").click();
      await view.widget.getByText("4 more features").click();
      await view.widget.locator('[data-feature="detail_16"]').waitFor({ state: "visible" });
      expect(await isRight(view)).toBe(true);
      expect(await audit(view.page)).toEqual([]);
    }
  });
});
