/// <reference lib="dom" />
// Fields of every type in a real browser: yes and no, dates, places, lists too long to scroll; and what of them is sent and submitted.
import type { Browser, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { audit } from "./audit.ts";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { houseShop, openHouses, rowsAsked } from "./house-shop.ts";
import { houses, houseTraining, quarters } from "./houses-spec.ts";
import { foreignTo, type OpenOptions } from "./open-page.ts";
import { ensurePagesBuilt } from "./page-build.ts";

let browser: Browser;
let api: FakeApi;

beforeAll(async () => {
  await ensurePagesBuilt();
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const comparables = [1, 2, 3].map((id) => ({
  ...{ id, target: 100_000 * id, distance: id, exact: id < 3, differs: [] },
  features: { area: 90 + id, kind: "house", latitude: 38.6 + id / 100, longitude: -121.4 - id / 200 },
}));

beforeEach(async () => {
  const pages = {
    "/": houseShop(`size="wide"`),
    "/form": houseShop(`name="offer"`, ["<form>", "</form>"]),
    "/spanish": houseShop(`locale="es"`),
    "/german": houseShop(`locale="de-AT"`),
    "/tiles": houseShop(`tiles="/tiles/{z}/{x}/{y}.png" tiles-credit="© Example"`),
  };
  api = await startFakeApi({ spec: houses, training: houseTraining, pages, comparables });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await api.close();
});

const opened = (path = "/", options: OpenOptions = {}) => openHouses(browser, api, path, options);
const asked = () => rowsAsked(api);
const lastAsked = () => asked().at(-1);
const field = (widget: Locator, name: string) => widget.locator(`[data-feature="${name}"]`);

describe("a yes or no", () => {
  it("is a switch, sent as true or false", async () => {
    const { widget } = await opened();
    const lift = widget.getByRole("switch", { name: "Lift" });
    expect(await lift.isChecked()).toBe(false);
    expect(lastAsked().lift).toBe(false);
    await lift.press("Space");
    await expect.poll(() => lastAsked().lift).toBe(true);
    expect(await field(widget, "lift").innerText()).toMatch(/Lift\s*\*?\s*Yes/);
  });

  it("begins unknown where it is optional, and can be so again", async () => {
    const { widget } = await opened();
    const garden = widget.getByRole("switch", { name: "Garden" });
    const forget = widget.getByRole("button", { name: "Set Garden to unknown" });
    expect(await field(widget, "garden").innerText()).toContain("Unknown");
    await garden.check({ force: true });
    await expect.poll(() => lastAsked().garden).toBe(true);
    await garden.uncheck({ force: true });
    await expect.poll(() => lastAsked().garden).toBe(false);
    await forget.click();
    await expect.poll(() => "garden" in lastAsked()).toBe(false);
    expect(await field(widget, "garden").innerText()).toContain("Unknown");
  });
});

describe("a date", () => {
  it("is a date field within the spec's bounds, sent as ISO text, and the curve runs over it", async () => {
    const { widget } = await opened();
    const built = widget.getByLabel("Built");
    expect(await built.getAttribute("type")).toBe("date");
    expect([await built.getAttribute("min"), await built.getAttribute("max")]).toEqual([
      "1850-01-01",
      "2030-12-31",
    ]);
    expect(await built.inputValue()).toBe("1987-06-01");
    await built.fill("1991-02-03");
    await expect.poll(() => lastAsked().built).toBe("1991-02-03");
    await widget.getByText("Price by built").waitFor();
    await expect
      .poll(() => widget.locator(".axis").innerText())
      .toMatch(/Mar 31, 1915\s+Jan 1, 1968\s+Jan 8, 2022/);
    expect(await widget.locator(".curve .mark-here").first().isVisible()).toBe(true);
  });

  it("says what is wrong with it in words, dates as the locale writes them", async () => {
    const { widget } = await opened();
    await widget.getByLabel("Built").fill("1800-01-01");
    const fault = field(widget, "built").locator(".fault");
    await fault.waitFor();
    expect(await fault.innerText()).toBe("Expected between Jan 1, 1850 and Dec 31, 2030.");
  });
});

describe("a place", () => {
  it("is two fields in one group, sent as two numbers", async () => {
    const { widget } = await opened();
    const position = widget.getByRole("group", { name: "Position" });
    expect(await position.getByLabel("Latitude").inputValue()).toBe("38.6");
    await position.getByLabel("Latitude").fill("38.55");
    await expect.poll(() => lastAsked().latitude).toBe(38.55);
    expect(lastAsked().longitude).toBe(-121.4);
  });

  it("can be chosen on its plot, which marks what is entered", async () => {
    const { widget } = await opened();
    const plot = field(widget, "position").locator(".picker");
    const mark = () =>
      plot.locator(".mark-here").evaluate((one) => [one.style.left, one.style.top].map(Number.parseFloat));
    await plot.waitFor();
    const before = await mark();
    const box = (await plot.boundingBox())!;
    await plot.click({ position: { x: 0.7 * box.width, y: 0.3 * box.height } });
    await expect.poll(() => lastAsked().latitude).not.toBe(38.6);
    const { latitude, longitude } = lastAsked();
    // Right of the middle is east of it, above is north of it.
    expect(longitude).toBeGreaterThan(-121.4);
    expect(latitude).toBeGreaterThan(38.6);
    const after = await mark();
    expect(after).not.toEqual(before);
    expect(after[0]).toBeCloseTo(70, 0);
    expect(after[1]).toBeCloseTo(30, 0);
    expect(await widget.getByLabel("Latitude").inputValue()).toBe(String(latitude));
  });

  it("draws comparables around it with rings of distance, and asks nobody for a map", async () => {
    const { widget, requests, faults } = await opened();
    const map = widget.locator(".comparables .ground");
    await expect.poll(() => map.getAttribute("aria-label")).toBe("Comparable items around yours on a map: 3");
    expect(await map.locator(".dot b").allInnerTexts()).toEqual(["1", "2", "3"]);
    expect(await widget.locator(".card .rank").allInnerTexts()).toEqual(["1", "2", "3"]);
    expect(await map.locator(".ring").count()).toBeGreaterThan(1);
    expect(await map.locator(".ring-label").first().innerText()).toMatch(/^\d+ k?m$/);
    expect(await map.locator("image").count()).toBe(0);
    expect(foreignTo(api.origin, requests)).toEqual([]);
    expect(faults).toEqual([]);
  });

  it("lies on a map where the page names one, with its credit", async () => {
    const { widget, requests } = await opened("/tiles");
    const map = widget.locator(".place .ground");
    await map.locator("image").first().waitFor({ state: "attached" });
    await expect.poll(() => requests.some((url) => /\/tiles\/\d+\/\d+\/\d+\.png$/.test(url))).toBe(true);
    expect(await map.locator(".credit").innerText()).toBe("© Example");
  });
});

describe("a long list", () => {
  const parts = (widget: Locator) => ({
    box: widget.getByRole("combobox", { name: "Quarter" }),
    options: field(widget, "quarter").getByRole("option"),
    active: () =>
      field(widget, "quarter")
        .locator("[role=combobox]")
        .evaluate((box) => {
          const id = box.getAttribute("aria-activedescendant");
          return id && (box.getRootNode() as ShadowRoot).getElementById(id)?.innerText.trim();
        }),
  });

  it("is searched by typing and chosen by keyboard alone", async () => {
    const { page, widget } = await opened();
    const { box, options, active } = parts(widget);
    expect(await box.inputValue()).toBe("Eastfield 7");
    expect(await box.getAttribute("aria-expanded")).toBe("false");
    await box.focus();
    await page.keyboard.press("ArrowDown");
    expect(await box.getAttribute("aria-expanded")).toBe("true");
    expect(await options.count()).toBe(quarters.length);
    expect(await active()).toBe("Eastfield 7");
    expect(await field(widget, "quarter").getByRole("option", { selected: true }).innerText()).toBe(
      "Eastfield 7",
    );
    await box.fill("sao");
    expect(await options.allInnerTexts()).toEqual(["São Brás"]);
    await page.keyboard.press("Enter");
    expect(await box.inputValue()).toBe("São Brás");
    expect(await box.getAttribute("aria-expanded")).toBe("false");
    await expect.poll(() => lastAsked().quarter).toBe("São Brás");
    await box.fill("southfield");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("PageDown");
    expect(await active()).toBe("Southfield 12");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await expect.poll(() => lastAsked().quarter).toBe("Southfield 11");
  });

  it("opens in sight, whatever cuts the page off, and closes without a change on Escape", async () => {
    const { page, widget } = await opened("/", { width: 360 });
    const { box, options } = parts(widget);
    await box.click();
    await options.first().waitFor({ state: "visible" });
    const list = (await field(widget, "quarter").getByRole("listbox").boundingBox())!;
    expect(list.y).toBeGreaterThanOrEqual(0);
    expect(list.y + list.height).toBeLessThanOrEqual(900);
    expect(list.height).toBeGreaterThan(100);
    const count = asked().length;
    await page.keyboard.press("Escape");
    expect(await box.getAttribute("aria-expanded")).toBe("false");
    expect(await box.inputValue()).toBe("Eastfield 7");
    expect(asked()).toHaveLength(count);
  });

  it("offers what may have been meant, and says of what is left that it is none of the list", async () => {
    const { page, widget } = await opened();
    const { box, options } = parts(widget);
    await box.fill("Eastfeild 9");
    expect(await options.allInnerTexts()).toEqual(["Did you mean Eastfield 9?"]);
    await options.first().click();
    await expect.poll(() => lastAsked().quarter).toBe("Eastfield 9");
    await box.fill("Atlantis");
    expect(await options.allInnerTexts()).toEqual(["Nothing in the list is called that."]);
    const count = asked().length;
    await page.keyboard.press("Tab");
    const fault = field(widget, "quarter").locator(".fault");
    await fault.waitFor();
    expect(await fault.innerText()).toBe("Expected one of those listed.");
    expect(await box.getAttribute("aria-invalid")).toBe("true");
    expect(asked()).toHaveLength(count);
    await box.fill("eastfield 9");
    await page.keyboard.press("Tab");
    await fault.waitFor({ state: "detached" });
    expect(await box.inputValue()).toBe("Eastfield 9");
  });

  it("begins unknown where it is optional, and can be so again", async () => {
    const { widget } = await opened();
    await widget.getByText("More detail").click();
    const street = widget.getByRole("combobox", { name: "Street" });
    expect(await street.getAttribute("placeholder")).toBe("Unknown");
    await street.fill("westfield 3 str");
    await field(widget, "street").getByRole("option").first().click();
    await expect.poll(() => lastAsked().street).toBe("Westfield 3 street");
    await widget.getByRole("button", { name: "Set Street to unknown" }).click();
    await expect.poll(() => "street" in lastAsked()).toBe(false);
    expect(await street.inputValue()).toBe("");
  });
});

describe("the form around them", () => {
  it("submits the row as JSON with booleans, dates and both numbers of a place", async () => {
    const { page, widget } = await opened("/form");
    await widget.getByRole("switch", { name: "Lift" }).check({ force: true });
    const submitted = () =>
      page.evaluate(() => {
        const data = new FormData(document.querySelector("form")!);
        return { price: Number(data.get("offer")), row: JSON.parse(String(data.get("offer-row"))) };
      });
    await expect.poll(async () => (await submitted()).price).toBeGreaterThan(0);
    expect((await submitted()).row).toEqual({
      ...{ area: 96, kind: "house", quarter: "Eastfield 7", lift: true, built: "1987-06-01" },
      ...{ latitude: 38.6, longitude: -121.4 },
    });
  });

  it("speaks the page's language with the dataset's own words in it, also where the widget has none", async () => {
    const spanish = await opened("/spanish");
    expect(await field(spanish.widget, "area").innerText()).toContain("Superficie");
    await spanish.widget.getByRole("button", { name: "Acerca de Superficie" }).click();
    expect(await spanish.widget.locator("#area-help").innerText()).toBe("Sin sótanos.");
    expect(await spanish.widget.locator(".answer h2").innerText()).toMatch(/precio/i);
    const german = await opened("/german");
    expect(await field(german.widget, "area").innerText()).toContain("Wohnfläche");
  });

  it("shifts nothing once its parts have come, fits 360 px, names every control and passes an audit, light and dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, widget } = await opened("/", { width: 360, colorScheme });
      await widget.getByText("More detail").click();
      await widget.locator(".place .picker").waitFor();
      await widget.locator(".card:not(.bone)").first().waitFor();
      await field(widget, "quarter").locator("[role=combobox]").click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      expect(await audit(page)).toEqual([]);
    }
  });

  it("has the height of its fields before the code of their parts has come", async () => {
    const height = (widget: Locator) =>
      widget.locator(".form").evaluate((form) => form.getBoundingClientRect().height);
    const held = await opened("/", {
      before: async (page) => {
        await page.route(/\/(combobox|place-plot)-/, () => new Promise(() => {}));
      },
    });
    const whole = await opened();
    await whole.widget.locator(".place .picker").waitFor();
    expect(await held.widget.locator(".place .picker").count()).toBe(0);
    expect(await height(held.widget)).toBe(await height(whole.widget));
  });
});
