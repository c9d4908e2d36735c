// Prices over HTTP: the answer's shape, warnings, models by reference, batches, and prices without storage.
import { beforeEach, describe, expect, it } from "vitest";
import { diamonds, makeBundle, point, publish, setUp, stone } from "../models/bundles.ts";
import { broken, resetStorage, Service } from "../service.ts";

const predict = "/v1/diamonds/predict";

describe("predict", () => {
  let service: Service;
  let id: string;

  beforeEach(async () => {
    await resetStorage();
    service = new Service();
    id = (await setUp(service, diamonds)).manifest.id;
  });

  it("answers price, unit, interval and model", async () => {
    const answer = await service.fetch(predict, { json: stone });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-model")).toBe(id);
    const expected = 4000 * Math.fround(1.01);
    expect(await answer.json()).toEqual({
      id: answer.headers.get("x-request-id"),
      prediction: expected,
      unit: "USD",
      interval: { low: expected - 100, high: expected + 100, coverage: 0.9 },
      model: { id, family: "linear", alias: "champion" },
      missing: ["depth", "table", "x", "y", "z"],
      warnings: [],
    });
  });

  it("says what the row does not give, and nothing of what it gives", async () => {
    const full = { ...stone, depth: 61.8, table: 57, x: 6.45, y: 6.42, z: 3.98 };
    const missing = async (row: object) =>
      (await (await service.fetch(predict, { json: row })).json<{ missing: string[] }>()).missing;
    expect(await missing(full)).toEqual([]);
    expect(await missing({ ...full, table: null, z: undefined })).toEqual(["table", "z"]);
  });

  it("takes the coverage asked for", async () => {
    const answer = await service.fetch(`${predict}?coverage=0.5`, { json: stone });
    const { interval, prediction } = await answer.json<{ interval: object; prediction: number }>();
    expect(interval).toEqual({ low: prediction - 10, high: prediction + 10, coverage: 0.5 });
  });

  it("says how much an interval holds where the model was calibrated on too few rows for what is asked", async () => {
    const groups = { required: { rows: 8, widths: [10] } };
    const scarce = await makeBundle(diamonds, {
      slope: 3000,
      change: (manifest) => ({ ...manifest, conformal: { ...manifest.conformal, groups } }),
    });
    expect((await publish(service, diamonds, scarce)).status).toBe(201);
    const answer = await service.fetch(`${predict}?model=${scarce.manifest.id}`, { json: stone });
    const body = await answer.json<{ interval: object; warnings: { detail: string }[] }>();
    expect(body.interval).toMatchObject({ coverage: 0.5 });
    expect(body.warnings.map(({ detail }) => detail)).toEqual([
      "the model was calibrated on too few rows for an interval of 0.9: it holds 0.5",
    ]);
  });

  it("prices beyond the training range, with a warning and a wider interval", async () => {
    const answer = await service.fetch(predict, { json: { ...stone, carat: 9 } });
    const body = await answer.json<{
      prediction: number;
      interval: { low: number; high: number };
      warnings: object[];
    }>();
    expect(body.prediction).toBe(36000);
    expect(body.interval.high - body.prediction).toBeCloseTo(100 * (1 + (9 - 5.01) / (5.01 - 0.2)), 4);
    expect(body.warnings).toEqual([
      { pointer: "/carat", detail: "9 is beyond the 0.2 to 5.01 this model was trained on" },
    ]);
  });

  it("prices what contradicts itself, with a warning that names the feature, where the model knows", async () => {
    const relation = { feature: "x", by: "carat", scale: "log" as const, intercept: 1.858, slope: 0.331 };
    const knowing = await makeBundle(diamonds, {
      slope: 3000,
      change: (manifest) => ({ ...manifest, relations: [{ ...relation, low: -0.05, high: 0.05 }] }),
    });
    expect((await publish(service, diamonds, knowing)).status).toBe(201);
    const warningsOf = async (x: number, model = knowing.manifest.id) => {
      const answer = await service.fetch(`${predict}?model=${model}`, { json: { ...stone, x } });
      const { prediction, warnings } = await answer.json<{ prediction: number; warnings: object[] }>();
      expect(prediction).toBeGreaterThan(3000);
      return warnings;
    };
    expect(await warningsOf(6.45)).toEqual([]);
    expect(await warningsOf(20)).toEqual([
      { pointer: "/x", detail: "20 contradicts carat 1.01: 6.12 to 6.76 goes with it in the training rows" },
    ]);
    expect(await warningsOf(20, id)).toEqual([]);
  });

  it("takes a whole number where a fraction is meant, and null for what is optional", async () => {
    const answer = await service.fetch(predict, { json: { ...stone, carat: 1, depth: null } });
    expect((await answer.json<{ prediction: number }>()).prediction).toBe(4000);
  });

  it("prices by a model's id and by another alias", async () => {
    const other = await makeBundle(diamonds, { slope: 5000 });
    expect((await publish(service, diamonds, other)).status).toBe(201);
    expect((await point(service, diamonds, other.manifest.id, "trial")).status).toBe(201);
    for (const [reference, alias] of [
      [other.manifest.id, null],
      ["trial", "trial"],
    ]) {
      const answer = await service.fetch(`${predict}?model=${reference}`, { json: { ...stone, carat: 2 } });
      expect(await answer.json()).toMatchObject({
        prediction: 10000,
        model: { id: other.manifest.id, alias },
      });
    }
    const champion = await service.fetch(`${predict}?model=champion`, { json: { ...stone, carat: 2 } });
    expect(await champion.json()).toMatchObject({ prediction: 8000, model: { id, alias: "champion" } });
  });

  it("prices a batch, where a bad row fails alone", async () => {
    const rows = [stone, { ...stone, cut: "Perfect" }, 7, { ...stone, carat: 2 }];
    const answer = await service.fetch(`${predict}/batch`, { json: { rows } });
    const { items, model } = await answer.json<{
      items: { errors?: { detail: string }[] }[];
      model: object;
    }>();
    expect(model).toEqual({ id, family: "linear", alias: "champion" });
    expect(items).toHaveLength(4);
    expect(items[0]).toMatchObject({ index: 0, prediction: 4000 * Math.fround(1.01), warnings: [] });
    expect(items[1]).toMatchObject({ index: 1, errors: [{ pointer: "/cut" }] });
    expect(items[1].errors?.[0].detail).toContain("Fair, Good, Very Good, Premium, Ideal");
    expect(items[2]).toMatchObject({ index: 2, errors: [{ pointer: "" }] });
    expect(items[3]).toMatchObject({ index: 3, prediction: 8000 });
  });

  it("prices without D1 and R2 once warm", async () => {
    expect((await service.fetch(predict, { json: stone })).status).toBe(200);
    service.env = { ...service.env, DB: broken("no D1"), BUCKET: broken("no R2") };
    const answer = await service.fetch(predict, { json: stone });
    expect(answer.status).toBe(200);
    await service.settle();
    expect((await service.fetch(`${predict}/batch`, { json: { rows: [stone] } })).status).toBe(200);
  });

  it("starts cold from the copy in R2 when D1 fails, and when it never answers", async () => {
    for (const DB of [broken<D1Database>("no D1"), silent()]) {
      const cold = new Service({ DB });
      const answer = await cold.fetch(predict, { json: stone });
      expect(answer.status).toBe(200);
      expect((await answer.json<{ model: object }>()).model).toEqual({
        id,
        family: "linear",
        alias: "champion",
      });
    }
  });

  it("says so when neither answers", async () => {
    const cold = new Service({ DB: broken("no D1"), BUCKET: broken("no R2") });
    const answer = await cold.fetch(predict, { json: stone });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
  });

  it("follows the champion of another isolate within seconds", async () => {
    const other = new Service();
    const bundle = await makeBundle(diamonds, { slope: 7000 });
    await publish(other, diamonds, bundle);
    const moved = await other.fetch("/v1/diamonds/aliases/champion", {
      method: "PUT",
      token: "admin",
      headers: { "if-match": '"1"' },
      json: { model: bundle.manifest.id, reason: "better" },
    });
    expect(moved.status).toBe(200);
    const row = { ...stone, carat: 1 };
    const before = await service.fetch(predict, { json: row });
    expect((await before.json<{ prediction: number }>()).prediction).toBe(4000);
    await service.isolate.catalogue.refresh(service.env, "diamonds");
    const after = await service.fetch(predict, { json: row });
    expect((await after.json<{ prediction: number }>()).prediction).toBe(7000);
  });
});

/** A database of which no query ever answers. */
function silent(): D1Database {
  const statement: object = new Proxy(
    {},
    { get: (_, name) => (name === "bind" ? () => statement : () => new Promise(() => undefined)) },
  );
  return { prepare: () => statement } as unknown as D1Database;
}
