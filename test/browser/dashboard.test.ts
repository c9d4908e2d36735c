/// <reference lib="dom" />
// The dashboard: what each section shows of its data, what is sent for a move, and what is said when something is refused.
import type { Browser, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import {
  champion,
  dataset,
  jobOf,
  prediction,
  refuse,
  refuseScope,
  rival,
  tokenOf,
} from "./dashboard-api.ts";
import { type Dashboard, type Own, openDashboard, signIn, trySignIn } from "./dashboard-page.ts";
import { type FakeApi, startFakeApi } from "./fake-api.ts";
import { gems } from "./gems-spec.ts";
import { foreignTo } from "./open-page.ts";
import { ensurePagesBuilt } from "./page-build.ts";

let browser: Browser;
let api: FakeApi;

beforeAll(async () => {
  await ensurePagesBuilt();
  browser = await launchChromium();
  api = await startFakeApi({ spec: gems });
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser?.close();
  await api?.close();
});

const opened = (view: string, own?: Own) => openDashboard(browser, api.origin, view, { own });

async function signedIn(view: string, own?: Own): Promise<Dashboard> {
  const one = await opened(view, own);
  await signIn(one.page);
  return one;
}

const text = (page: Page, locator: string) => page.locator(locator).innerText();

describe("signing in", () => {
  it("keeps the token in the tab alone, sends it, and forgets it on signing out", async () => {
    const view = await signedIn("ledger");
    const { page, asked, urls } = view;
    await page.locator(".moves li").first().waitFor();
    const history = asked.filter(({ call }) => call.endsWith("/history")).at(-1);
    expect(history?.headers.authorization).toBe("Bearer first");
    const kept = await page.evaluate(() => [
      Object.values(sessionStorage).join(),
      Object.keys(localStorage).join() + document.cookie,
    ]);
    expect(kept[0]).toContain("rt_first");
    expect(kept[1]).toBe("");
    expect(urls.filter((url) => url.includes("first") || url.includes("password"))).toEqual([]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("Not signed in").waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await expect.poll(() => asked.some(({ call }) => call === "POST /v1/oauth/revoke")).toBe(true);
    await page.getByText("It needs the scope models:read").waitFor();
  });

  it("says what the server says of a wrong password, and stays open", async () => {
    const view = await opened("models");
    await trySignIn(view.page, "wrong");
    await view.page.getByText("the name or the password is wrong").waitFor();
    expect(await view.page.getByRole("dialog").isVisible()).toBe(true);
    await view.page.keyboard.press("Escape");
    await expect.poll(() => view.page.getByRole("dialog").count()).toBe(0);
  });

  it("takes a pasted key that the server knows, and no other", async () => {
    const known = "apk_0123456789abcdef_secret";
    const view = await opened("models", {
      "GET /v1/datasets": (route: Route) => {
        const { authorization } = route.request().headers();
        if (authorization && authorization !== `Bearer ${known}`)
          return refuse(route, 401, "the key is not valid");
        return route.fulfill({
          json: { items: [{ name: dataset, title: gems.title, public: true }], next: null },
        });
      },
    });
    const { page } = view;
    await page.getByRole("button", { name: "Sign in" }).first().click();
    await page.getByRole("radio", { name: "Token or key" }).check({ force: true });
    const give = async (token: string) => {
      await page.getByLabel("Token or API key").fill(token);
      await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
    };
    await give("apk_nobody");
    await page.getByText("the key is not valid").waitFor();
    await give(known);
    await page.getByText("Signed in as apk_0123456789abcdef").waitFor();
  });

  it("renews a token that the server no longer takes, once for all, and asks again", async () => {
    const view = await signedIn("ledger", {
      "GET /v1/jobs": (route: Route) =>
        route.request().headers().authorization === "Bearer renewed"
          ? route.fulfill({ json: { items: [jobOf("succeeded")], next: null } })
          : refuse(route, 401, "the token has expired"),
    });
    await view.page.goto(`${api.origin}/dashboard/#/${dataset}/jobs`);
    await view.page.getByRole("link", { name: /^Training of/ }).waitFor();
    const renewals = view.asked.filter(({ body }) => body?.includes("grant_type=refresh_token"));
    expect(renewals.map(({ body }) => body)).toEqual(["grant_type=refresh_token&refresh_token=rt_first"]);
    expect(await text(view.page, ".who")).toContain("ada");
  });

  it("says that the session has ended where it cannot be renewed", async () => {
    let isOver = false;
    const view = await signedIn("ledger", {
      "GET /v1/jobs": (route: Route) => refuse(route, 401, "the token has expired"),
      "POST /v1/oauth/token": (route: Route) => {
        if (isOver) return refuse(route, 400, "the refresh token is not valid");
        isOver = true;
        return route.fulfill({ json: tokenOf("first") });
      },
    });
    await view.page.goto(`${api.origin}/dashboard/#/${dataset}/jobs`);
    await view.page.getByText("Your session has ended").waitFor();
    expect(await view.page.evaluate(() => sessionStorage.length)).toBe(0);
  });
});

describe("without signing in", () => {
  it("shows what is public: champion, errors, intervals, history; and names the scope of what is not", async () => {
    const { page, faults, urls, asked } = await opened("models");
    await page.locator("dash-live .card").first().waitFor();
    const live = await text(page, "dash-live");
    for (const shown of ["champion", "challenger", champion, "€288", "90.8%", "90% nominal"])
      expect(live).toContain(shown);
    await page.locator("dash-history svg").waitFor();
    expect(await page.locator("dash-history tbody tr").count()).toBe(3);
    expect(await page.locator(`a[href="/v1/${dataset}/models/${rival}/card"]`).count()).toBe(1);
    await page.getByRole("link", { name: "Requests" }).click();
    await page.getByText("Sign in to see this. It needs the scope models:read.").waitFor();
    expect(asked.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    expect(faults).toEqual([]);
    expect(foreignTo(api.origin, urls)).toEqual([]);
  });

  it("sorts the history by any column, and says so", async () => {
    const { page } = await opened("models");
    const errors = () => page.locator("dash-history tbody tr td:nth-of-type(2)").allInnerTexts();
    await page.locator("dash-history tbody tr").first().waitFor();
    const header = page.getByRole("columnheader", { name: "Held-out MAE" });
    await header.getByRole("button").click();
    expect(await errors()).toEqual(["€260", "€288", "€2,797"]);
    expect(await header.getAttribute("aria-sort")).toBe("ascending");
    await header.getByRole("button").click();
    expect(await errors()).toEqual(["€2,797", "€288", "€260"]);
  });
});

describe("the ledger", () => {
  const alias = `/v1/${dataset}/aliases/champion`;

  it("promotes with a reason on condition that nobody was faster", async () => {
    const { page, asked } = await signedIn("ledger", {
      [`PUT ${alias}`]: { alias: "champion", model: rival, revision: 4, updatedAt: new Date().toISOString() },
    });
    await page.getByText("surely better").waitFor();
    expect(await text(page, ".moves")).toContain("MAE €260 against €288 on 900 held-out rows");
    await page.getByRole("button", { name: "Promote a model" }).click();
    await page.getByRole("combobox", { name: "Model" }).selectOption(rival);
    await page.getByLabel("Reason (kept in the ledger)").fill("  better on small stones ");
    await page.getByRole("button", { name: "Promote", exact: true }).click();
    await page.getByText(`champion now points to ${rival}`).waitFor();
    const put = asked.find(({ call }) => call === `PUT ${alias}`);
    expect(put?.headers["if-match"]).toBe('"3"');
    expect(JSON.parse(put?.body ?? "")).toEqual({ model: rival, reason: "better on small stones" });
  });

  it("goes back to a revision, and says plainly where somebody else was faster", async () => {
    const { page, asked } = await signedIn("ledger", {
      [`POST ${alias}/rollback`]: (route: Route) =>
        refuse(route, 412, 'champion is not where the condition says: it points to x (ETag "4")'),
    });
    await page.getByRole("button", { name: `Roll back to this: revision 2, ${rival}` }).click();
    await page.getByLabel("Reason (kept in the ledger)").fill("as it was");
    await page.getByRole("button", { name: "Roll back", exact: true }).click();
    await page.getByText("Nothing was changed, because someone else changed it first").waitFor();
    const post = asked.find(({ call }) => call === `POST ${alias}/rollback`);
    expect(post?.headers["if-match"]).toBe('"3"');
    expect(JSON.parse(post?.body ?? "")).toEqual({ reason: "as it was", to: 2 });
  });

  it("asks for a reason before anything is sent, and names the scope that is missing", async () => {
    const { page, asked } = await signedIn("ledger", {
      [`POST ${alias}/rollback`]: (route: Route) => refuseScope(route, 403, "models:promote"),
    });
    await page.getByRole("button", { name: "Roll back…" }).click();
    await page.getByLabel("Reason (kept in the ledger)").fill("   ");
    await page.getByRole("button", { name: "Roll back", exact: true }).click();
    await page.getByText("Enter a reason").waitFor();
    expect(asked.some(({ call }) => call.endsWith("/rollback"))).toBe(false);
    await page.getByLabel("Reason (kept in the ledger)").fill("why");
    await page.getByRole("button", { name: "Roll back", exact: true }).click();
    await page.getByText("This needs the scope models:promote").waitFor();
  });
});

describe("jobs", () => {
  const events = (...list: [string, unknown][]) =>
    list
      .map(([type, data], at) => `id: ${at + 1}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
      .join("");

  it("starts a training, follows it by its events over two streams, and shows the result", async () => {
    let streams = 0;
    const seen: (string | undefined)[] = [];
    const { page, asked } = await signedIn("jobs", {
      [`POST /v1/${dataset}/train`]: (route: Route) =>
        route.fulfill({ status: 202, json: jobOf("queued", "job-2") }),
      "GET /v1/jobs/job-2": (route: Route) =>
        route.fulfill({ json: jobOf(streams < 2 ? "running" : "succeeded", "job-2") }),
      "GET /v1/jobs/job-2/events": (route: Route) => {
        streams++;
        seen.push(route.request().headers()["last-event-id"]);
        const body =
          streams === 1
            ? events(
                ["state", { state: "running" }],
                ["progress", { label: "boosting, fold 2", done: 2, total: 5 }],
                ["log", { line: "reading rows" }],
              )
            : `: still here\n\nid: 9\nevent: state\ndata: {"state":"succeeded"}\n\n`;
        return route.fulfill({ body, contentType: "text/event-stream" });
      },
    });
    await page.getByText("Start a training").click();
    await page.getByLabel("boosting").check();
    await page.getByRole("button", { name: "Train on the current items" }).click();
    await page.getByText("boosting, fold 2").waitFor();
    expect(await page.locator("progress").getAttribute("value")).toBe("2");
    await page.getByText("reading rows").waitFor();
    await page.locator("dash-job .state.succeeded").waitFor();
    await page.locator("dash-job summary").click();
    expect(await text(page, "dash-job details")).toContain(rival);
    const train = asked.find(({ call }) => call.endsWith("/train"));
    expect(JSON.parse(train?.body ?? "")).toEqual({ families: ["boosting"], promote: "auto" });
    expect(train?.headers["idempotency-key"]).toMatch(/^[\da-f-]{36}$/);
    expect(seen).toEqual([undefined, "3"]);
  });
});

describe("requests, quality and health", () => {
  it("draws the log, opens a request, and replays it to the last digit", async () => {
    const calls: string[] = [];
    const { page, faults } = await signedIn("requests/q-0", {
      [`POST /v1/${dataset}/predict`]: (route: Route) => {
        calls.push(route.request().url());
        const drift = calls.length === 1 ? 0 : 1e-9;
        return route.fulfill({ json: { ...prediction, prediction: prediction.prediction + drift } });
      },
    });
    await page.locator("dash-requests .pair svg").nth(1).waitFor();
    expect(await text(page, "dash-requests .figures")).toMatch(
      /answered\s*27\s*■ refused\s*3\s*▲ failed\s*0/,
    );
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByText(`Identical to the last digit: ${prediction.prediction}`).waitFor();
    expect(calls[0]).toContain(`model=${champion}&coverage=0.9`);
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByText("Different: the price was").waitFor();
    expect(faults).toEqual([]);
  });

  it("draws true against predicted prices and what has drifted, and says what that rests on", async () => {
    const { page } = await signedIn("quality");
    await page.locator("dash-outcomes svg").nth(1).waitFor();
    expect(await text(page, "dash-outcomes .figures")).toContain("€88");
    await page.locator("dash-drift svg").nth(2).waitFor();
    const drift = await text(page, "dash-drift");
    expect(drift).toContain("27 logged predictions");
    expect(drift).toContain("20 held-out rows");
    expect(drift).toMatch(/\d+ of 27 outside the training range 0.2 to 2 ct/);
  });

  it("compares, with the gate's interval and the levels, and shows the shadow", async () => {
    const { page } = await signedIn("compare");
    await page.getByText("significantly better").waitFor();
    expect(await text(page, "dash-compare")).toMatch(/grade: A[\s\S]*€310[\s\S]*€250/);
    await page.locator("dash-shadow svg").waitFor();
    expect(await text(page, "dash-shadow")).toContain("not-loaded: 1");
  });

  it("says what is ready and lost, and writes dead letters", async () => {
    const { page, asked } = await signedIn("health");
    await page.getByText("every public dataset can be priced").waitFor();
    expect(await text(page, "dash-health .figures")).toMatch(/log entries lost\s*2/);
    await page.getByRole("button", { name: "Write pending entries" }).click();
    await page.getByText("3 entries written.").waitFor();
    expect(asked.filter(({ call }) => call === "POST /v1/requests/replay")).toHaveLength(1);
  });

  it("says it in plain words when the server fails, and tries again", async () => {
    let failed = false;
    const { page } = await signedIn("compare", {
      [`GET /v1/${dataset}/shadow`]: (route: Route) => {
        if (failed || !route.request().headers().authorization)
          return route.fulfill({
            json: {
              champion,
              challenger: rival,
              count: 0,
              faults: {},
              from: null,
              to: null,
              differences: null,
              worst: [],
            },
          });
        failed = true;
        return refuse(route, 503, "the storage does not answer");
      },
    });
    await page.getByText("The server has a problem: The storage does not answer.").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("No request has been priced by both models yet").waitFor();
  });
});
