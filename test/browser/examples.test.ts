/// <reference lib="dom" />
// The examples: the plain page as it lies there, in Chromium; what the React and Vue files name is what the widget has.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppraiseElement } from "../../web/widget/element.ts";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { openPage } from "./open-page.ts";
import { ensurePagesBuilt, root } from "./page-build.ts";

const folder = join(root, "examples");
/** What the examples write where a shop writes its own service. */
const exampleOrigin = "http://127.0.0.1:8787";

let browser: Browser;
let api: FakeApi;

beforeAll(async () => {
  await ensurePagesBuilt();
  const plain = await readFile(join(folder, "plain", "index.html"), "utf8");
  expect(plain).toContain(`src="${exampleOrigin}/widget.js"`);
  const pages = { "/plain": plain.replaceAll(exampleOrigin, "") };
  browser = await launchChromium();
  // The page of somebody else: without our policy, which would forbid its inline script.
  api = await startFakeApi({ spec: { ...gems, name: "diamonds" }, pages, foreign: true });
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

describe("the plain example", () => {
  it("shows a price, hears of it, and submits it with the form", async () => {
    const { page, widget, faults } = await openPage(browser, `${api.origin}/plain`);
    await widget.locator(".bounds").waitFor();
    const { prediction } = await widget.evaluate((element) => (element as AppraiseElement).price());
    await expect
      .poll(() => page.locator("#said").innerText())
      .toBe(`${prediction.toFixed(2)} EUR by linear-0123456789ab`);
    const accent = await widget
      .locator(".mark")
      .first()
      .evaluate((element) => getComputedStyle(element).color);
    expect(accent, "themed by a custom property").toBe("rgb(31, 106, 77)");
    await page.locator("input[type=email]").fill("ann@example.org");
    await page.getByRole("button", { name: "Send us" }).click();
    await page.waitForURL("**/plain?*");
    const sent = new URL(page.url()).searchParams;
    expect(sent.get("offer")).toBe(String(prediction));
    expect(JSON.parse(sent.get("offer-row")!)).toEqual({ weight: 1.2, grade: "A", origin: "Mine 1" });
    expect(faults).toEqual([]);
  });
});

describe.each(["react/price-tag.jsx", "vue/price-tag.vue"])("the example %s", (file) => {
  it("names attributes, events and methods that the widget has", async () => {
    const text = await readFile(join(folder, file), "utf8");
    const { page, widget } = await openPage(browser, `${api.origin}/plain`);
    await widget.locator(".bounds").waitFor();
    const [tag] = /<appraise-widget\s[\s\S]*?\/>/.exec(text) ?? [""];
    const attributes = [...tag.matchAll(/\s:?([a-z][a-z-]*)=/g)]
      .map(([, name]) => name)
      .filter((name) => name !== "ref");
    const events = [...text.matchAll(/appraise:(\w+)/g)].map(([, name]) => name);
    const methods = [...text.matchAll(/(?:widget|current\?)\.(\w+)\(/g)]
      .map(([, name]) => name)
      .filter((name) => !/EventListener$/.test(name));
    expect(attributes).toEqual(expect.arrayContaining(["dataset", "api-key"]));
    expect(methods).toContain("setRow");
    const missing = await page.evaluate(
      ([names, calls]) => {
        const widgetClass = customElements.get("appraise-widget") as unknown as {
          observedAttributes: string[];
        };
        const element = document.querySelector("appraise-widget") as unknown as Record<string, unknown>;
        return [
          ...names.filter((name) => !widgetClass.observedAttributes.includes(name)),
          ...calls.filter((name) => typeof element[name] !== "function"),
        ];
      },
      [attributes, methods] as const,
    );
    expect(missing).toEqual([]);
    expect(new Set(events)).toEqual(new Set(["price", "error"]));
  });
});
