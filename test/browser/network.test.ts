/// <reference lib="dom" />
// A network that is slow, gone, or back: what was fetched once serves without it, and the visitor is told and offered a way.
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AppraiseElement } from "../../web/widget/element.ts";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { openPage } from "./open-page.ts";
import { ensurePagesBuilt } from "./page-build.ts";
import { shop } from "./shop-page.ts";

/** Chromium's own preset: 400 kbit/s down and up, 400 ms there and back, each taken five times as long as it is. */
const slow3g = { offline: false, downloadThroughput: 50_000, uploadThroughput: 50_000, latency: 2000 };

let browser: Browser;
let api: FakeApi;

beforeAll(async () => {
  await ensurePagesBuilt();
  browser = await launchChromium();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  const pages = { "/shop": shop(), "/browser": shop(`engine="browser" size="wide" locale="es"`) };
  // What a shop does that wants its page itself to open without a network.
  const headers = { "/browser": { "cache-control": "max-age=3600" } };
  const ranges = { weight: { minimum: 0.1, maximum: 10 } };
  api = await startFakeApi({ spec: gems, pages, headers, ranges });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await api.close();
});

/** A page of a context that outlives it, as the visits of one visitor. */
async function visit(context: BrowserContext, path: string) {
  const page = await context.newPage();
  await page.goto(`${api.origin}${path}`);
  const widget = page.locator("appraise-widget");
  return { page, widget, amount: () => widget.locator(".amount").innerText() };
}

describe("without a network, after a first visit", () => {
  it("a page opens, prices, draws and speaks from what was kept", async () => {
    const context = await browser.newContext();
    const first = await visit(context, "/browser");
    await first.widget.locator("polyline.line").waitFor();
    await first.widget.getByText("En este navegador").waitFor();
    const price = await first.amount();
    const kept = () =>
      first.page.evaluate(async () => (await (await caches.open("appraise-1")).keys()).map(({ url }) => url));
    await expect.poll(async () => (await kept()).length).toBe(3);
    await first.page.close();

    const asked = api.requests.length;
    api.delayMs = -1;
    await context.setOffline(true);
    const second = await visit(context, "/browser");
    await second.widget.locator("polyline.line").waitFor();
    expect(await second.amount()).toBe(price);
    await second.widget.getByText("En este navegador").waitFor();
    await second.widget.locator("#weight-entry").fill("2");
    await expect.poll(second.amount).not.toBe(price);
    expect(api.requests.length, "nothing reached the service").toBe(asked);
  });

  it("a kept model that has been damaged is fetched again, and one that stays so is refused", async () => {
    const context = await browser.newContext();
    const first = await visit(context, "/browser");
    await first.widget.locator(".bounds").waitFor();
    const price = await first.amount();
    const damage = () =>
      first.page.evaluate(async () => {
        const cache = await caches.open("appraise-1");
        const onnx = (await cache.keys()).find(({ url }) => url.endsWith("model.onnx"))!;
        await cache.put(onnx, new Response(new Uint8Array(100)));
      });
    await damage();
    const fetches = () => api.requests.filter(({ path }) => path.endsWith("model.onnx")).length;
    const before = fetches();
    const second = await visit(context, "/browser");
    await second.widget.locator(".bounds").waitFor();
    expect(await second.amount()).toBe(price);
    expect(fetches()).toBe(before + 1);
    await second.page.route("**/model.onnx", (route) => route.fulfill({ body: "not a model" }));
    await damage();
    await second.page.reload();
    await second.widget.getByText("El servicio de precios tiene un problema").first().waitFor();
    expect(await second.widget.locator(".bounds").count()).toBe(0);
  });

  it("lets the models of earlier days go", async () => {
    const context = await browser.newContext();
    const blank = await visit(context, "/shop");
    await blank.page.evaluate(async () => {
      const cache = await caches.open("appraise-1");
      for (const file of ["", "/model.onnx"])
        await cache.put(`/v1/gems/models/linear-ffffffffffff${file}`, new Response("old"));
    });
    const { page, widget } = await visit(context, "/browser");
    await widget.locator(".bounds").waitFor();
    const kept = () =>
      page.evaluate(async () => (await (await caches.open("appraise-1")).keys()).map(({ url }) => url));
    await expect.poll(async () => (await kept()).some((url) => url.includes("ffffffffffff"))).toBe(false);
    await expect.poll(async () => (await kept()).some((url) => url.endsWith("model.onnx"))).toBe(true);
  });
});

describe("a service that is gone", () => {
  it("is said, and the browser is offered by a button that then prices", async () => {
    const { widget, amount } = await openPage(browser, `${api.origin}/shop`);
    await widget.locator(".bounds").waitFor();
    const before = await amount();
    api.status = 503;
    await widget.locator("#weight-entry").fill("2");
    await widget.getByText("has a problem").first().waitFor();
    expect(await amount()).toBe(before);
    api.status = 0;
    await widget.getByRole("button", { name: "Price in this browser instead" }).click();
    await expect.poll(() => widget.locator(".status").innerText()).toContain("Priced here");
    expect(await amount()).not.toBe(before);
    expect(await widget.evaluate((element) => (element as AppraiseElement).engine)).toBe("browser");
  });

  it("offers nothing of the kind where the fault is in the row", async () => {
    const { widget } = await openPage(browser, `${api.origin}/shop`);
    await widget.locator(".bounds").waitFor();
    await widget.locator("#weight-entry").fill("-1");
    await widget.locator(".fault").waitFor();
    expect(await widget.getByRole("button", { name: "Price in this browser instead" }).count()).toBe(0);
  });
});

describe("on slow 3G", () => {
  it("shows its outline, then the form, then a price; moving on meanwhile loses nothing", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const network = await context.newCDPSession(page);
    await network.send("Network.enable");
    await network.send("Network.emulateNetworkConditions", slow3g);
    await page.goto(`${api.origin}/shop`);
    const widget = page.locator("appraise-widget");
    await widget.locator(".bone").first().waitFor();
    await widget.locator("#weight-entry").waitFor();
    expect(await widget.locator(".amount .bone").count(), "the price is still on its way").toBe(1);
    await widget.locator("#weight-entry").fill("2");
    await widget.locator("#weight-entry").fill("3");
    await widget.locator(".bounds").waitFor({ timeout: 30_000 });
    const priced = api.requests.filter(({ path }) => path.includes("/predict"));
    expect(priced.at(-1)?.body).toContain('"weight":3');
    // What takes over three seconds is said, and offered elsewhere.
    await network.send("Network.emulateNetworkConditions", { ...slow3g, latency: 4500 });
    await widget.locator("#weight-entry").fill("4");
    await widget.getByText("longer than usual").waitFor({ timeout: 8000 });
    expect(await widget.getByRole("button", { name: "Price in this browser instead" }).count()).toBe(1);
    await expect
      .poll(() => widget.locator(".status").innerText(), { timeout: 15_000 })
      .toContain("by the service");
  });
});
