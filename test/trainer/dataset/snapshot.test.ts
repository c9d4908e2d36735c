// The data snapshot: one name for equal data, and a CSV that reads back as what it was.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CleanRow, clean } from "../../../trainer/dataset/clean.ts";
import { readCsv } from "../../../trainer/dataset/csv.ts";
import { takeSnapshot } from "../../../trainer/dataset/snapshot.ts";
import { bytesOf, houses } from "./fixture.ts";

const rows: CleanRow[] = [
  { row: 1, features: { area: 50.25, town: "Ulm", age: 3 }, target: 700 },
  { row: 2, features: { area: 9, town: "Bonn, old" }, target: 99.5 },
  { row: 3, features: { area: 120, town: "Köln", age: 0 }, target: 1500 },
];

describe("takeSnapshot", () => {
  it("writes features in the spec's order, then the target, sorted by line", async () => {
    const { csv, sha256, rows: sorted } = await takeSnapshot(houses, rows);
    expect(csv).toBe('area,town,age,rent\n120,Köln,0,1500\n50.25,Ulm,3,700\n9,"Bonn, old",,99.5\n');
    expect(sorted.map(({ row }) => row)).toEqual([3, 1, 2]);
    // Computed with sha256sum(1) from the text above.
    expect(sha256).toBe("e11f85965b5845494b68011f305e3f741059f6b92f8f09f1729732ffd4d87667");
  });

  it("has the same name whatever order the rows come in, and another for other rows", async () => {
    const { sha256 } = await takeSnapshot(houses, rows);
    expect((await takeSnapshot(houses, [rows[2], rows[0], rows[1]])).sha256).toBe(sha256);
    expect((await takeSnapshot(houses, rows.slice(1))).sha256).not.toBe(sha256);
  });

  it("reads back exactly", async () => {
    const row = fc.record({
      row: fc.constant(1),
      features: fc.record(
        {
          area: fc.double({ min: 1e-9, max: 500, noNaN: true }),
          town: fc.constantFrom("Ulm", "Bonn, old", "Köln"),
          age: fc.double({ min: 0, max: 300, noNaN: true }).map((value) => value + 0),
        },
        { requiredKeys: ["area", "town"] },
      ),
      target: fc.double({ min: 1, max: 10_000, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, { minLength: 1, selector: (each) => each.target }),
        async (all) => {
          const { csv, rows: sorted } = await takeSnapshot(houses, all);
          const back = await clean(houses, readCsv(houses, bytesOf(csv, 64), "snapshot"));
          expect(back.rows.map(({ features, target }) => ({ features, target }))).toEqual(
            sorted.map(({ features, target }) => ({ features, target })),
          );
        },
      ),
    );
  });
});
