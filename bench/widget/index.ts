/// <reference lib="dom" />
// Time to the first price in a shop's page, by engine, cold (nothing cached) and warm (a second visit): the real Worker, a real Chromium.
// Usage: node bench/widget/index.ts [--family linear] [--visits 5]
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import type { BrowserContext } from "playwright-core";
import { launchChromium } from "../../test/browser/chromium.ts";
import { startServer } from "../../test/browser/server.ts";

const { values } = parseArgs({
  options: { family: { type: "string", default: "boosting" }, visits: { type: "string", default: "5" } },
});
const visits = Math.max(1, Number(values.visits) || 1);
/** 20 Mbit/s and 40 ms: a phone on a good day. Nothing is compressed by the local server, so large files weigh more than they will. */
const throttled = { offline: false, downloadThroughput: 2_500_000, uploadThroughput: 2_500_000, latency: 40 };

const engines = [
  { name: "service", attributes: `engine="api"` },
  { name: "evaluator", attributes: `engine="browser"` },
  { name: "onnxruntime", attributes: `engine="browser" runtime="onnxruntime"` },
] as const;

interface Visit {
  readonly priceMs: number;
  readonly mainThreadMs: number;
  readonly kilobytes: number;
}

const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** One visit of `url`: from the start of the navigation until the page hears of the first price. */
async function visit(context: BrowserContext, url: string, slow: boolean): Promise<Visit> {
  const page = await context.newPage();
  await page.addInitScript(() => {
    const heard = new Promise<number>((resume) =>
      addEventListener("appraise:price", () => resume(performance.now()), { once: true }),
    );
    Object.assign(window, { heard });
  });
  const inspector = await context.newCDPSession(page);
  // Processor time of the page's main thread: what else runs on this machine shall not count.
  await inspector.send("Performance.enable", { timeDomain: "threadTicks" });
  await inspector.send("Network.enable");
  if (slow) await inspector.send("Network.emulateNetworkConditions", throttled);
  let bytes = 0;
  inspector.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto(url);
  const priceMs = await page.evaluate(() => (window as unknown as { heard: Promise<number> }).heard);
  const { metrics } = await inspector.send("Performance.getMetrics");
  const seconds = metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  await page.close();
  return { priceMs, mainThreadMs: seconds * 1000, kilobytes: bytes / 1000 };
}

function print(name: string, temperature: string, network: string, list: readonly Visit[]): void {
  const cell = (of: (visit: Visit) => number) => median(list.map(of)).toFixed(0).padStart(12);
  const head = `${name.padEnd(14)}${temperature.padEnd(7)}${network.padEnd(12)}`;
  process.stdout.write(
    `${head}${cell((one) => one.priceMs)}${cell((one) => one.mainThreadMs)}${cell((one) => one.kilobytes)}\n`,
  );
}

const server = await startServer();
const shop = createServer((request, response) => {
  const engine = engines.find(({ name }) => request.url === `/${name}`) ?? engines[0];
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(`<!doctype html><html lang="en"><title>Shop</title>
    <script type="module" src="${server.origin}/widget.js"></script>
    <appraise-widget dataset="diamonds" ${engine.attributes}></appraise-widget>`);
});
try {
  await server.appraise("load", "--dataset", "diamonds");
  await server.appraise(
    "train",
    "--dataset",
    "diamonds",
    "--publish",
    server.origin,
    "--family",
    values.family,
  );
  await new Promise<void>((resume) => shop.listen(0, "127.0.0.1", resume));
  const { port } = shop.address() as AddressInfo;
  const browser = await launchChromium();
  process.stdout.write(
    `medians of ${visits}       network     ${["price ms", "main ms", "kB"].map((word) => word.padStart(12)).join("")}\n`,
  );
  for (const slow of [false, true]) {
    for (const { name } of engines) {
      const cold: Visit[] = [];
      const warm: Visit[] = [];
      for (let i = 0; i < visits; i++) {
        const context = await browser.newContext();
        const url = `http://127.0.0.1:${port}/${name}`;
        cold.push(await visit(context, url, slow));
        warm.push(await visit(context, url, slow));
        await context.close();
      }
      const network = slow ? "20 Mbit/s" : "local";
      print(name, "cold", network, cold);
      print(name, "warm", network, warm);
    }
  }
  await browser.close();
} finally {
  shop.close();
  await server.stop();
}
