// The dashboard open under observation, its API answered by the test.

import type { Browser, Page } from "playwright-core";
import { wordsIn } from "#core/dataset/words.ts";
import { type Asked, answerDashboard, dataset, goodPassword } from "./dashboard-api.ts";
import { gems } from "./gems-spec.ts";
import { openPage } from "./open-page.ts";

export type Own = Parameters<typeof answerDashboard>[1];

export interface Dashboard {
  readonly page: Page;
  readonly asked: Asked[];
  /** Exceptions, and complaints of the content security policy. */
  readonly faults: string[];
  readonly urls: string[];
}

export interface DashboardOptions {
  readonly own?: Own;
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
}

export async function openDashboard(
  browser: Browser,
  origin: string,
  view: string,
  { own, width = 1100, colorScheme }: DashboardOptions = {},
): Promise<Dashboard> {
  const asked: Asked[] = [];
  const before = async (page: Page) => {
    await answerDashboard(page, own, asked);
  };
  const url = `${origin}/dashboard/#/${dataset}/${view}`;
  const { page, faults, requests } = await openPage(browser, url, { width, colorScheme, before });
  await page.locator("h1", { hasText: wordsIn(gems.title) }).waitFor();
  return { page, asked, faults, urls: requests };
}

export async function trySignIn(page: Page, password: string): Promise<void> {
  await page.getByRole("button", { name: "Sign in" }).first().click();
  await page.getByLabel("Name").fill("ada");
  await page.getByLabel("Password", { exact: true }).last().fill(password);
  await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
}

export async function signIn(page: Page): Promise<void> {
  await trySignIn(page, goodPassword);
  await page.getByText("Signed in as").waitFor();
}
