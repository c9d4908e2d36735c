// The client against a service that is played by fetch: keys, failures in words, and who gets a model's files.
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

describe("a model's files", () => {
  it("are asked for without the key where the key may not have them, and the dataset is public", async () => {
    const asked = playService(({ authorization }) =>
      authorization ? problem(403, "nothing else") : new Response(new Uint8Array([1, 2])),
    );
    expect(await createClient("https://x.example/", "pk_1").bytes("/v1/d/models/m/model.onnx")).toEqual(
      new Uint8Array([1, 2]),
    );
    expect(asked.map(({ authorization }) => authorization)).toEqual(["Bearer pk_1", null]);
    expect(asked[0].url).toBe("https://x.example/v1/d/models/m/model.onnx");
  });

  it("are refused in the words the key was told where nobody may have them", async () => {
    playService(({ authorization }) =>
      problem(authorization ? 403 : 401, authorization ? "nothing else" : "no"),
    );
    const refused = createClient("https://x.example", "pk_1").bytes("/v1/d/models/m/model.onnx");
    await expect(refused).rejects.toMatchObject({ kind: "refused", status: 403, message: "nothing else" });
  });

  it("and nothing but files is asked for twice", async () => {
    const asked = playService(() => problem(403, "no"));
    const client = createClient("https://x.example", "pk_1");
    await expect(client.json("/v1/d/predict", { body: {} })).rejects.toMatchObject({ kind: "refused" });
    expect(asked).toHaveLength(1);
    await expect(createClient("https://x.example").bytes("/file")).rejects.toMatchObject({ kind: "refused" });
    expect(asked).toHaveLength(2);
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
