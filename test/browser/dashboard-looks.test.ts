/// <reference lib="dom" />
// Every view of the dashboard in both themes and at a phone's width: axe-core finds nothing, and nothing is wider than the page.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { audit } from "./audit.ts";
import { launchChromium } from "./chromium.ts";
import { dataset } from "./dashboard-api.ts";
import { openDashboard, signIn } from "./dashboard-page.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { ensurePagesBuilt } from "./page-build.ts";

let browser: Browser;
let api: FakeApi;

beforeAll(async () => {
  await ensurePagesBuilt();
  browser = await launchChromium();
  api = await startFakeApi({ spec: gems });
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

/** What is there once a view is drawn. */
const drawn: Readonly<Record<string, string>> = {
  models: "dash-history svg",
  ledger: ".moves li",
  compare: "dash-shadow svg",
  jobs: "dash-jobs tbody tr",
  "requests/q-0": "dash-requests .pair svg",
  quality: "dash-drift svg",
  health: "dash-health tbody tr",
};

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function visit(page: Page, view: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/${dataset}/${view}`);
  await page.locator(drawn[view]).first().waitFor();
  await expect.poll(() => page.locator(".bones").count()).toBe(0);
}

describe.each([
  ["light", 360],
  ["dark", 1280],
] as const)("in %s at %i px", (colorScheme, width) => {
  it("shows every view without a fault of axe, and nothing wider than the page", async () => {
    const { page, faults } = await openDashboard(browser, api.origin, "models", { colorScheme, width });
    await signIn(page);
    for (const view of Object.keys(drawn)) {
      await visit(page, view);
      expect(await audit(page), view).toEqual([]);
      expect(await overflow(page), view).toBeLessThanOrEqual(0);
      const words = await page.locator("svg text").allTextContents();
      expect(
        words.filter((text) => /\d{4}-\d\d|\dT\d/.test(text)),
        view,
      ).toEqual([]);
    }
    expect(faults).toEqual([]);
    await page.close();
  });

  it("so do the dialogs, the form for a training, and what needs signing in", async () => {
    const { page } = await openDashboard(browser, api.origin, "requests", { colorScheme, width });
    await page.locator(".notice").waitFor();
    expect(await audit(page)).toEqual([]);
    await page.getByRole("button", { name: "Sign in" }).first().click();
    expect(await audit(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await signIn(page);
    await visit(page, "ledger");
    await page.getByRole("button", { name: "Promote a model" }).click();
    expect(await audit(page)).toEqual([]);
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Promote");
    await visit(page, "jobs");
    await page.getByText("Start a training").click();
    expect(await audit(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.close();
  });
});

it("shows status and route of a request on a phone without scrolling", async () => {
  const { page } = await openDashboard(browser, api.origin, "requests", { width: 360 });
  await signIn(page);
  const table = page.locator("dash-requests dash-table");
  await table.locator("tbody tr").first().waitFor();
  const heads = await table.getByRole("columnheader").allInnerTexts();
  expect(heads.slice(0, 2).map((head) => head.split(" ")[0])).toEqual(["Status", "Route"]);
  const ends = await table
    .locator("tbody tr:first-child > :nth-child(-n + 2) > *")
    .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().right));
  expect(ends).toHaveLength(2);
  expect(Math.max(...ends)).toBeLessThanOrEqual(360);
  await page.close();
});

it("moves nothing for those who asked for less motion", async () => {
  const { page } = await openDashboard(browser, api.origin, "models");
  await page.emulateMedia({ reducedMotion: "reduce" });
  const name = await page.evaluate(() => {
    const place = document.querySelector("main")!.appendChild(document.createElement("div"));
    place.className = "bones";
    return getComputedStyle(place.appendChild(document.createElement("i"))).animationName;
  });
  expect(name).toBe("none");
  await page.close();
});

it("takes the keyboard from the skip link to a view and back", async () => {
  const { page } = await openDashboard(browser, api.origin, "models");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");
  await page.getByRole("link", { name: "Health" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("every public dataset can be priced").waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  await page.goBack();
  await page.locator("dash-live .card").first().waitFor();
  await page.close();
});
