// The road of a model into the Worker: what is refused, what a death half-way leaves, what doing it twice does.
import { beforeEach, describe, expect, it } from "vitest";
import type { Manifest } from "#core/bundle/manifest.ts";
import { env, resetStorage, Service } from "../service.ts";
import {
  type BundleOptions,
  boats,
  diamonds,
  makeBundle,
  point,
  publish,
  register,
  setUp,
} from "./bundles.ts";

const models = "/v1/diamonds/models";
let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, diamonds);
});

interface Listed {
  readonly items: readonly { id: string; aliases: string[] }[];
  readonly next: string | null;
}

const list = async (query = "") => (await service.fetch(models + query)).json<Listed>();

/** The binding, except that the n-th call of `method` (counted from 1) fails. */
function failingAt<T extends object>(binding: T, method: string, n: number): T {
  let calls = 0;
  return new Proxy(binding, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        if (name === method && ++calls === n) throw new Error(`died in ${method}`);
        return member.apply(target, given);
      };
    },
  });
}

describe("publishing", () => {
  it("answers the record, lists it and serves every file", async () => {
    const bundle = await makeBundle(diamonds);
    const answer = await publish(service, diamonds, bundle);
    expect(answer.status).toBe(201);
    const { manifest } = bundle;
    const record = await answer.json<object>();
    expect(record).toMatchObject({
      id: manifest.id,
      family: "linear",
      params: { slope: 4000 },
      specHash: manifest.specHash,
      dataSha256: manifest.data.sha256,
      seed: 42,
      code: "test",
      metrics: { heldOut: manifest.metrics.heldOut, crossValidated: null },
      trainedAt: manifest.trainedAt,
      aliases: [],
    });
    expect((await list()).items).toEqual([record]);
    const read = await service.fetch(`${models}/${manifest.id}`);
    expect(await read.json()).toEqual(manifest);
  });

  it("serves files for a year, by strong ETag", async () => {
    const { manifest } = await setUp(service, diamonds);
    const files = { "/model.onnx": 0, "/explain.json": 1, "/card": 2 };
    for (const [path, at] of Object.entries(files)) {
      const url = `${models}/${manifest.id}${path}`;
      const answer = await service.fetch(url);
      const bytes = await answer.arrayBuffer();
      expect(bytes.byteLength).toBe(manifest.files[at].bytes);
      expect(answer.headers.get("etag")).toBe(`"${manifest.files[at].sha256}"`);
      expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      const etag = answer.headers.get("etag") ?? "";
      for (const known of [etag, `"x", W/${etag}`, "*"]) {
        const again = await service.fetch(url, { headers: { "if-none-match": known } });
        expect(again.status).toBe(304);
        expect(again.headers.get("etag")).toBe(etag);
        expect(again.body).toBeNull();
      }
      expect((await service.fetch(url, { headers: { "if-none-match": '"x"' } })).status).toBe(200);
    }
    const card = await service.fetch(`${models}/${manifest.id}/card`);
    expect(card.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(card.headers.get("content-security-policy")).toContain("sandbox");
  });

  it("answers 200 with the same record the second time, even when the model was fitted anew", async () => {
    const first = await (await publish(service, diamonds, await makeBundle(diamonds))).json();
    const later = await makeBundle(diamonds, { trainedAt: "2026-05-05T05:05:05.000Z" });
    const second = await publish(service, diamonds, later);
    expect(second.status).toBe(200);
    expect(await second.json()).toEqual(first);
    expect((await list()).items).toHaveLength(1);
  });

  it("publishes once when two publish at once", async () => {
    const bundle = await makeBundle(diamonds);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => publish(new Service(), diamonds, bundle)),
    );
    for (const answer of answers) expect([200, 201]).toContain(answer.status);
    expect((await list()).items).toHaveLength(1);
  });

  it("lists newest first, page by page", async () => {
    const ids: string[] = [];
    for (let slope = 1; slope <= 5; slope++) {
      const bundle = await makeBundle(diamonds, { slope });
      await publish(service, diamonds, bundle);
      ids.unshift(bundle.manifest.id);
    }
    await point(service, diamonds, ids[2]);
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const page: Listed = await list(`?limit=2${next ? `&cursor=${next}` : ""}`);
      seen.push(...page.items.map(({ id }) => id));
      expect(
        page.items.filter(({ aliases }) => aliases.includes("champion")).every(({ id }) => id === ids[2]),
      ).toBe(true);
      next = page.next;
    } while (next);
    expect([...seen].sort()).toEqual([...ids].sort());
    const times = await env.DB.prepare("select id from models order by published_at desc, id desc").all<{
      id: string;
    }>();
    expect(seen).toEqual(times.results.map(({ id }) => id));
  });
});

describe("a bundle that is not what it says", () => {
  const change = (edit: (manifest: Manifest) => void): BundleOptions => ({
    change: (manifest) => {
      edit(manifest);
      return manifest;
    },
  });
  const cases: [string, number, RegExp, BundleOptions][] = [
    ["another dataset", 422, /manifest.json\/dataset/, change((m) => Object.assign(m, { dataset: "boats" }))],
    ["another id", 422, /hash of model.onnx/, change((m) => Object.assign(m, { id: "linear-000000000000" }))],
    [
      "an id of another family",
      422,
      /hash of model.onnx/,
      change((m) => Object.assign(m, { family: "boosting" })),
    ],
    ["an id that is none", 422, /manifest.json\/id/, change((m) => Object.assign(m, { id: "../../etc" }))],
    ["another spec", 409, /specHash/, change((m) => Object.assign(m, { specHash: "0".repeat(64) }))],
    ["a wrong hash", 422, /SHA-256/, change((m) => Object.assign(m.files[1], { sha256: "0".repeat(64) }))],
    ["a wrong size", 422, /bytes/, change((m) => Object.assign(m.files[2], { bytes: 1 }))],
    [
      "a file that is not there",
      422,
      /card.html.*got nothing|does not list/s,
      change((m) => m.files.splice(2, 1)),
    ],
    [
      "a wrong price",
      422,
      /probes\/0\/prediction/,
      change((m) => Object.assign(m.probes[0], { prediction: 8001 })),
    ],
    [
      "a probe that is no row",
      422,
      /probes\/0\/row/,
      change((m) => Object.assign(m.probes[0].row, { cut: "Perfect" })),
    ],
    ["no probes", 422, /manifest.json\/probes/, change((m) => Object.assign(m, { probes: [] }))],
    ["another format", 422, /manifest.json\/format/, change((m) => Object.assign(m, { format: 1 }))],
    [
      "a difficulty that the graph does not give",
      422,
      /conformal\/normalised.*prediction.difficulty/,
      change((m) => Object.assign(m.conformal, { normalised: true })),
    ],
    ["no widths", 422, /conformal\/groups/, change((m) => Object.assign(m.conformal, { groups: {} }))],
    [
      "widths that shrink as coverage grows",
      422,
      /conformal\/groups/,
      change((m) => Object.assign(m.conformal.groups.required!, { widths: [10, 9, 11] })),
    ],
    [
      "coverages out of order",
      422,
      /conformal\/coverages/,
      change((m) => Object.assign(m.conformal, { coverages: [0.9, 0.5, 0.99] })),
    ],

    ["another dataset in the graph", 422, /metadata dataset/, { metadata: { dataset: "boats" } }],
    ["another spec in the graph", 422, /metadata spec_hash/, { metadata: { spec_hash: "1" } }],
    ["an input that is no feature", 422, /no features of diamonds/, { input: "length" }],
    ["a graph that is none", 422, /model.onnx/, { onnx: () => new Uint8Array([1, 2, 3, 4]) }],
    ["a graph cut short", 422, /model.onnx/, { onnx: (bytes) => bytes.slice(0, -9) }],
  ];

  it.each(cases)("is refused: %s", async (_, status, reason, options) => {
    const answer = await publish(service, diamonds, await makeBundle(diamonds, options));
    const text = await answer.text();
    expect(`${answer.status} ${text}`).toMatch(new RegExp(`^${status} `));
    expect(text).toMatch(reason);
    expect((await list()).items).toEqual([]);
    expect((await env.BUCKET.list()).objects).toEqual([]);
  });

  it("accepts a price within the agreement of runtimes", async () => {
    const close = change((m) => Object.assign(m.probes[0], { prediction: 8000 * (1 + 0.9e-4) }));
    expect((await publish(service, diamonds, await makeBundle(diamonds, close))).status).toBe(201);
  });

  it("by other code that arrives at the same bytes keeps the record and notes the code", async () => {
    const first = await makeBundle(diamonds);
    const record = await (await publish(service, diamonds, first)).json<object>();
    const later = await makeBundle(diamonds, {
      change: (manifest) => ({ ...manifest, environment: { ...manifest.environment, code: "newer" } }),
    });
    const answer = await publish(service, diamonds, later);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ ...record, code: "newer" });
    expect((await list()).items).toEqual([{ ...record, code: "newer" }]);
  });

  it("is refused: an unknown part, a part twice, no manifest, no multipart at all", async () => {
    const send = (body: BodyInit, headers = {}) =>
      service.fetch(models, { body, headers, method: "POST", token: "admin" });
    const unknown = (await makeBundle(diamonds)).form();
    unknown.append("notes.txt", new Blob(["x"]), "notes.txt");
    expect((await send(unknown)).status).toBe(422);
    const twice = (await makeBundle(diamonds)).form();
    twice.append("model.onnx", new Blob(["x"]), "model.onnx");
    expect((await send(twice)).status).toBe(422);
    const none = new FormData();
    none.append("model.onnx", new Blob(["x"]), "model.onnx");
    expect((await send(none)).status).toBe(422);
    expect((await send("{}", { "content-type": "application/json" })).status).toBe(415);
    expect((await send("--y", { "content-type": "multipart/form-data; boundary=x" })).status).toBe(400);
    expect((await send("x", { "content-type": "multipart/form-data" })).status).toBe(400);
  });
});

describe("a death half-way", () => {
  // Five objects, then one row: the publisher may die before each of them.
  it.each([1, 2, 3, 4, 5])("before object %i: nothing shows, and a new try succeeds", async (n) => {
    const bundle = await makeBundle(diamonds);
    const dying = new Service({ BUCKET: failingAt(env.BUCKET, "put", n) });
    const died = await publish(dying, diamonds, bundle);
    expect(died.status).toBe(503);
    expect((await list()).items).toEqual([]);
    expect((await service.fetch(`${models}/${bundle.manifest.id}`)).status).toBe(404);
    expect((await point(service, diamonds, bundle.manifest.id)).status).toBe(422);
    // The one who tries again fitted anew: same model, other manifest.
    const again = await makeBundle(diamonds, { trainedAt: "2026-07-07T07:07:07.000Z" });
    expect((await publish(service, diamonds, again)).status).toBe(201);
    expect(await (await service.fetch(`${models}/${bundle.manifest.id}`)).json()).toEqual(again.manifest);
  });

  it("before the row: nothing shows, and the same try succeeds", async () => {
    const bundle = await makeBundle(diamonds);
    const dying = new Service();
    await dying.fetch("/v1/diamonds");
    dying.env = {
      ...dying.env,
      DB: new Proxy(env.DB, {
        get(target, name) {
          const member = Reflect.get(target, name);
          if (typeof member !== "function") return member;
          return (...given: unknown[]) => {
            if (name === "prepare" && /^\s*insert into models/.test(String(given[0])))
              throw new Error("died before the row");
            return member.apply(target, given);
          };
        },
      }),
    };
    expect((await publish(dying, diamonds, bundle)).status).toBe(503);
    expect((await list()).items).toEqual([]);
    expect((await env.BUCKET.list()).objects).toHaveLength(5);
    expect((await publish(service, diamonds, bundle)).status).toBe(201);
    expect((await list()).items).toHaveLength(1);
  });

  it("never overwrites an object that holds other bytes", async () => {
    const bundle = await makeBundle(diamonds);
    await publish(service, diamonds, bundle);
    const { objects } = await env.BUCKET.list({ prefix: "models/diamonds/" });
    const onnx = objects.find(({ key }) => key.endsWith("model.onnx"));
    await env.BUCKET.put(onnx?.key ?? "", "tampered");
    await env.DB.prepare("delete from models").run();
    expect((await publish(new Service(), diamonds, bundle)).status).toBe(409);
    expect(await (await env.BUCKET.get(onnx?.key ?? ""))?.text()).toBe("tampered");
  });
});

describe("specs", () => {
  it("are registered once, changed by version once something depends on them", async () => {
    const put = (spec: object) =>
      service.fetch("/v1/datasets/boats", { method: "PUT", json: spec, token: "admin" });
    expect((await put(boats)).status).toBe(201);
    expect(await (await put(boats)).json()).toMatchObject({ state: "unchanged" });
    const wider = {
      ...boats,
      features: [{ ...boats.features[0], maximum: 200 }, ...boats.features.slice(1)],
    };
    expect((await put(wider)).status).toBe(200);
    expect((await publish(service, wider, await makeBundle(wider))).status).toBe(201);
    const refused = await put(boats);
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain("needs version 2");
    expect((await put({ ...wider, title: "Ships" })).status).toBe(200);
    expect((await put({ ...boats, version: 2 })).status).toBe(200);
    expect((await put({ ...boats, version: 1 })).status).toBe(409);
  });

  it("must be specs, of the name in the path, and not take the API's own names", async () => {
    const put = (name: string, spec: unknown) =>
      service.fetch(`/v1/datasets/${name}`, { method: "PUT", json: spec, token: "admin" });
    expect((await put("boats", { name: "boats" })).status).toBe(422);
    expect((await put("ships", boats)).status).toBe(422);
    for (const name of ["datasets", "requests", "oauth", "jobs", "keys"]) {
      const answer = await put(name, { ...boats, name });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain("path of the API");
    }
  });

  it("go with their model: rows are checked against what it was fitted to", async () => {
    await setUp(service, boats, { slope: 10 });
    const next = {
      ...boats,
      version: 2,
      features: [{ ...boats.features[0], maximum: 5 }, ...boats.features.slice(1)],
    };
    expect((await register(service, next)).status).toBe(200);
    const answer = await service.fetch("/v1/boats/predict", {
      json: { length: 50, hull: "wood" },
      token: "admin",
    });
    expect(await answer.json()).toMatchObject({ prediction: 500 });
  });
});

describe("snapshots", () => {
  const csv = "a,b\n1,2\n";
  const hashOf = async (text: string) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const pack = (text: string) =>
    new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
  const put = (hash: string, body: ArrayBuffer) =>
    service.fetch(`/v1/diamonds/snapshots/${hash}`, {
      method: "PUT",
      headers: { "content-type": "application/gzip" },
      body,
      token: "admin",
    });

  it("are kept under the hash of their content, once", async () => {
    const hash = await hashOf(csv);
    expect((await put(hash, await pack(csv))).status).toBe(201);
    expect((await put(hash, await pack(csv))).status).toBe(200);
    const kept = await env.BUCKET.get(`datasets/diamonds/${hash}.csv.gz`);
    const unpacked = kept?.body.pipeThrough(new DecompressionStream("gzip"));
    expect(await new Response(unpacked).text()).toBe(csv);
  });

  it("are refused under another hash, when they do not unpack, and under a name that is no hash", async () => {
    const hash = await hashOf(csv);
    expect((await put(hash, await pack("other"))).status).toBe(422);
    expect((await put(hash, new TextEncoder().encode(csv).buffer as ArrayBuffer)).status).toBe(422);
    expect((await put(hash, (await pack(csv)).slice(0, -4))).status).toBe(422);
    expect((await put("x", await pack(csv))).status).toBe(400);
    expect((await env.BUCKET.list()).objects).toEqual([]);
  });
});
