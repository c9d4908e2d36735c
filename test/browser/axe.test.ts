/// <reference lib="dom" />
// axe-core over the first page and the widget in every state it can be in, light and dark: WCAG 2.2 AA and best practices.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { audit } from "./audit.ts";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { type OpenPage, openPage } from "./open-page.ts";
import { ensurePagesBuilt } from "./page-build.ts";
import { comparables, shop } from "./shop-page.ts";

let browser: Browser;
let api: FakeApi;

beforeAll(async () => {
  await ensurePagesBuilt();
  browser = await launchChromium();
  const pages = {
    "/compact": shop(`dataset="diamonds" size="compact"`).replace('dataset="gems" ', ""),
    "/spanish": shop(`dataset="diamonds" size="wide" locale="es"`).replace('dataset="gems" ', ""),
    "/rtl": shop(`dataset="diamonds" size="wide"`)
      .replace('dataset="gems" ', "")
      .replace("<html", '<html dir="rtl"'),
  };
  const ranges = { weight: { minimum: 0.1, maximum: 10 } };
  api = await startFakeApi({ spec: { ...gems, name: "diamonds" }, pages, ranges, comparables });
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

type State = (view: OpenPage) => Promise<void>;

const states: Readonly<Record<string, State>> = {
  "with a price, its curve, its steps and what is like it": async ({ widget }) => {
    await widget.locator(".waterfall").waitFor();
    await widget.locator("polyline.line").waitFor();
    await widget.locator(".card:not(.bone)").first().waitFor();
  },
  "with everything unfolded and the steps as a table": async ({ widget }) => {
    await widget.getByText("More detail").click();
    await widget.getByRole("button", { name: "About Weight" }).click();
    await widget.getByRole("button", { name: "As a table" }).click();
    await widget.getByRole("table").waitFor();
  },
  "with a warning": async ({ widget }) => {
    await widget.locator("#weight-entry").fill("15");
    await widget.locator(".warning").waitFor();
  },
  "with a fault": async ({ widget }) => {
    await widget.locator("#weight-entry").fill("-1");
    await widget.locator(".fault").waitFor();
  },
  "with a service that is gone": async ({ widget }) => {
    api.status = 500;
    await widget.locator("#weight-entry").fill("2");
    await widget.getByText("has a problem").first().waitFor();
  },
  "priced in the browser": async ({ widget }) => {
    await widget.getByRole("switch").check({ force: true });
    await expect.poll(() => widget.locator(".status").innerText()).toContain("Priced here");
  },
};

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  it.each(Object.entries(states))("the first page %s", async (_, enter) => {
    const view = await openPage(browser, `${api.origin}/`, { colorScheme, width: 1280 });
    await view.widget.locator(".bounds").waitFor();
    try {
      await enter(view);
      expect(await audit(view.page)).toEqual([]);
    } finally {
      api.status = 0;
      await view.page.close();
    }
  });
});

it.each(["/compact", "/spanish", "/rtl"])("the widget in a shop's page: %s", async (path) => {
  const { page, widget } = await openPage(browser, `${api.origin}${path}`, { width: 360 });
  await widget.locator(".bounds").waitFor();
  expect(await audit(page)).toEqual([]);
});

it("axe sees into the widget: a control without a name is found", async () => {
  const { page, widget } = await openPage(browser, `${api.origin}/compact`);
  await widget.locator(".bounds").waitFor();
  await widget
    .locator(".slider")
    .first()
    .evaluate((element) => element.removeAttribute("aria-label"));
  expect((await audit(page)).join("\n")).toMatch(/^label: .*slider/m);
});
