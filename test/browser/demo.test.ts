/// <reference lib="dom" />
// The demo page's own parts: options that change the widget and the snippet alike, and the engines side by side.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { foreignTo, openPage } from "./open-page.ts";
import { ensurePagesBuilt } from "./page-build.ts";

let browser: Browser;
let api: FakeApi;

beforeAll(async () => {
  await ensurePagesBuilt();
  browser = await launchChromium();
  const ranges = { weight: { minimum: 0.1, maximum: 10 } };
  api = await startFakeApi({ spec: { ...gems, name: "diamonds" }, ranges });
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

async function opened() {
  const view = await openPage(browser, `${api.origin}/`, { width: 1280 });
  await view.widget.locator(".bounds").waitFor();
  const choose = (name: string, label: string) =>
    view.page.locator(`[data-option=${name}]`).getByLabel(label, { exact: true }).check({ force: true });
  return { ...view, choose, snippet: () => view.page.locator("#embed").innerText() };
}

describe("the options", () => {
  it("change the widget and the snippet alike", async () => {
    const { page, widget, choose, snippet, faults } = await opened();
    await choose("size", "compact");
    await choose("theme", "dark");
    await choose("locale", "Español");
    await choose("engine", "the browser");
    await choose("accent", "sapphire");
    await page.locator("[name=key]").fill("pk_demo");
    await page.locator("[name=key]").blur();
    expect(await snippet()).toContain(
      `<appraise-widget dataset="diamonds" engine="browser" size="compact" theme="dark" locale="es" key="pk_demo"></appraise-widget>`,
    );
    expect(await widget.getAttribute("key"), "the shop's key is not for this page").toBeNull();
    expect(await snippet()).toContain("--appraise-accent: light-dark(#2b4d9b, #a9bff5)");
    await widget.getByText("En este navegador").waitFor();
    const colour = await widget
      .locator(".mark")
      .first()
      .evaluate((element) => getComputedStyle(element).color);
    expect(colour).toBe("rgb(169, 191, 245)");
    expect(await widget.locator(".tag.compact").count()).toBe(1);
    await choose("version", "always the newest");
    expect(await snippet()).toContain(`src="${api.origin}/widget.js"></script>`);
    expect(faults).toEqual([]);
  });

  it("follow the switch inside the widget", async () => {
    const { page, widget, snippet } = await opened();
    await widget.getByRole("switch").check({ force: true });
    await expect.poll(snippet).toContain('engine="browser"');
    expect(await page.getByLabel("the browser", { exact: true }).isChecked()).toBe(true);
  });
});

describe("the engines side by side", () => {
  it("show every digit and the time of each, alike, without another host, and leave nothing behind", async () => {
    const { page, requests } = await opened();
    await page.getByRole("button", { name: "Price in all three" }).click();
    await expect
      .poll(() => page.locator("#verdict").innerText(), { timeout: 20_000 })
      .toMatch(/^(Equal|Service)/);
    const cells = await page.locator("#engines td").allInnerTexts();
    const [service, evaluator, onnxruntime] = [0, 3, 6].map((at) => Number(cells[at]));
    expect(evaluator).toBe(service);
    expect(Math.abs(onnxruntime / service - 1)).toBeLessThan(1e-9);
    expect(cells.filter((cell) => /^[\d.,]+ ms$/.test(cell))).toHaveLength(6);
    expect(await page.locator("appraise-widget").count()).toBe(1);
    expect(foreignTo(api.origin, requests)).toEqual([]);
  });

  it("say what went wrong where one cannot price", async () => {
    const { page } = await opened();
    await page.route("**/predict*", (route) =>
      route.fulfill({ status: 503, json: { detail: "down for a moment" } }),
    );
    await page.getByRole("button", { name: "Price in all three" }).click();
    await expect.poll(() => page.locator("#verdict").innerText()).toBe("down for a moment");
    expect(await page.locator("#compare").isEnabled()).toBe(true);
  });
});
