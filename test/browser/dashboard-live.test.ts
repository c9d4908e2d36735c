// The dashboard against the real Worker: a user signs in by password, promotes, goes back, and watches a training to its end.
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeSmallDataset, type SmallDataset } from "../trainer/cli/small-dataset.ts";
import { launchChromium } from "./chromium.ts";
import { goodPassword } from "./dashboard-api.ts";
import { signIn } from "./dashboard-page.ts";
import { openPage } from "./open-page.ts";
import { root } from "./page-build.ts";
import { startServer, type TestServer } from "./server.ts";

let browser: Browser;
let server: TestServer;
let small: SmallDataset;
let trainer: ChildProcess | undefined;

const ask = async (path: string, body?: object) => {
  const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
  const post = body ? { method: "POST", body: JSON.stringify(body) } : {};
  const answer = await fetch(`${server.origin}${path}`, { ...post, headers });
  return { status: answer.status, body: (await answer.json()) as { items: Record<string, unknown>[] } };
};

beforeAll(async () => {
  small = makeSmallDataset();
  server = await startServer();
  await server.appraise("load", "--dataset", small.spec);
  const family = ["--family", "linear", "--models", "2"];
  await server.appraise("train", "--dataset", small.spec, "--publish", server.origin, ...family);
  const scopes = ["models:read", "models:promote", "jobs:write", "requests:read"];
  const made = await ask("/v1/users", { name: "ada", password: goodPassword, scopes });
  expect(made.status).toBe(201);
  browser = await launchChromium();
}, 300_000);

afterAll(async () => {
  trainer?.kill("SIGTERM");
  await browser?.close();
  await server?.stop();
  rmSync(small.folder, { recursive: true });
});

async function giveReason(page: Page, reason: string, button: string): Promise<void> {
  await page.getByLabel("Reason (kept in the ledger)").fill(reason);
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByText("points to").first().waitFor();
}

it("signs in, promotes, rolls back and trains, with every step in the ledger", async () => {
  const { page, faults } = await openPage(browser, `${server.origin}/dashboard/`, { width: 1100 });
  await signIn(page);
  await page.evaluate(() => {
    location.hash = "#/houses/ledger";
  });
  await page.locator(".moves li").first().waitFor();
  await page.getByRole("button", { name: "Promote a model" }).click();
  await giveReason(page, "from the page", "Promote");
  await expect.poll(() => page.locator(".moves li").count()).toBe(2);
  await page.getByRole("button", { name: "Roll back…" }).click();
  await giveReason(page, "back again", "Roll back");
  await expect.poll(() => page.locator(".moves li").count()).toBe(3);
  const history = await ask("/v1/houses/aliases/champion/history");
  expect(history.body.items.map(({ kind, actor, reason }) => [kind, actor, reason]).slice(0, 2)).toEqual([
    ["rollback", "ada", "back again"],
    ["move", "ada", "from the page"],
  ]);

  await page.getByRole("link", { name: "Jobs" }).click();
  await page.getByText("Start a training").click();
  await page.getByLabel("mean").check();
  await page.getByRole("button", { name: "Train on the current items" }).click();
  await page.locator("dash-job .state.queued").waitFor();
  trainer = spawn(process.execPath, [join("bin", "appraise.mjs"), "work", "--once", "--poll", "1s"], {
    ...{ cwd: root, stdio: "ignore" },
    env: { ...process.env, APPRAISE_URL: server.origin, APPRAISE_TOKEN: server.token },
  });
  await page.locator("dash-job .state.succeeded").waitFor({ timeout: 60_000 });
  expect(await page.locator("dash-job .log").innerText()).not.toBe("");
  expect(faults).toEqual([]);
});
