// The client against a service that is played by fetch: keys, and failures in words.
import { afterEach, describe, expect, it, vi } from "vitest";
import { createClient } from "../../web/engines/client.ts";

interface Asked {
  readonly url: string;
  readonly authorization: string | null;
}

/** fetch that answers by `answer`; what was asked is noted. */
function playService(answer: (asked: Asked) => Response | Error): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const one = { url, authorization: new Headers(init.headers).get("authorization") };
    asked.push(one);
    const given = answer(one);
    if (given instanceof Error) throw given;
    return given;
  });
  return asked;
}

const problem = (status: number, detail: string) => Response.json({ detail }, { status });
afterEach(() => vi.unstubAllGlobals());

describe("a key", () => {
  it("is sent with every request, a model's files included", async () => {
    const asked = playService(() => new Response("{}"));
    const client = createClient("https://x.example/", "pk_1");
    await client.bytes("/v1/d/models/m/model.onnx");
    await client.json("/v1/d/predict", { body: {} });
    expect(asked.map(({ url, authorization }) => `${authorization} ${url}`)).toEqual([
      "Bearer pk_1 https://x.example/v1/d/models/m/model.onnx",
      "Bearer pk_1 https://x.example/v1/d/predict",
    ]);
  });

  it("that is refused is told in the service's words, after one request", async () => {
    const asked = playService(() => problem(403, "not on this page"));
    const refused = createClient("https://x.example", "pk_1").bytes("/v1/d/models/m/model.onnx");
    const words = { kind: "refused", status: 403, message: "not on this page" };
    await expect(refused).rejects.toMatchObject(words);
    expect(asked).toHaveLength(1);
  });
});

describe("a failure", () => {
  it.each([
    [400, "row"],
    [401, "refused"],
    [403, "refused"],
    [404, "missing"],
    [422, "row"],
    [429, "service"],
    [503, "service"],
  ])("of status %d is about: %s", async (status, kind) => {
    playService(() => problem(status, "said"));
    await expect(createClient("https://x.example").json("/v1/d")).rejects.toMatchObject({
      ...{ kind, status, message: "said" },
    });
  });

  it("is the network's where there is no answer, the service's where it is not JSON", async () => {
    playService(() => new TypeError("failed to fetch"));
    await expect(createClient("https://x.example").json("/v1/d")).rejects.toMatchObject({ kind: "network" });
    playService(() => new Response("<html>"));
    await expect(createClient("https://x.example").json("/v1/d")).rejects.toMatchObject({ kind: "service" });
  });

  it("of a page that has moved on is the page's own, not told as a failure", async () => {
    const gone = new AbortController();
    gone.abort();
    playService(() => new DOMException("aborted", "AbortError"));
    await expect(
      createClient("https://x.example").json("/v1/d", { signal: gone.signal }),
    ).rejects.toMatchObject({ name: "AbortError" });
  });
});
