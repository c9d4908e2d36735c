/// <reference lib="dom" />
// The model card of a table of 73 features in a real browser: short, the ten that matter open, every other one a click away, no script.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderCard } from "../../trainer/card/render-card.ts";
import { cardInput, gemSpec } from "../trainer/card/card-input.ts";
import { audit } from "./audit.ts";
import { launchChromium } from "./chromium.ts";

/** The card of a table with this many features, of which the last matter most: the order of the spec must not decide. */
function cardOf(count: number) {
  const base = gemSpec().features;
  const more = Array.from({ length: count - base.length }, (_, at) =>
    at % 2 === 0
      ? { name: `size_${at}`, title: `Size ${at}`, type: "number" as const }
      : { name: `kind_${at}`, title: `Kind ${at}`, type: "category" as const, levels: ["plain", "fine"] },
  );
  const spec = gemSpec({ features: [...base, ...more] as typeof base });
  const importance = spec.features.map(({ name }, at) => ({ feature: name, meanAbsoluteShap: at }));
  const leading = spec.features.slice(-10).map(({ title }) => String(title));
  return { card: renderCard({ ...cardInput(spec), importance }), leading };
}

let browser: Browser;
let many: ReturnType<typeof cardOf>;

beforeAll(async () => {
  browser = await launchChromium();
  many = cardOf(73);
});
afterAll(() => browser?.close());

async function opened(card: string, width: number, colorScheme: "light" | "dark" = "light") {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  await page.setContent(card);
  return page;
}

describe("the card of 73 features", () => {
  it("is a few screens long, not a chart for each feature in each chapter", async () => {
    const page = await opened(many.card, 1280);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    expect(height).toBeLessThan(7000);
    const visible = await page.locator("#errors figure:visible h3").allInnerTexts();
    const kinds = many.leading.filter((title) => title.startsWith("Kind"));
    expect(visible).toHaveLength(1 + kinds.length);
    for (const title of kinds) expect(visible).toContain(`Errors by ${title.toLowerCase()}`);
    const bars = await page.locator("#importance figure svg").first().getAttribute("aria-label");
    expect(bars).toContain(`Largest first: ${many.leading.at(-1)}`);
    await page.context().close();
  });

  it("lets the reader choose any other feature, one at a time, by keyboard and without a script", async () => {
    const page = await opened(many.card, 1280);
    await page.locator("#errors .others > summary").press("Enter");
    const choose = (title: string) =>
      page.locator("#errors .choices > details > summary", { hasText: new RegExp(`^${title}$`) });
    await choose("Kind 1").press("Enter");
    await page.getByRole("heading", { name: "Errors by kind 1", exact: true }).waitFor({ state: "visible" });
    await choose("Size 2").press("Enter");
    await page.getByRole("heading", { name: "Errors by size 2", exact: true }).waitFor({ state: "visible" });
    expect(await page.getByRole("heading", { name: "Errors by kind 1", exact: true }).isVisible()).toBe(
      false,
    );
    expect(await page.locator("#errors .choices > details").count()).toBe(73 - 1 - 5);
    await page.context().close();
  });

  it("fits a phone and passes an audit with the choices open, light and dark", async () => {
    // Fewer features than above: an audit takes its time with every table of a chart.
    const { card } = cardOf(16);
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await opened(card, 360, colorScheme);
      for (const section of ["errors", "intervals"])
        await page.locator(`#${section} .others > summary`).click();
      await page.locator("#errors .choices > details > summary").first().click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      expect(await audit(page)).toEqual([]);
      await page.context().close();
    }
  });
});
