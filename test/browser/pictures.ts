/// <reference lib="dom" />
// `npm run pictures`: takes the pictures of README and docs, and more to look at, from the real thing: `npm run pictures -- <folder>`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launchChromium } from "./chromium.ts";
import { seedPast } from "./dashboard-seed.ts";
import { openPage } from "./open-page.ts";
import { startServer } from "./server.ts";

const folder = process.argv[2];
const docs = join(import.meta.dirname, "..", "..", "docs");
const server = await startServer();
try {
  await server.appraise("load", "--dataset", "diamonds");
  await server.appraise("train", "--dataset", "diamonds", "--publish", server.origin);
  const browser = await launchChromium();
  const take = async (path: string, width: number, colorScheme: "light" | "dark", fullPage: boolean) => {
    const { page, widget } = await openPage(browser, `${server.origin}/`, { width, colorScheme });
    await widget.locator(".bounds").waitFor();
    await page.waitForLoadState("networkidle");
    await widget.locator(".waterfall").waitFor();
    // The README's picture ends a little below the widget.
    const { y = 0, height = 0 } = (await widget.boundingBox()) ?? {};
    const clip = fullPage ? undefined : { x: 0, y: 0, width, height: Math.ceil(y + height + 32) };
    await page.screenshot({ path, fullPage: true, clip });
    await page.close();
  };
  await take(join(docs, "demo.png"), 1180, "light", false);
  await seedPast(server, "diamonds", 150);
  const takeDashboard = async (view: string, path: string, width: number, colorScheme: "light" | "dark") => {
    const url = `${server.origin}/dashboard/#/diamonds/${view}`;
    const { page } = await openPage(browser, url, { width, colorScheme });
    await page.getByRole("button", { name: "Sign in" }).first().click();
    await page.getByRole("radio", { name: "Token or key" }).check({ force: true });
    await page.getByLabel("Token or API key").fill(server.token);
    await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
    await page.waitForFunction(() => !document.querySelector(".bones, dialog"));
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path, fullPage: true });
    await page.close();
  };
  await takeDashboard("models", join(docs, "dashboard.png"), 1180, "light");
  if (folder) {
    mkdirSync(folder, { recursive: true });
    for (const width of [360, 768, 1440]) {
      for (const scheme of ["light", "dark"] as const) {
        await take(join(folder, `demo-${width}-${scheme}.png`), width, scheme, true);
        for (const view of ["models", "ledger", "compare", "jobs", "requests", "quality", "health"])
          await takeDashboard(view, join(folder, `dashboard-${view}-${width}-${scheme}.png`), width, scheme);
      }
    }
  }
  await browser.close();
} finally {
  await server.stop();
}
