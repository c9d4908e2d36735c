// Two models side by side: the gate on the same held-out rows, or a word on why there is none; and the gate in the ledger.
import { beforeEach, describe, expect, it } from "vitest";
import type { Comparison } from "#core/metrics/model-comparison.ts";
import { env, resetStorage, Service } from "../service.ts";
import { type BundleOptions, diamonds, makeBundle, point, publish, register } from "./bundles.ts";

const rows = 400;
/** Errors of one sign pattern, `size` large on average. */
const errorsOf = (size: number, count = rows) =>
  Array.from({ length: count }, (_, at) => (at % 2 === 0 ? 1 : -1) * size * (0.5 + ((at * 7) % 11) / 10));

let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, diamonds);
});

const add = async (slope: number, options: BundleOptions = {}) => {
  const bundle = await makeBundle(diamonds, { slope, ...options });
  const answer = await publish(service, diamonds, bundle);
  expect(`${answer.status} ${answer.status === 201 ? "" : await answer.text()}`).toBe("201 ");
  return bundle.manifest.id;
};

const compare = async (query: string) => {
  const answer = await service.fetch(`/v1/diamonds/compare?${query}`, { token: "admin" });
  return { status: answer.status, body: await answer.json<Comparison & { detail?: string }>() };
};

describe("a comparison", () => {
  it("tells a surely better model, by metric, level, parameter, data and code", async () => {
    const segments = (error: number) => (manifest: Awaited<ReturnType<typeof makeBundle>>["manifest"]) => ({
      ...manifest,
      environment: { ...manifest.environment, code: `code-${error}` },
      metrics: {
        ...manifest.metrics,
        segments: [
          {
            feature: "cut",
            level: "Fair",
            metrics: { ...manifest.metrics.heldOut, meanAbsoluteError: error },
          },
        ],
      },
    });
    const a = await add(1, { heldOut: { errors: errorsOf(100) }, change: segments(150) });
    const b = await add(2, { heldOut: { errors: errorsOf(80) }, change: segments(90) });
    const { status, body } = await compare(`a=${a}&b=${b}`);
    expect(status).toBe(200);
    expect([body.a.id, body.b.id]).toEqual([a, b]);
    expect(body.gate).toMatchObject({ comparable: true, promote: true, rows, resamples: 2000 });
    if (!body.gate.comparable) throw new Error("not comparable");
    const { difference, interval } = body.gate;
    const meanAbsoluteError = body.gate.meanAbsoluteError!;
    expect(difference).toBeCloseTo(meanAbsoluteError.challenger - meanAbsoluteError.champion, 6);
    expect(meanAbsoluteError.challenger / meanAbsoluteError.champion).toBeCloseTo(0.8, 5);
    expect(interval.low).toBeLessThan(difference);
    expect(interval.high).toBeLessThan(0);
    const metric = body.metrics.find((one) => one.metric === "heldOut.meanAbsoluteError");
    expect(metric?.difference).toBeCloseTo(difference, 4);
    expect(body.metrics.find((one) => one.metric === "crossValidated.r2Score")).toMatchObject({
      ...{ a: null, b: null, difference: null },
    });
    expect(body.segments).toMatchObject([{ feature: "cut", level: "Fair", a: 150, b: 90, difference: -60 }]);
    expect(body.params).toEqual([{ name: "slope", a: 1, b: 2 }]);
    expect(body).toMatchObject({ spec: { same: true }, data: { same: true }, seed: { same: true } });
    expect(body.code).toMatchObject({ same: false, a: { code: "code-150" }, b: { code: "code-90" } });
    const back = await compare(`a=${b}&b=${a}`);
    expect(back.body.gate).toMatchObject({ promote: false, difference: -difference });
    expect((await compare(`a=${a}&b=${b}`)).body).toEqual(body);
  });

  it("does not call luck better, nor a model better than itself", async () => {
    const even = errorsOf(100);
    const odd = even.map((error, at) => error * (at % 4 < 2 ? 1.1 : 0.899));
    const a = await add(1, { heldOut: { errors: even } });
    const b = await add(2, { heldOut: { errors: odd } });
    expect((await compare(`a=${a}&b=${b}`)).body.gate).toMatchObject({ comparable: true, promote: false });
    expect((await compare(`a=${a}&b=${a}`)).body.gate).toMatchObject({ promote: false, difference: 0 });
  });

  it("says where nothing can be compared", async () => {
    const a = await add(1, { heldOut: { errors: errorsOf(100) } });
    const b = await add(2, { heldOut: { errors: errorsOf(80), rows: "b".repeat(64) } });
    const c = await add(3);
    expect((await compare(`a=${a}&b=${b}`)).body.gate).toEqual({
      comparable: false,
      reason: "not comparable: other held-out rows",
    });
    const { gate, metrics } = (await compare(`a=${a}&b=${c}`)).body;
    expect(gate).toMatchObject({ comparable: false, reason: expect.stringContaining(c) });
    expect(metrics.length).toBe(8);
  });

  it("takes aliases, the champion by itself, and says what is not there", async () => {
    const a = await add(1, { heldOut: { errors: errorsOf(100) } });
    const b = await add(2, { heldOut: { errors: errorsOf(80) } });
    expect((await compare(`b=${b}`)).status).toBe(404);
    await point(service, diamonds, a);
    await point(service, diamonds, b, "trial");
    expect((await compare("b=trial")).body).toMatchObject({ a: { id: a }, b: { id: b } });
    expect((await compare("b=linear-000000000000")).status).toBe(404);
    expect((await compare("b=..%2f..")).status).toBe(404);
    for (const query of ["", "b=", `b=${b}&c=1`, `b=${"x".repeat(101)}`])
      expect((await compare(query)).status).toBe(400);
  });

  it("is refused where a file is not what was published", async () => {
    const a = await add(1, { heldOut: { errors: errorsOf(100) } });
    const b = await add(2, { heldOut: { errors: errorsOf(80) } });
    const { objects } = await env.BUCKET.list({ prefix: `models/diamonds/${b}/` });
    const key = objects.find((object) => object.key.endsWith("held-out.bin"))?.key ?? "";
    const bytes = new Uint8Array((await (await env.BUCKET.get(key))?.arrayBuffer()) ?? []);
    bytes[60] ^= 1;
    await env.BUCKET.put(key, bytes);
    expect((await compare(`a=${a}&b=${b}`)).status).toBe(503);
  });
});

describe("the ledger", () => {
  it("holds the gate of every move that can be judged, and what the mover sent where one was", async () => {
    const a = await add(1, { heldOut: { errors: errorsOf(100) } });
    const b = await add(2, { heldOut: { errors: errorsOf(80) } });
    await point(service, diamonds, a);
    const put = (model: string, gate?: object) =>
      service.fetch("/v1/diamonds/aliases/champion", {
        ...{ method: "PUT", token: "admin", headers: { "if-match": "*" } },
        json: { model, reason: "better", gate },
      });
    expect((await put(b)).status).toBe(200);
    const back = { reason: "worse after all" };
    await service.fetch("/v1/diamonds/aliases/champion/rollback", { json: back, token: "admin" });
    await put(b, { mine: 1 });
    const { items } = await (
      await service.fetch("/v1/diamonds/aliases/champion/history", { token: "admin" })
    ).json<{ items: { gate: unknown }[] }>();
    expect(items.map(({ gate }) => gate)).toMatchObject([
      { mine: 1 },
      { metric: "meanAbsoluteError", challenger: { model: a }, comparison: { promote: false } },
      { challenger: { model: b }, champion: { model: a }, rows, comparison: { promote: true } },
      null,
    ]);
  });
});

describe("held-out errors that are published", () => {
  const refusal = async (options: BundleOptions) => {
    const answer = await publish(service, diamonds, await makeBundle(diamonds, options));
    return `${answer.status} ${await answer.text()}`;
  };

  it("must be those that the metrics were made of", async () => {
    const heldOut = { errors: errorsOf(100) };
    const off = await refusal({
      heldOut,
      change: (manifest) => ({
        ...manifest,
        metrics: { ...manifest.metrics, heldOut: { ...manifest.metrics.heldOut, meanAbsoluteError: 90 } },
      }),
    });
    expect(off).toMatch(/^422 .*\/held-out\.bin.*mean absolute error/);
    const few = await refusal({
      heldOut,
      change: (manifest) => ({
        ...manifest,
        metrics: { ...manifest.metrics, heldOut: { ...manifest.metrics.heldOut, rows: 7 } },
      }),
    });
    expect(few).toMatch(/^422 .*expected 7 rows/);
    expect(await refusal({ heldOut: { errors: [1, Number.NaN] } })).toMatch(/^422 /);
    expect(await refusal({ heldOut: { errors: [] } })).toMatch(/^422 /);
  });
});
