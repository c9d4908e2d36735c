// The order in which comparables widen: nearest levels first, one ring after the other, every combination once.
import { describe, expect, it } from "vitest";
import { neighbouringLevels } from "#core/dataset/neighbouring-levels.ts";
import { checkSpec } from "#core/dataset/spec.ts";

const category = (name: string, levels: string[], ordered: boolean) => ({
  ...{ name, type: "category" as const, levels, ordered },
  required: true,
});

const cars = checkSpec({
  name: "cars",
  title: "Cars",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "cars.csv" },
  target: { name: "price", unit: "EUR" },
  features: [
    category("state", ["bad", "fair", "good", "new"], true),
    category("fuel", ["petrol", "diesel", "gas"], false),
    { name: "km", type: "number", required: true },
  ],
  split: { testShare: 0.2, seed: 1 },
  similar: { match: ["state", "fuel"], nearest: "km" },
});

const rings = (row: Record<string, string | number>, spec = cars) =>
  [...neighbouringLevels(spec, row)].map((ring) =>
    ring.map((changes) => changes.map(({ found, steps }) => `${found} ${steps}`).join(" + ")),
  );

describe("neighbouring levels", () => {
  it("come ring by ring, ordered before unordered, small steps before large ones", () => {
    expect(rings({ state: "fair", fuel: "diesel", km: 1 })).toEqual([
      ["good 1", "bad 1", "gas 1", "petrol 1"],
      ["new 2", "good 1 + gas 1", "good 1 + petrol 1", "bad 1 + gas 1", "bad 1 + petrol 1"],
      ["new 2 + gas 1", "new 2 + petrol 1"],
    ]);
  });

  it("hold every other combination exactly once", () => {
    const all = rings({ state: "new", fuel: "gas", km: 1 }).flat();
    expect(all).toHaveLength(4 * 3 - 1);
    expect(new Set(all).size).toBe(all.length);
  });

  it("say what was wanted and what is there instead", () => {
    const [[first]] = neighbouringLevels(cars, { state: "bad", fuel: "gas", km: 1 });
    expect(first).toEqual([{ feature: "state", wanted: "bad", found: "fair", steps: 1 }]);
  });

  it("are none where nothing is compared", () => {
    expect(rings({ state: "bad", fuel: "gas", km: 1 }, { ...cars, similar: undefined })).toEqual([]);
    const byNothing = { ...cars, similar: { match: [], nearest: "km" } };
    expect(rings({ state: "bad", fuel: "gas", km: 1 }, byNothing)).toEqual([]);
  });

  it("are lazy: the first ring of many features with many levels comes at once", () => {
    const levels = Array.from({ length: 1000 }, (_, at) => `l${at}`);
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const vast = {
      ...cars,
      features: [...names.map((name) => category(name, levels, true)), cars.features[2]],
      similar: { match: names, nearest: "km" },
    } as typeof cars;
    const row = Object.fromEntries(names.map((name) => [name, "l500"]));
    const iterator = neighbouringLevels(vast, row);
    expect(iterator.next().value).toHaveLength(16);
    expect(iterator.next().value).toHaveLength(16 + (16 * 14) / 2);
    expect(iterator.next().value?.length).toBeLessThanOrEqual(2000);
  });
});
