// `npm run pictures`: takes the README's picture, and more to look at, from the real thing: `npm run pictures -- <folder>`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launchChromium } from "./chromium.ts";
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
  if (folder) {
    mkdirSync(folder, { recursive: true });
    for (const width of [360, 768, 1440]) {
      for (const scheme of ["light", "dark"] as const) {
        await take(join(folder, `demo-${width}-${scheme}.png`), width, scheme, true);
      }
    }
  }
  await browser.close();
} finally {
  await server.stop();
}
