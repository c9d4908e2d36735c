// A shop of houses under test: its page opened until it shows a price, and the rows that it asked the price of.
import type { Browser } from "playwright-core";
import type { FakeApi } from "./fake-api.ts";
import { type OpenOptions, openPage } from "./open-page.ts";
import { shop } from "./shop-page.ts";

/** HTML with one widget for houses. */
export function houseShop(attributes: string, around?: [string, string]): string {
  return shop(attributes, "", around).replace("gems", "houses");
}

export async function openHouses(browser: Browser, { origin }: FakeApi, path: string, options: OpenOptions) {
  const view = await openPage(browser, `${origin}${path}`, { width: 1280, ...options });
  await view.widget.locator(".bounds").waitFor();
  return view;
}

export function rowsAsked({ requests }: FakeApi) {
  return requests.filter(({ path }) => path.includes("/predict")).map(({ body }) => JSON.parse(body));
}
