// A page under observation: what it asked for, what it complained about, and its widget's controls by their names.
import type { Browser, Locator, Page } from "playwright-core";

export interface OpenPage {
  readonly page: Page;
  readonly widget: Locator;
  /** URLs of every request so far. */
  readonly requests: string[];
  /** Exceptions, and complaints of the content security policy. */
  readonly faults: string[];
  amount(): Promise<string>;
}

export interface OpenOptions {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
  readonly locale?: string;
  /** What is done to the page before it loads. */
  readonly before?: (page: Page) => Promise<void>;
}

export async function openPage(browser: Browser, url: string, options: OpenOptions = {}): Promise<OpenPage> {
  const { width = 1024, colorScheme = "light", locale = "en-US" } = options;
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, locale });
  const requests: string[] = [];
  const faults: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
  });
  await options.before?.(page);
  await page.goto(url);
  const widget = page.locator("appraise-widget").first();
  return { page, widget, requests, faults, amount: () => widget.locator(".amount").innerText() };
}

/** Requests that are neither to `origin` nor made of data that the page already holds. */
export function foreignTo(origin: string, requests: readonly string[]): string[] {
  return requests.filter((url) => !url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url));
}
