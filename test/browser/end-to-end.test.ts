/// <reference lib="dom" />
// The whole road in a real Chromium: real data, the real Worker, and three engines that must agree on every price.
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { relativeDifference } from "#core/bundle/manifest.ts";
import type { Row } from "#core/dataset/row.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { openRows } from "../../trainer/cli/rows.ts";
import { loadDataset } from "../../trainer/dataset/find-dataset.ts";
import { prepareData } from "../../trainer/prepare.ts";
import { formatAmount } from "../../web/widget/amount.ts";
import golden from "../golden/golden.json" with { type: "json" };
import { makeSmallDataset } from "../trainer/cli/small-dataset.ts";
import { launchChromium } from "./chromium.ts";
import { foreignTo, type OpenPage, openPage } from "./open-page.ts";
import { startServer, type TestServer } from "./server.ts";

const dataset = "diamonds";
const compared = 1000;
/** Float arithmetic in another order, no more: far below what the export's own gate lets through. */
const tolerance = 1e-6;

let server: TestServer;
let browser: Browser;
let spec: DatasetSpec;
let heldOut: Row[];

/** Held-out rows spread over all of them, every other one without its optional features. */
async function drawHeldOut(): Promise<Row[]> {
  const source = loadDataset(dataset);
  const rows = await openRows(source, undefined, undefined, { url: undefined, token: undefined });
  const { testRows } = await prepareData(source.spec, rows, source.spec.split.seed);
  const required = source.spec.features.filter((feature) => feature.required).map(({ name }) => name);
  return Array.from({ length: compared }, (_, at) => {
    const { features } = testRows[Math.floor((at * testRows.length) / compared)];
    return at % 2 === 0
      ? features
      : Object.fromEntries(Object.entries(features).filter(([name]) => required.includes(name)));
  });
}

beforeAll(async () => {
  [server, heldOut] = await Promise.all([startServer(), drawHeldOut()]);
  spec = loadDataset(dataset).spec;
  await server.appraise("load", "--dataset", dataset);
  await server.appraise("train", "--dataset", dataset, "--publish", server.origin, "--family", "linear");
  browser = await launchChromium();
}, 600_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function opened(): Promise<OpenPage> {
  const view = await openPage(browser, `${server.origin}/`);
  await view.widget.locator(".bounds").waitFor();
  return view;
}

/** Prices by a widget with these attributes, put into the page for the purpose. */
async function priceAll(view: OpenPage, attributes: Record<string, string>, rows: Row[]): Promise<number[]> {
  return (await appraiseAll(view, attributes, rows)).map(([price]) => price);
}

/** Prices with the bounds of their intervals: [price, low, high]. */
function appraiseAll(
  { page }: OpenPage,
  attributes: Record<string, string>,
  rows: Row[],
): Promise<number[][]> {
  return page.evaluate(
    async ([given, list]) => {
      interface Priced extends HTMLElement {
        price(row: unknown): Promise<{ prediction: number; interval: { low: number; high: number } }>;
      }
      const element = document.createElement("appraise-widget") as Priced;
      for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
      const ready = new Promise((resolve) => element.addEventListener("appraise:ready", resolve));
      document.body.append(element);
      await ready;
      const prices: number[][] = [];
      for (const row of list) {
        const { prediction, interval } = await element.price(row);
        prices.push([prediction, interval.low, interval.high]);
      }
      element.remove();
      return prices;
    },
    [attributes, rows] as const,
  );
}

/** Publishes a golden model as any trainer would and makes it the champion. */
async function serveGolden({ id, manifest, onnx }: (typeof golden.models)[number]): Promise<void> {
  const headers = { authorization: `Bearer ${server.token}` };
  const form = new FormData();
  form.append("manifest.json", new Blob([JSON.stringify(manifest)]), "manifest.json");
  form.append("model.onnx", new Blob([Buffer.from(onnx, "base64")]), "model.onnx");
  const models = `${server.origin}/v1/${dataset}`;
  const published = await fetch(`${models}/models`, { method: "POST", headers, body: form });
  expect(published.ok, await published.text()).toBe(true);
  const moved = await fetch(`${models}/aliases/champion`, {
    method: "PUT",
    headers: { ...headers, "content-type": "application/json", "if-match": "*" },
    body: JSON.stringify({ model: id, reason: "golden rows" }),
  });
  expect(moved.ok, await moved.text()).toBe(true);
}

/** A shop's own server: one page with the widget, with these attributes when it is asked for. */
async function openShop(attributes: () => string): Promise<{ origin: string; close(): void }> {
  const shop = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(`<!doctype html><html lang="en"><title>Shop</title>
      <script type="module" src="${server.origin}/widget.js"></script>
      <appraise-widget size="wide" ${attributes()}></appraise-widget>`);
  });
  await new Promise<void>((resume) => shop.listen(0, "127.0.0.1", resume));
  const { port } = shop.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => shop.close() };
}

describe("a publishable key", () => {
  it("prices, draws, explains and compares on its own origin, in both engines, and nowhere else", async () => {
    let key = "";
    const attributes = () => `dataset="${dataset}" key="${key}"`;
    const [own, other] = await Promise.all([openShop(attributes), openShop(attributes)]);
    try {
      const options = ["--origin", own.origin, "--dataset", dataset, "--json"];
      key = JSON.parse(await server.appraise("keys", "create", "shop", ...options)).key;
      const { widget, page, faults } = await openPage(browser, `${own.origin}/`, { width: 1280 });
      await widget.locator(".waterfall").waitFor();
      await widget.locator("polyline.line").waitFor();
      await widget.locator(".card:not(.bone)").first().waitFor();
      const price = await widget.locator(".amount").innerText();
      await widget.getByRole("switch").check({ force: true });
      await expect
        .poll(() => widget.locator(".status").innerText(), { timeout: 20_000 })
        .toContain("Priced here");
      expect(await widget.locator(".amount").innerText()).toBe(price);
      expect(faults).toEqual([]);
      await page.close();
      const elsewhere = await openPage(browser, `${other.origin}/`);
      const words = `this publishable key does not work on ${other.origin}`;
      await elsewhere.widget.getByText(words).first().waitFor();
      expect(await elsewhere.widget.locator(".bounds").count()).toBe(0);
    } finally {
      own.close();
      other.close();
    }
  });
});

describe("a publishable key of a dataset that is not public", () => {
  it("lets its own page price in the browser as the service does, and no other page", async () => {
    const small = makeSmallDataset();
    let key = "";
    const attributes = () => `dataset="houses" engine="browser" key="${key}"`;
    const [own, other] = await Promise.all([openShop(attributes), openShop(attributes)]);
    try {
      const train = ["--publish", server.origin, "--family", "linear", "--models", "1"];
      await server.appraise("train", "--dataset", small.spec, ...train);
      const options = ["--origin", own.origin, "--dataset", "houses", "--json"];
      key = JSON.parse(await server.appraise("keys", "create", "shop", ...options)).key;
      const view = await openPage(browser, `${own.origin}/`);
      await expect
        .poll(() => view.widget.locator(".status").innerText(), { timeout: 20_000 })
        .toContain("Priced here");
      const rows: Row[] = [
        { area: 50, town: "Ulm" },
        { area: 120, town: "Köln", age: 30 },
      ];
      const pricedBy = (engine: string) =>
        appraiseAll(view, { dataset: "houses", url: server.origin, key, engine }, rows);
      expect(await pricedBy("browser")).toEqual(await pricedBy("api"));
      expect(view.faults).toEqual([]);
      await view.page.close();
      const elsewhere = await openPage(browser, `${other.origin}/`);
      const words = `this publishable key does not work on ${other.origin}`;
      await elsewhere.widget.getByText(words).first().waitFor();
    } finally {
      own.close();
      other.close();
      rmSync(small.folder, { recursive: true });
    }
  });
});

describe("the first page on the real Worker", () => {
  it(`prices ${compared} held-out rows alike by API, onnxruntime and evaluator, without leaving its origin`, async () => {
    const view = await opened();
    const api = await priceAll(view, { dataset }, heldOut);
    const evaluator = await priceAll(view, { dataset, engine: "browser" }, heldOut);
    const onnxruntime = await priceAll(view, { dataset, engine: "browser", runtime: "onnxruntime" }, heldOut);
    expect(api).toHaveLength(compared);
    expect(new Set(api).size).toBeGreaterThan(compared / 2);
    // Our own evaluator is the same arithmetic in Chromium as in the Worker: not close, equal.
    expect(evaluator).toEqual(api);
    const shown = (value: number) => formatAmount(value, spec.target.unit, "en-US");
    heldOut.forEach((row, at) => {
      for (const other of [onnxruntime[at], evaluator[at]]) {
        expect(relativeDifference(other, api[at]), JSON.stringify(row)).toBeLessThanOrEqual(tolerance);
        expect(shown(other), JSON.stringify(row)).toBe(shown(api[at]));
      }
    });
    expect(view.requests.some((url) => url.endsWith(".wasm"))).toBe(true);
    expect(foreignTo(server.origin, view.requests)).toEqual([]);
    expect(view.faults).toEqual([]);
  });

  it.each(golden.models)(
    "has the digits of the golden rows of $id, in the page and from the service",
    async (model) => {
      await serveGolden(model);
      const view = await opened();
      const rows = golden.rows as unknown as Row[];
      const evaluated = await appraiseAll(view, { dataset, engine: "browser" }, rows);
      const expected = model.prices.map((price, at) => [price, ...model.intervals[at]]);
      expect(evaluated).toEqual(expected);
      await expect
        .poll(() => priceAll(view, { dataset }, rows.slice(0, 1)), { timeout: 20_000 })
        .toEqual(model.prices.slice(0, 1));
      expect(await appraiseAll(view, { dataset }, rows)).toEqual(expected);
    },
  );

  it("asks the service for nothing once the browser prices", async () => {
    const { page, widget, requests, amount } = await opened();
    const before = await amount();
    const range = await widget.locator(".bounds").innerText();
    await widget.getByRole("switch").check({ force: true });
    await expect
      .poll(() => widget.locator(".status").innerText(), { timeout: 20_000 })
      .toContain("Priced here");
    expect(await amount()).toBe(before);
    expect(await widget.locator(".bounds").innerText()).toBe(range);
    const asked = requests.length;
    await widget.getByRole("slider").first().focus();
    await page.keyboard.press("PageUp");
    await expect.poll(amount).not.toBe(before);
    expect(requests.slice(asked)).toEqual([]);
  });

  it("shows every feature of the spec with its title and unit", async () => {
    const { widget } = await opened();
    const fields = widget.locator("[data-feature]");
    expect(await fields.count()).toBe(spec.features.length);
    for (const feature of spec.features) {
      const text = (await widget.locator(`[data-feature="${feature.name}"]`).textContent()) ?? "";
      expect(text).toContain(feature.title ?? feature.name);
      if (feature.type === "number" && feature.unit) expect(text).toContain(feature.unit);
      if (feature.type === "category") for (const level of feature.levels) expect(text).toContain(level);
    }
  });

  it("says in words, beside the field, what the Worker refused", async () => {
    const { widget } = await opened();
    const number = spec.features.find((feature) => feature.type === "number" && feature.required)!;
    await widget.locator(`#${number.name}-entry`).fill("-1");
    const fault = widget.locator(`[data-feature="${number.name}"] .fault`);
    await fault.waitFor();
    expect(await fault.innerText()).toMatch(/^Expected between .* and .*\.$/);
  });

  it("shows comparable rows and the curl of its own price", async () => {
    const { page, widget } = await opened();
    await expect.poll(() => widget.locator(".card b").count()).toBe(3);
    const curl = await page.locator("#curl").innerText();
    expect(curl).toContain(`${server.origin}/v1/${dataset}/predict`);
    const row = JSON.parse(/-d '(.*)'$/.exec(curl)?.[1] ?? "null");
    const answer = await fetch(`${server.origin}/v1/${dataset}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(row),
    });
    const { prediction, unit } = (await answer.json()) as { prediction: number; unit: string };
    expect(formatAmount(prediction, unit, "en-US")).toBe(await widget.locator(".amount").innerText());
  });

  it("serves the docs of this very API without another host", async () => {
    const { page, requests, faults } = await openPage(browser, `${server.origin}/docs/`);
    await page.locator(".opblock").first().waitFor();
    await page.locator(".opblock-post .opblock-summary").last().click();
    await page.locator(".opblock-body textarea, .opblock-body .execute").first().waitFor();
    expect(requests).toContain(`${server.origin}/openapi.json`);
    expect(foreignTo(server.origin, requests)).toEqual([]);
    expect(faults).toEqual([]);
  });

  it("answers an unknown address with a page that leads back", async () => {
    const { page, faults } = await openPage(browser, `${server.origin}/deep/er/nothing`);
    await page.getByRole("link", { name: "home page" }).click();
    await page.locator("appraise-widget").waitFor();
    expect(faults).toEqual([]);
  });
});
