/// <reference lib="dom" />
// What stands behind the price: the curve in both engines, the steps as chart and table, cards that say how they differ, and folding.
import type { Browser, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { openPage } from "./open-page.ts";
import { ensurePagesBuilt } from "./page-build.ts";
import { comparables, shop } from "./shop-page.ts";

let browser: Browser;
let api: FakeApi;

beforeAll(async () => {
  await ensurePagesBuilt();
  browser = await launchChromium();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  const pages = {
    "/wide": shop(`size="wide"`),
    "/compact": shop(`size="compact"`),
    "/browser": shop(`size="wide" engine="browser"`),
    "/two": shop(`similar="2"`),
    "/none": shop(`similar="0"`),
  };
  const ranges = { weight: { minimum: 0.1, maximum: 10 }, height: { minimum: 2, maximum: 20 } };
  api = await startFakeApi({ spec: gems, pages, comparables, ranges });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await api.close();
});

async function opened(path: string) {
  const view = await openPage(browser, `${api.origin}${path}`, { width: 1280 });
  await view.widget.locator(".bounds").waitFor();
  const linePoints = () => view.widget.locator("polyline.line").getAttribute("points");
  return { ...view, linePoints };
}
const sweeps = () => api.requests.filter(({ path }) => path.includes("/sweep"));

/** Whether the mark lies where the line has a point. */
function isOnLine(widget: Locator): Promise<boolean> {
  return widget.evaluate((element) => {
    const root = element.shadowRoot!;
    const { width, height, left, top } = root.querySelector(".curve svg")!.getBoundingClientRect();
    const mark = root.querySelector(".mark-here")!.getBoundingClientRect();
    const [x, y] = [mark.left + mark.width / 2 - left, mark.top + mark.height / 2 - top];
    const points = root.querySelector("polyline.line")!.getAttribute("points")!.split(" ");
    return points.some((point) => {
      const [px, py] = point.split(",").map(Number);
      return Math.abs((px / 300) * width - x) < 1 && Math.abs((py / 100) * height - y) < 1.5;
    });
  });
}

describe("the curve", () => {
  it("follows the feature that is moved, and asks again only where it would be another curve", async () => {
    const { widget, linePoints, amount } = await opened("/wide");
    await widget.locator("polyline.line").waitFor();
    expect(sweeps()).toHaveLength(1);
    expect((await linePoints())?.split(" ")).toHaveLength(65 + 1);
    const price = await amount();
    // Along the curve: the mark moves, the curve stands.
    const mark = () => widget.locator(".mark-here").getAttribute("style");
    const stood = await mark();
    await widget.locator("#weight-entry").fill("5");
    await expect.poll(amount).not.toBe(price);
    await expect.poll(mark).not.toBe(stood);
    expect(sweeps()).toHaveLength(1);
    await expect.poll(() => isOnLine(widget), { message: "the mark stands on the line" }).toBe(true);
    // Another feature: another curve, over its levels.
    await widget.getByRole("radio", { name: "B", exact: true }).check({ force: true });
    await widget.getByText("Price by grade").waitFor();
    await expect.poll(async () => (await linePoints())?.split(" ").length).toBe(3);
    expect(await widget.locator(".axis").innerText()).toMatch(/C\s+B\s+A/);
  });

  it("is the same from the service and in the page", async () => {
    const service = await opened("/wide");
    await service.widget.locator("polyline.line").waitFor();
    const drawn = await service.linePoints();
    const page = await opened("/browser");
    await page.widget.locator("polyline.line").waitFor();
    expect(await page.linePoints()).toBe(drawn);
    const summary = await service.widget.locator(".curve").getAttribute("aria-label");
    expect(summary).toMatch(/^Price by weight: €[\d,]+ at 0\.1 ct, €[\d,]+ at 10 ct$/);
    expect(await page.widget.locator(".curve").getAttribute("aria-label")).toBe(summary);
  });

  it("may fail alone", async () => {
    const { page, widget, amount } = await opened("/wide");
    await widget.locator("polyline.line").waitFor();
    await page.route("**/sweep*", (route) => route.abort());
    const before = await amount();
    await widget.getByRole("radio", { name: "B", exact: true }).check({ force: true });
    await widget.getByText("The curve cannot be shown").waitFor();
    expect(await amount()).not.toBe(before);
  });
});

describe("the steps", () => {
  it("lead from the average to the price, as a chart and as a table", async () => {
    const { widget, amount } = await opened("/wide");
    const rows = widget.locator(".waterfall li");
    await rows.first().waitFor();
    expect(await rows.first().innerText()).toMatch(/The average\s+€500/);
    expect(await rows.last().innerText()).toContain(await amount());
    expect(await rows.nth(1).innerText()).toMatch(/Weight\s+1\.2 ct\s+× \d/);
    await widget.getByRole("button", { name: "As a table" }).click();
    const table = widget.getByRole("table");
    expect(await table.getByRole("columnheader").allInnerTexts()).toEqual(["What", "Effect", "Price so far"]);
    expect(await table.getByRole("row").last().innerText()).toContain(await amount());
    await widget.getByRole("button", { name: "As a chart" }).click();
    await rows.first().waitFor();
  });

  it("are asked for with the price, and only while they are shown", async () => {
    const { widget } = await opened("/compact");
    const explained = () => api.requests.filter(({ path }) => path.includes("explain=true"));
    expect(explained()).toHaveLength(0);
    expect(sweeps()).toHaveLength(0);
    await widget.getByText("Why this price").click();
    await widget.locator(".waterfall").waitFor();
    expect(explained()).toHaveLength(1);
    await widget.getByText("Price by weight").click();
    await widget.locator("polyline.line").waitFor();
    expect(sweeps()).toHaveLength(1);
  });
});

describe("the comparables", () => {
  it("say whether they are the same or how they differ", async () => {
    const { widget } = await opened("/wide");
    await widget.locator(".card:not(.bone)").first().waitFor();
    expect(await widget.locator(".card small").allInnerTexts()).toEqual([
      "same grade",
      "same grade",
      "Grade B, not A",
    ]);
    expect(await widget.locator(".card.same").count()).toBe(2);
    expect(await widget.locator("[part=spread]").innerText()).toBe(
      "The nearest 40: median €1,500, half of them between €900 and €2,100.",
    );
  });

  it("are as many as the page wants, and are not asked for where it wants none", async () => {
    const two = await opened("/two");
    await two.widget.locator(".card:not(.bone)").first().waitFor();
    expect(api.requests.find(({ path }) => path.includes("/similar"))?.path).toContain("n=2&relaxed=true");
    expect(await two.widget.locator(".card").count()).toBe(2);
    const asked = api.requests.length;
    const none = await opened("/none");
    expect(await none.widget.getByText("Comparable items").count()).toBe(0);
    expect(api.requests.slice(asked).some(({ path }) => path.includes("/similar"))).toBe(false);
  });
});
