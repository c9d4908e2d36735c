/// <reference lib="dom" />
// What a page may say to the widget and hear from it: attributes, calls, events, and its own form.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AppraiseElement } from "../../web/widget/element.ts";
import { launchChromium } from "./chromium.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { openPage } from "./open-page.ts";
import { ensurePagesBuilt } from "./page-build.ts";
import { shop } from "./shop-page.ts";

let browser: Browser;
let api: FakeApi;

beforeAll(async () => {
  await ensurePagesBuilt();
  browser = await launchChromium();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  const form = [
    '<form id="order" method="get" action="/sent">',
    '<button>Order</button><input type="reset"></form>',
  ];
  const pages = {
    "/shop": shop(),
    "/keyed": shop(`key="pk_test"`),
    "/react": shop(`api-key="pk_other"`),
    "/narrow": shop(`coverage="0.5"`),
    "/odd": shop(`coverage="7" engine="steam" size="huge" theme="pink" similar="-1" locale="not a locale"`),
    "/order": shop(`name="offer" required`, "", form),
    "/nameless": shop(`required`, "", form),
    "/blank": `<!doctype html><html lang="en"><title>Blank</title><script type="module" src="/widget.js"></script><main></main>`,
    "/sent": "<!doctype html><title>Sent</title>",
  };
  // The page's own form may be sent: only the policy of our own pages forbids it.
  const headers = {
    "/order": { "content-security-policy": "" },
    "/nameless": { "content-security-policy": "" },
  };
  api = await startFakeApi({ spec: gems, pages, headers });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await api.close();
});

async function opened(path: string) {
  const view = await openPage(browser, `${api.origin}${path}`);
  await view.widget.locator(".bounds").waitFor();
  return view;
}

describe("attributes", () => {
  it("reflect their properties, both ways", async () => {
    const { widget } = await opened("/shop");
    const reflected = await widget.evaluate(async (element) => {
      const widget = element as AppraiseElement;
      const values = {
        url: location.origin,
        key: "pk_1",
        apiKey: "pk_2",
        engine: "browser",
        runtime: "onnxruntime",
        theme: "dark",
        size: "wide",
        locale: "it",
        name: "offer",
        coverage: "0.8",
        similar: "2",
      };
      const faults: string[] = [];
      for (const [name, value] of Object.entries(values)) {
        const attribute = name === "apiKey" ? "api-key" : name;
        Object.assign(widget, { [name]: value });
        await widget.updateComplete;
        if (widget.getAttribute(attribute) !== value) faults.push(`property ${name}`);
        widget.removeAttribute(attribute);
        widget.setAttribute(attribute, value);
        if (widget[name as keyof AppraiseElement] !== value) faults.push(`attribute ${name}`);
      }
      widget.required = true;
      await widget.updateComplete;
      if (!widget.hasAttribute("required")) faults.push("required");
      return faults;
    });
    expect(reflected).toEqual([]);
  });

  it("send the key as a bearer token, under either name", async () => {
    await opened("/keyed");
    const tokens = () => new Set(api.requests.map(({ authorization }) => authorization));
    expect(tokens()).toEqual(new Set(["Bearer pk_test"]));
    api.requests.length = 0;
    await opened("/react");
    expect(tokens()).toEqual(new Set(["Bearer pk_other"]));
  });

  it("show what the service says of a key that is not for this page", async () => {
    api.status = 403;
    api.detail = "This key is for https://shop.example, not for this page.";
    const { widget } = await openPage(browser, `${api.origin}/keyed`);
    await widget.getByText("This key is for https://shop.example, not for this page.").first().waitFor();
  });

  it("ask for another coverage, which narrows the range", async () => {
    const wide = await (await opened("/shop")).widget.locator(".range").innerText();
    const { widget } = await opened("/narrow");
    expect(await widget.locator(".range").innerText()).toContain("50% of prices");
    expect(wide).toContain("90% of prices");
    expect(api.requests.some(({ path }) => path.includes("predict?coverage=0.5"))).toBe(true);
  });

  it("that mean nothing mean the default", async () => {
    const { widget, faults } = await opened("/odd");
    expect(await widget.locator(".range").innerText()).toContain("90% of prices");
    expect(await widget.locator(".status").innerText()).toContain("by the service");
    expect(await widget.locator(".tag.normal").count()).toBe(1);
    expect(faults).toEqual([]);
  });
});

describe("calls", () => {
  it("set, read and reset the row, also before the form stands", async () => {
    const { widget, page } = await opened("/shop");
    const start = await widget.evaluate((element) => (element as AppraiseElement).getRow());
    expect(start).toEqual({ weight: 1.2, grade: "A", origin: "Mine 1" });
    await widget.evaluate((element) =>
      (element as AppraiseElement).setRow({ weight: 2, grade: "B", origin: "Mine 3" }),
    );
    await expect.poll(() => widget.locator("#weight-entry").inputValue()).toBe("2");
    await widget.evaluate((element) => (element as AppraiseElement).reset());
    await expect.poll(() => widget.locator("#weight-entry").inputValue()).toBe("1.2");
    const early = await page.evaluate(async () => {
      const fresh = document.createElement("appraise-widget");
      fresh.setAttribute("dataset", "gems");
      fresh.setRow({ weight: 3, grade: "C", origin: "Mine 2" });
      const priced = new Promise((resume) => fresh.addEventListener("appraise:price", resume));
      document.body.append(fresh);
      await priced;
      return fresh.getRow();
    });
    expect(early).toEqual({ weight: 3, grade: "C", origin: "Mine 2" });
  });

  it("render a widget from options, with listeners, and refuse what they do not know", async () => {
    const { page } = await openPage(browser, `${api.origin}/blank`);
    await page.waitForFunction(() => "appraise" in window);
    const heard = await page.evaluate(
      () =>
        new Promise((resume) => {
          window.appraise!.render("main", {
            dataset: "gems",
            size: "compact",
            required: true,
            row: { weight: 2, grade: "B", origin: "Mine 4" },
            onPrice: ({ row, unit }) => resume({ row, unit }),
          });
        }),
    );
    expect(heard).toEqual({ row: { weight: 2, grade: "B", origin: "Mine 4" }, unit: "EUR" });
    expect(await page.locator("main > appraise-widget[size=compact][required]").count()).toBe(1);
    const refusals = await page.evaluate(() =>
      [
        () => window.appraise!.render("main", { dataset: "gems", colour: "red" } as never),
        () => window.appraise!.render("#nowhere", { dataset: "gems" }),
      ].map((call) => {
        try {
          call();
          return "";
        } catch (error) {
          return `${(error as Error).name}: ${(error as Error).message}`;
        }
      }),
    );
    expect(refusals[0]).toMatch(/^TypeError: .*unknown option "colour"; expected one of dataset, url, key/);
    expect(refusals[1]).toMatch(/^TypeError: .*got #nowhere/);
    expect(await page.locator("appraise-widget").count()).toBe(1);
  });

  it("can be imported from widget.js and from the versioned file, which is one module", async () => {
    const { page } = await openPage(browser, `${api.origin}/blank`);
    // As text: the test runner would rewrite import() in a function.
    const same = await page.evaluate(`(async () => {
      const { path } = await (await fetch("/widget.json")).json();
      const [newest, versioned] = await Promise.all([import("/widget.js"), import(path)]);
      return newest.appraise === versioned.appraise && newest.appraise === window.appraise;
    })()`);
    expect(same).toBe(true);
  });
});

describe("in the page's form", () => {
  it("submits the price, its unit, its model and the row under its name", async () => {
    const { page, widget } = await opened("/order");
    const { prediction } = await widget.evaluate((element) => (element as AppraiseElement).price());
    await page.getByRole("button", { name: "Order" }).click();
    await page.waitForURL("**/sent*");
    const sent = Object.fromEntries(new URL(page.url()).searchParams);
    expect(sent).toEqual({
      offer: String(prediction),
      "offer-unit": "EUR",
      "offer-model": "linear-0123456789ab",
      "offer-row": JSON.stringify({ weight: 1.2, grade: "A", origin: "Mine 1" }),
    });
  });

  it("holds the form up while a field is wrong or a needed price is missing, without a bubble", async () => {
    const { page, widget } = await opened("/order");
    await widget.locator("#weight-entry").fill("-1");
    await widget.locator(".fault").waitFor();
    await page.getByRole("button", { name: "Order" }).click();
    expect(page.url()).toMatch(/\/order$/);
    expect(
      await widget.evaluate((element) => element.shadowRoot!.activeElement?.id),
      "the focus is on what is wrong",
    ).toBe("weight-entry");
    api.status = 500;
    await widget.locator("#weight-entry").fill("2");
    await widget.locator(".notice .retry").first().waitFor();
    const validity = await widget.evaluate((element) => {
      const { valueMissing, customError } = (element as AppraiseElement).validity;
      return { valueMissing, customError, form: (element as AppraiseElement).form?.id };
    });
    expect(validity).toEqual({ valueMissing: true, customError: false, form: "order" });
  });

  it("without a name submits nothing and holds nothing up", async () => {
    api.status = 500;
    const { page } = await openPage(browser, `${api.origin}/nameless`);
    await page.getByText("has a problem").first().waitFor();
    await page.getByRole("button", { name: "Order" }).click();
    await page.waitForURL("**/sent*");
    expect([...new URL(page.url()).searchParams]).toEqual([]);
  });

  it("follows the form's reset and a fieldset that is switched off", async () => {
    const { page, widget } = await opened("/order");
    await widget.locator("#weight-entry").fill("2");
    await page.locator("input[type=reset]").click();
    await expect.poll(() => widget.locator("#weight-entry").inputValue()).toBe("1.2");
    await widget.evaluate((element) => element.setAttribute("disabled", ""));
    await expect.poll(() => widget.locator("#weight-entry").isDisabled()).toBe(true);
    expect(await widget.getByRole("switch").isDisabled()).toBe(true);
  });
});
