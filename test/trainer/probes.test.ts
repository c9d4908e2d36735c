// Probe rows: drawn from the held-out rows, some thinned, always complete in what is required.
import { describe, expect, it } from "vitest";
import { drawProbes } from "../../trainer/probes.ts";
import { seeded } from "../../trainer/random.ts";
import { houses } from "./dataset/fixture.ts";

const rows = Array.from({ length: 500 }, (_, index) => ({ area: index + 1, town: "Ulm", age: index % 90 }));

describe("drawProbes", () => {
  it("draws 100 different rows, the same for the same seed", () => {
    const probes = drawProbes(houses, rows, seeded(3));
    expect(new Set(probes.map(({ area }) => area)).size).toBe(100);
    expect(drawProbes(houses, rows, seeded(3))).toEqual(probes);
    expect(drawProbes(houses, rows, seeded(4))).not.toEqual(probes);
  });

  it("takes optional features away from some, required ones from none", () => {
    const probes = drawProbes(houses, rows, seeded(3));
    const thinned = probes.filter((row) => !("age" in row)).length;
    // 25 are tossed for, half of them lose their one optional feature.
    expect(thinned).toBeGreaterThan(4);
    expect(thinned).toBeLessThan(22);
    for (const row of probes) expect(row).toMatchObject({ area: expect.any(Number), town: "Ulm" });
  });

  it("is content with fewer rows, and leaves them as they were", () => {
    const few = rows.slice(0, 5).map((row) => Object.freeze({ ...row }));
    expect(drawProbes(houses, few, seeded(1)).length).toBe(5);
  });
});
