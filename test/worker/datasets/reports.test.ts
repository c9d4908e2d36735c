// The data report of a dataset: kept whole, answered by Accept, and open to nobody who may not read the dataset.
import { beforeEach, describe, expect, it } from "vitest";
import { diamonds, register } from "../models/bundles.ts";
import { resetStorage, Service } from "../service.ts";
import { page, report } from "./small-report.ts";

const path = "/v1/diamonds/report";
let service: Service;
beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, diamonds);
});

const put = (body: unknown, token = "admin") => service.fetch(path, { method: "PUT", json: body, token });
const get = (accept: string, headers: Record<string, string> = {}) =>
  service.fetch(path, { headers: { accept, ...headers } });

describe("a published report", () => {
  it("is answered as JSON or as a page, by what the reader takes", async () => {
    expect((await put({ report, page })).status).toBe(200);
    const asJson = await get("application/json");
    expect(asJson.headers.get("content-type")).toBe("application/json");
    expect(await asJson.json()).toEqual(report);
    const asPage = await get("text/html,application/xhtml+xml,*/*;q=0.8");
    expect(asPage.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(asPage.headers.get("content-security-policy")).toMatch(/^sandbox;.*default-src 'none'/);
    expect(await asPage.text()).toBe(page);
    expect((await get("image/png")).status).toBe(406);
  });

  it("is not sent again to who has it, until another takes its place", async () => {
    await put({ report, page });
    const etag = (await get("text/html")).headers.get("etag") ?? "";
    expect((await get("application/json")).headers.get("etag")).not.toBe(etag);
    expect((await get("text/html", { "if-none-match": etag })).status).toBe(304);
    await put({ report, page: `${page}!` });
    const next = await get("text/html", { "if-none-match": etag });
    expect([next.status, await next.text()]).toEqual([200, `${page}!`]);
  });

  it("may be read with the dataset, and replaced only with the scope for models", async () => {
    await put({ report, page });
    service.env = { ...service.env, PUBLIC_DATASETS: "" };
    expect((await get("text/html")).status).toBe(401);
    expect((await service.fetch(path, { token: "admin" })).status).toBe(200);
    expect((await service.fetch(path, { method: "PUT", json: { report, page } })).status).toBe(401);
  });
});

describe("what is refused", () => {
  it("a dataset without a report", async () => {
    expect((await get("text/html")).status).toBe(404);
  });

  it("another version, a field too many, with a pointer, and keeps nothing", async () => {
    const wrong = await put({ report: { ...report, version: 2 }, page });
    expect(wrong.status).toBe(422);
    expect((await wrong.json<{ errors: { pointer: string }[] }>()).errors[0].pointer).toBe("/report/version");
    expect((await put({ report, page, more: 1 })).status).toBe(422);
    expect((await get("text/html")).status).toBe(404);
  });
});
