// The widget against an API that can be told to fail: forms, engines, failures, embedding.
/// <reference lib="dom" />
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { foreignTo, type OpenOptions, type OpenPage, openPage } from "./open-page.ts";
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
    "/shop": shop(),
    "/evaluator": shop(`engine="browser"`),
    "/onnxruntime": shop(`engine="browser" runtime="onnxruntime"`),
    "/dark": shop(`theme="dark"`),
    "/german": shop(`locale="de-DE"`),
    "/unknown": shop().replace("gems", "nothing"),
    "/unnamed": shop().replace('dataset="gems"', ""),
  };
  const ranges = { weight: { minimum: 0.1, maximum: 10 } };
  api = await startFakeApi({ spec: gems, pages, comparables, ranges });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await api.close();
});

const open = (path = "/shop", options?: OpenOptions) => openPage(browser, `${api.origin}${path}`, options);
const paths = () => api.requests.map(({ path }) => path.split("?")[0]);

async function opened(path?: string, options?: OpenOptions) {
  const view = await open(path, options);
  await view.widget.locator(".bounds").waitFor();
  return view;
}

describe("the form", () => {
  it("shows every feature of the spec with its title, unit and mark, the optional ones folded", async () => {
    const { widget, faults } = await opened();
    for (const feature of gems.features) {
      const field = widget.locator(`[data-feature="${feature.name}"]`);
      const text = (await field.textContent()) ?? "";
      expect(text).toContain(feature.title);
      if (feature.type === "number" && feature.unit) expect(text).toContain(feature.unit);
      expect(await field.locator(".mark").count()).toBe(feature.required ? 1 : 0);
      expect(await field.isVisible()).toBe(feature.required);
    }
    await widget.getByText("More detail").click();
    await widget.getByLabel("Height, slider").waitFor({ state: "visible" });
    expect(faults).toEqual([]);
  });

  it("is a scale from worst to best where levels are ordered, a list to search where they are many", async () => {
    const { widget } = await opened();
    const scale = widget.getByRole("radiogroup", { name: "Grade" });
    expect(
      await scale.getByRole("radio").evaluateAll((all) => all.map((one) => one.getAttribute("value"))),
    ).toEqual(["C", "B", "A"]);
    await widget.getByRole("combobox", { name: "Origin" }).click();
    expect(await widget.getByRole("option").count()).toBe(20);
  });

  it("prices by keyboard alone, one step of the value a key press", async () => {
    const { page, widget, amount } = await opened();
    const before = await amount();
    await widget.getByLabel("Weight, slider").focus();
    await page.keyboard.press("ArrowRight");
    expect(await widget.locator("#weight-entry").inputValue()).toBe("1.21");
    await page.keyboard.press("PageUp");
    expect(await widget.locator("#weight-entry").inputValue()).toBe("1.31");
    await widget.getByRole("radio", { name: "A", exact: true }).focus();
    await page.keyboard.press("ArrowLeft");
    expect(await widget.getByRole("radio", { name: "B", exact: true }).isChecked()).toBe(true);
    await expect.poll(amount).not.toBe(before);
    await expect.poll(() => widget.getByRole("status").textContent()).toContain("Estimated value €");
  });

  it("sends an optional feature once it is set, and no longer once it is forgotten", async () => {
    const { widget } = await opened();
    await widget.getByText("More detail").click();
    await widget.getByLabel("Height, slider").fill("12");
    await expect
      .poll(() => api.requests.filter(({ body }) => body.includes('"height":12')).length)
      .toBeGreaterThan(0);
    await widget.getByRole("button", { name: "Set Height to unknown" }).click();
    await expect.poll(() => api.requests.at(-1)?.body).not.toContain("height");
  });

  it("asks once the hand rests, not for every value it passes", async () => {
    const { page, widget } = await opened();
    const before = paths().filter((path) => path.endsWith("/predict")).length;
    await widget.getByLabel("Weight, slider").focus();
    for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowRight");
    await expect.poll(() => api.requests.at(-1)?.body).toContain('"weight":1.32');
    expect(paths().filter((path) => path.endsWith("/predict")).length - before).toBeLessThan(6);
  });
});

describe("faults of a row", () => {
  it("stand beside their field, in plain words, and go when it is right", async () => {
    const { widget, amount } = await opened();
    const shown = await amount();
    const entry = widget.locator("#weight-entry");
    await entry.fill("-1");
    const fault = widget.locator('[data-feature="weight"] .fault');
    await fault.waitFor();
    expect(await fault.innerText()).toBe("Expected between 0.02 ct and 20 ct.");
    expect(await entry.getAttribute("aria-invalid")).toBe("true");
    expect(await entry.getAttribute("aria-describedby")).toContain(await fault.getAttribute("id"));
    expect(await amount()).toBe(shown);
    await entry.fill("1.2");
    await fault.waitFor({ state: "detached" });
  });

  it("stand there when a needed value is taken away", async () => {
    const { widget } = await opened();
    await widget.locator("#weight-entry").fill("");
    const fault = widget.locator('[data-feature="weight"] .fault');
    await fault.waitFor();
    expect(await fault.innerText()).toBe("Needed for a price.");
  });

  it("are warnings where the value is beyond what the model was trained on", async () => {
    const { widget } = await opened();
    await widget.locator("#weight-entry").fill("15");
    const warning = widget.locator('[data-feature="weight"] .warning');
    await warning.waitFor();
    expect(await warning.innerText()).toContain("beyond the 0.1 to 10");
  });
});

describe("in this browser", () => {
  it.each(["/onnxruntime", "/evaluator"])(
    "%s gives the price of the service to the last digit shown",
    async (path) => {
      const service = await opened();
      const price = await service.amount();
      const range = await service.widget.locator(".bounds").innerText();
      const view = await opened(path);
      expect(await view.amount()).toBe(price);
      expect(await view.widget.locator(".bounds").innerText()).toBe(range);
      expect(view.faults).toEqual([]);
      expect(foreignTo(api.origin, view.requests)).toEqual([]);
    },
  );

  it("sends nothing that is entered, in faults and warnings neither", async () => {
    const { widget, amount } = await opened();
    await widget.getByRole("switch").check({ force: true });
    await expect
      .poll(() => widget.locator(".status").innerText())
      .toContain("Nothing you enter leaves this page");
    const before = await amount();
    const asked = api.requests.length;
    await widget.getByLabel("Weight, slider").focus();
    await widget.getByLabel("Weight, slider").press("PageUp");
    await expect.poll(amount).not.toBe(before);
    await widget.locator("#weight-entry").fill("-1");
    await widget.locator('[data-feature="weight"] .fault').waitFor();
    await widget.locator("#weight-entry").fill("15");
    await widget.locator('[data-feature="weight"] .warning').waitFor();
    expect(api.requests.slice(asked)).toEqual([]);
    expect(await widget.locator(".comparables").innerText()).toContain("rest while this browser prices");
  });

  it("fetches the model once, however often one switches", async () => {
    const { widget } = await opened();
    for (let i = 0; i < 2; i++) {
      await widget.getByRole("switch").check({ force: true });
      await expect.poll(() => widget.locator(".status").innerText()).toContain("Priced here");
      await widget.getByRole("switch").uncheck({ force: true });
      await expect.poll(() => widget.locator(".status").innerText()).toContain("by the service");
    }
    expect(paths().filter((path) => path.endsWith("model.onnx"))).toHaveLength(1);
  });
});

describe("a service that fails", () => {
  it("is named in words with a way to try again, before there is a form", async () => {
    api.delayMs = -1;
    const { widget } = await open();
    await widget.getByText("cannot be reached").first().waitFor();
    api.delayMs = 0;
    await widget.getByRole("button", { name: "Try again" }).click();
    await widget.locator(".bounds").waitFor();
  });

  it("leaves the last price standing, dimmed, until it is back", async () => {
    const { widget, amount } = await opened();
    const before = await amount();
    api.status = 500;
    await widget.locator("#weight-entry").fill("2");
    await widget.getByText("has a problem").first().waitFor();
    expect(await amount()).toBe(before);
    expect(await widget.locator(".amount.stale").count()).toBe(1);
    api.status = 0;
    await widget.getByRole("button", { name: "Try again" }).click();
    await expect.poll(amount).not.toBe(before);
    expect(await widget.locator(".notice").count()).toBe(0);
  });

  it("says when it takes long, keeps the old price, and drops an answer that has become stale", async () => {
    const { widget, amount } = await opened();
    const before = await amount();
    api.delayMs = 3600;
    await widget.locator("#weight-entry").fill("2");
    await expect
      .poll(() => widget.locator(".status").innerText(), { timeout: 8000 })
      .toContain("longer than usual");
    expect(await amount()).toBe(before);
    api.delayMs = 0;
    await widget.locator("#weight-entry").fill("1.2");
    await expect.poll(() => widget.locator(".status").innerText()).toContain("by the service");
    await new Promise((resume) => setTimeout(resume, 1000));
    expect(await amount()).toBe(before);
  });

  it("has no model, knows no such dataset, or was given no name: each says so", async () => {
    api.published = false;
    const none = await open();
    await none.widget.getByText("No model has been published").first().waitFor();
    const unknown = await open("/unknown");
    await unknown.widget.getByText("knows nothing called “nothing”").first().waitFor();
    const unnamed = await open("/unnamed");
    await unnamed.widget.getByText("needs a dataset attribute").first().waitFor();
  });

  it("loses the comparables alone without losing the price", async () => {
    const { page, widget, amount } = await opened();
    expect(await widget.locator(".card").count()).toBe(3);
    await page.route("**/similar*", (route) => route.abort());
    const before = await amount();
    await widget.locator("#weight-entry").fill("2");
    await widget.getByText("Comparables cannot be shown").waitFor();
    expect(await amount()).not.toBe(before);
  });
});

describe("embedding", () => {
  it("tells the page: ready, price with its row, error with its fields", async () => {
    const view = await open();
    const heard = await view.page.evaluate(async () => {
      const element = document.createElement("appraise-widget");
      element.setAttribute("dataset", "gems");
      const next = (name: string) =>
        new Promise<unknown>((resolve) =>
          document.addEventListener(name, (event) => resolve((event as CustomEvent).detail), { once: true }),
        );
      const [ready, price, error] = ["appraise:ready", "appraise:price", "appraise:error"].map(next);
      document.body.append(element);
      const first = { ready: await ready, price: await price };
      const entry = element.shadowRoot!.querySelector<HTMLInputElement>("#weight-entry")!;
      entry.value = "-1";
      entry.dispatchEvent(new InputEvent("input"));
      return { ...first, error: await error };
    });
    expect(heard).toMatchObject({
      ready: { spec: { name: "gems" }, modelId: "linear-0123456789ab" },
      price: { engine: "api", unit: "EUR", row: { weight: 1.2, grade: "A", origin: "Mine 1" } },
      error: { kind: "row", status: 422, errors: [{ pointer: "/weight" }] },
    });
  });

  it("works from another origin, both engines, chunks and WebAssembly included", async () => {
    const other = await startFakeApi({
      ...{ spec: gems, foreign: true, pages: { "/embedded": shop("", api.origin) } },
    });
    try {
      const { widget } = await openPage(browser, `${other.origin}/embedded`);
      await widget.locator(".bounds").waitFor();
      await widget.getByRole("switch").check({ force: true });
      await expect
        .poll(() => widget.locator(".status").innerText(), { timeout: 20_000 })
        .toContain("Priced here");
      expect(other.requests).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it("follows theme and locale", async () => {
    const paper = ({ widget }: OpenPage) =>
      widget.locator(".tag").evaluate((element) => getComputedStyle(element).backgroundColor);
    const light = await paper(await opened("/shop"));
    const dark = await paper(await opened("/dark"));
    expect(dark).not.toBe(light);
    expect(await paper(await opened("/shop", { colorScheme: "dark" }))).toBe(dark);
    const german = await opened("/german");
    expect(await german.amount()).toMatch(/^[\d.]+\s€$/);
  });

  it("fits 360 px and shifts nothing while it works", async () => {
    for (const width of [360, 768, 1440]) {
      const { page, widget } = await opened("/shop", { width });
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
      expect(await wide()).toBeLessThanOrEqual(width);
      await widget.locator(".card:not(.bone)").first().waitFor();
      const height = () => widget.evaluate((element) => element.getBoundingClientRect().height);
      const before = await height();
      for (const grade of ["C", "B", "A"]) {
        await widget.getByRole("radio", { name: grade, exact: true }).check({ force: true });
        await page.waitForTimeout(250);
        expect(await height()).toBe(before);
      }
      await widget.getByText("More detail").click();
      expect(await wide()).toBeLessThanOrEqual(width);
    }
  });

  it("gives every control a name and at least 24 px", async () => {
    const { page, widget } = await opened("/shop", { width: 360 });
    await widget.getByText("More detail").click();
    const small = await widget.evaluate((element) =>
      [...element.shadowRoot!.querySelectorAll("button, input, select, summary, .level")]
        .filter((each) => getComputedStyle(each).visibility !== "hidden")
        .map((each) => [each.className || each.tagName, each.getBoundingClientRect()] as const)
        .filter(([, { width, height }]) => width < 24 || height < 24)
        .map(([name, { width, height }]) => `${name} ${width}x${height}`),
    );
    expect(small).toEqual([]);
    const tree = await page.locator("appraise-widget").ariaSnapshot();
    expect(tree).not.toMatch(/- (button|textbox|spinbutton|slider|combobox|radio|switch|radiogroup)(:|$)/m);
  });
});
