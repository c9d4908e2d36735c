// What if: curves over a range or over levels, grids of two, and what cannot be swept.
import { beforeAll, describe, expect, it } from "vitest";
import { diamonds, makeBundle, publish, setUp, stone } from "../models/bundles.ts";
import { resetStorage, Service } from "../service.ts";

const path = "/v1/diamonds/sweep";
const service = new Service();
let id: string;

beforeAll(async () => {
  await resetStorage();
  id = (await setUp(service, diamonds)).manifest.id;
});

interface Answer {
  readonly axes: readonly { feature: string; unit: string | null; values: (number | string)[] }[];
  readonly missing: string[];
  readonly points: readonly {
    at: (number | string)[];
    prediction: number;
    interval: { low: number; high: number; coverage: number };
    warnings: { pointer: string }[];
  }[];
}

const ask = (vary: object[], row: object = stone, query = "") =>
  service.fetch(path + query, { json: { row, vary } });
const sweep = async (...given: Parameters<typeof ask>) => {
  const answer = await ask(...given);
  expect(answer.status).toBe(200);
  return answer.json<Answer>();
};

describe("a sweep", () => {
  it("prices a range in steps, with intervals", async () => {
    const answer = await ask([{ feature: "carat", from: 0.5, to: 1.5, steps: 5 }]);
    expect(answer.headers.get("x-model")).toBe(id);
    const { axes, points, missing } = await answer.json<Answer>();
    expect(axes).toEqual([{ feature: "carat", unit: "ct", values: [0.5, 0.75, 1, 1.25, 1.5] }]);
    expect(points.map(({ at, prediction }) => [...at, prediction])).toEqual([
      [0.5, 2000],
      [0.75, 3000],
      [1, 4000],
      [1.25, 5000],
      [1.5, 6000],
    ]);
    expect(points[2].interval).toEqual({ low: 3900, high: 4100, coverage: 0.9 });
    expect(missing).toEqual(["depth", "table", "x", "y", "z"]);
  });

  it("takes the training range by itself, in digits that mean something", async () => {
    const { axes, points } = await sweep([{ feature: "carat" }]);
    expect(axes[0].values).toHaveLength(25);
    expect([axes[0].values[0], axes[0].values[24]]).toEqual([0.2, 5.01]);
    expect(points.flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  it("goes over all levels, or those given, of a feature that the row may leave out", async () => {
    const { cut: _, ...bare } = stone;
    const all = await sweep([{ feature: "cut" }], bare);
    expect(all.points.map(({ at }) => at[0])).toEqual(["Fair", "Good", "Very Good", "Premium", "Ideal"]);
    const some = await sweep([{ feature: "cut", values: ["Ideal", "Fair"] }]);
    expect(some.points.map(({ at }) => at[0])).toEqual(["Ideal", "Fair"]);
  });

  it("makes a grid of two, the second varying fastest", async () => {
    const { points } = await sweep([
      { feature: "carat", values: [1, 2] },
      { feature: "cut", values: ["Fair", "Good"] },
    ]);
    expect(points.map(({ at, prediction }) => [...at, prediction])).toEqual([
      [1, "Fair", 4000],
      [1, "Good", 4000],
      [2, "Fair", 8000],
      [2, "Good", 8000],
    ]);
  });

  it("tells where a point lies beyond the training range", async () => {
    const { points } = await sweep([{ feature: "carat", values: [1, 9] }]);
    expect(points.map(({ warnings }) => warnings.map(({ pointer }) => pointer))).toEqual([[], ["/carat"]]);
  });

  it("takes model and coverage from the query", async () => {
    const other = await makeBundle(diamonds, { slope: 10 });
    await publish(service, diamonds, other);
    const query = `?model=${other.manifest.id}&coverage=0.5`;
    const { points } = await sweep([{ feature: "carat", values: [2] }], stone, query);
    expect(points[0]).toMatchObject({ prediction: 20, interval: { low: 10, high: 30 } });
  });

  it.each([
    ["nothing to vary", [], "/vary"],
    ["three features", [{ feature: "cut" }, { feature: "color" }, { feature: "clarity" }], "/vary"],
    ["an unknown feature", [{ feature: "karat" }], "/vary/0/feature"],
    ["the same feature twice", [{ feature: "cut" }, { feature: "cut" }], "/vary/1/feature"],
    ["an unknown level", [{ feature: "cut", values: ["Perfect"] }], "/vary/0"],
    ["a number out of range", [{ feature: "carat", values: [1, 99] }], "/vary/0"],
    ["a range out of range", [{ feature: "carat", from: 1, to: 99 }], "/vary/0"],
    ["a range that goes backwards", [{ feature: "carat", from: 2, to: 1 }], "/vary/0/to"],
    ["a range of levels", [{ feature: "cut", from: 1 }], "/vary/0/from"],
    ["a range and values", [{ feature: "carat", values: [1], steps: 3 }], "/vary/0/steps"],
    ["a range that nobody knows", [{ feature: "depth" }], "/vary/0/from"],
    ["one step", [{ feature: "carat", steps: 1 }], "/vary/0/steps"],
    ["no values", [{ feature: "carat", values: [] }], "/vary/0/values"],
    ["an unknown field", [{ feature: "carat", stride: 1 }], "/vary/0"],
  ])("refuses %s", async (_, vary, pointer) => {
    const answer = await ask(vary);
    expect(answer.status).toBe(422);
    const { errors } = await answer.json<{ errors: { pointer: string }[] }>();
    expect(errors[0].pointer).toBe(pointer);
  });

  it("refuses a faulty row by its field", async () => {
    const answer = await ask([{ feature: "carat" }], { ...stone, color: "Z" });
    const { errors } = await answer.json<{ errors: { pointer: string }[] }>();
    expect(errors.map(({ pointer }) => pointer)).toEqual(["/row/color"]);
  });
});
