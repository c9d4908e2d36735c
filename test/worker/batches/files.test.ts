// Files: kept as they were put, each caller's in a folder of their own, all or nothing.
import { beforeEach, describe, expect, it } from "vitest";
import type { StoredFile } from "#core/api/jobs.ts";
import { limits } from "../../../worker/http/limits.ts";
import { broken, env, resetStorage, Service } from "../service.ts";
import { fileCalls } from "./file-calls.ts";

let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
});

const { put, get } = fileCalls(() => service);

describe("files", () => {
  it("come back as they were put, with their ETag, and are listed", async () => {
    const kept = await put("a.csv", "length,hull\n1,wood\n");
    expect(kept.status).toBe(200);
    const file = await kept.json<StoredFile>();
    expect(file).toMatchObject({ name: "a.csv", bytes: 19, job: null, model: null });
    const answer = await get("a.csv");
    expect(await answer.text()).toBe("length,hull\n1,wood\n");
    expect(answer.headers.get("etag")).toBe(file.etag);
    expect(answer.headers.get("content-type")).toBe("text/csv");
    expect((await get("a.csv", { "if-none-match": file.etag })).status).toBe(304);
    expect((await get("a.csv", { "if-match": '"other"' })).status).toBe(412);
    expect((await put("a.csv", "x", { "if-none-match": "*" })).status).toBe(412);
    expect((await put("a.csv", "x", { "if-match": '"other"' })).status).toBe(412);
    expect((await put("a.csv", "length\n", { "if-match": file.etag })).status).toBe(200);
    await put("b.ndjson", "{}");
    const page = await (await service.fetch("/v1/files?limit=1", { token: "admin" })).json<{
      items: StoredFile[];
      next: string;
    }>();
    expect(page.items.map(({ name }) => name)).toEqual(["a.csv"]);
    const rest = await service.fetch(`/v1/files?cursor=${encodeURIComponent(page.next)}`, { token: "admin" });
    expect(await rest.json()).toMatchObject({ items: [{ name: "b.ndjson" }], next: null });
  });

  it.each(["..%2F..%2Fmodels%2Fx", "..%2e", "a%2Fb", ".hidden", "a%00", "x".repeat(201), "a%20b", "-x", "é"])(
    "refuse the name %s",
    async (name) => {
      expect((await put(name, "{}")).status).toBe(422);
      expect((await get(name)).status).toBe(422);
      expect((await env.BUCKET.list({ prefix: "files/" })).objects).toEqual([]);
    },
  );

  it("refuse what is empty, too large, of another type, or not as long as it says", async () => {
    const sizes = { "content-length": String(limits.fileBytes + 1) };
    expect((await put("a.csv", "x", sizes)).status).toBe(413);
    expect((await put("a.csv", "x", { "content-length": "0" })).status).toBe(422);
    expect((await put("a.csv", "x", { "content-length": "many" })).status).toBe(400);
    expect((await put("a.csv", "x", { "content-type": "text/html" })).status).toBe(415);
    expect((await put("a.csv", "x", { "content-encoding": "gzip" })).status).toBe(415);
    await put("a.csv", "before");
    for (const length of ["3", "30"])
      expect((await put("a.csv", "after!", { "content-length": length })).status).toBe(400);
    expect(await (await get("a.csv")).text()).toBe("before");
    expect((await get("nosuch.csv")).status).toBe(404);
  });

  it("answer 503 where R2 does not", async () => {
    service.env = { ...service.env, BUCKET: broken("no R2") };
    for (const answer of [
      await get("a.csv"),
      await put("a.csv", "x"),
      await service.fetch("/v1/files", { token: "admin" }),
    ])
      expect(answer.status).toBe(503);
  });
});
