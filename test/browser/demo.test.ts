/// <reference lib="dom" />
// The demo page's own parts: options that change the widget and the snippet alike, and the engines side by side.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { houses, houseTraining } from "./houses-spec.ts";
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

describe("the switch between datasets", () => {
  const listed = (name: string, more = {}) => ({
    ...{ name, title: name === "houses" ? "Houses" : "Diamonds", version: 1, specHash: "0" },
    ...{ public: true, champion: "linear-0123456789ab", ...more },
  });

  /** The page with these datasets behind it; houses are answered by a service of their own. */
  async function withDatasets(items: object[], path = "/") {
    const other = await startFakeApi({ spec: houses, training: houseTraining });
    const view = await openPage(browser, `${api.origin}${path}`, {
      width: 360,
      before: async (page) => {
        await page.route("**/v1/datasets", (route) => route.fulfill({ json: { items, next: null } }));
        await page.route("**/v1/houses**", (route) => {
          const { pathname, search } = new URL(route.request().url());
          return route.continue({ url: `${other.origin}${pathname}${search}` });
        });
      },
    });
    await view.widget.locator(".bounds").waitFor();
    return { ...view, other, top: async () => (await view.widget.boundingBox())?.y };
  }

  it("shows the public ones that have a model; widget, snippet, curl and address follow", async () => {
    const hidden = [listed("secret", { public: false }), listed("empty", { champion: null })];
    const { page, widget, other, faults } = await withDatasets([
      listed("diamonds"),
      listed("houses"),
      ...hidden,
    ]);
    const choices = page.locator("[data-option=dataset]").getByRole("radio");
    await choices.first().waitFor({ state: "attached" });
    expect(await choices.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))).toEqual([
      ...["diamonds", "houses"],
    ]);
    expect(await choices.first().isChecked()).toBe(true);
    await page.getByRole("radio", { name: "Houses" }).check({ force: true });
    await widget.locator('[data-feature="area"]').waitFor();
    await widget.locator(".bounds").waitFor();
    expect(await page.locator("#embed").innerText()).toContain(`dataset="houses"`);
    await expect
      .poll(() => page.locator("#curl").innerText())
      .toMatch(/\/v1\/houses\/predict[\s\S]*"lift":false/);
    expect(new URL(page.url()).searchParams.get("dataset")).toBe("houses");
    expect(faults).toEqual([]);
    await other.close();
  });

  it("begins with the dataset of the address, and with a public one where the page's own is none", async () => {
    const both = [listed("diamonds"), listed("houses")];
    const named = await withDatasets(both, "/?dataset=houses");
    await named.widget.locator('[data-feature="area"]').waitFor();
    expect(await named.page.getByRole("radio", { name: "Houses" }).isChecked()).toBe(true);
    const only = await withDatasets([listed("houses")]);
    await only.widget.locator('[data-feature="area"]').waitFor();
    const strange = await withDatasets(both, "/?dataset=nothing");
    expect(await strange.widget.getAttribute("dataset")).toBe("diamonds");
    for (const { other } of [named, only, strange]) await other.close();
  });

  it("stands in room that is there without it: the widget does not move", async () => {
    const one = await withDatasets([listed("diamonds")]);
    const many = await withDatasets([
      listed("diamonds"),
      ...Array.from({ length: 12 }, (_, at) => listed(`other-${at}`)),
    ]);
    await many.page.locator("[data-option=dataset] label").nth(12).waitFor({ state: "attached" });
    expect(await one.page.locator("[data-option=dataset]").isVisible()).toBe(false);
    expect(await many.top()).toBe(await one.top());
    expect(await many.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    for (const { other } of [one, many]) await other.close();
  });
});

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
