// The errors that a bundle keeps of its held-out rows: of the right rows, in an order that no split decides.
import { describe, expect, it } from "vitest";
import type { CleanRow } from "../../trainer/dataset/clean.ts";
import { heldOutErrors } from "../../trainer/held-out.ts";
import type { PreparedData } from "../../trainer/prepare.ts";
import { seeded, shuffle } from "../../trainer/random.ts";
import { houses } from "./dataset/fixture.ts";

const rows = Array.from(
  { length: 50 },
  (_, at): CleanRow => ({
    row: at + 1,
    features: { area: 20 + at, town: "Ulm" },
    target: 500 + 10 * at,
  }),
);

const errorsOf = (testRows: readonly CleanRow[]) => {
  const predicted = Float64Array.from(testRows, ({ target }) => target + target / 64);
  return heldOutErrors({ spec: houses, testRows } as unknown as PreparedData, predicted);
};

describe("held-out errors", () => {
  it("are the same whatever order the split gives, row by row", async () => {
    const straight = await errorsOf(rows);
    const shuffled = await errorsOf(shuffle([...rows], seeded(3)));
    expect(shuffled).toEqual(straight);
    expect([...straight.errors].sort((a, b) => a - b)).toEqual(rows.map(({ target }) => target / 64));
  });

  it("of other rows, or of the same with another price, have another hash", async () => {
    const { rowsSha256 } = await errorsOf(rows);
    expect((await errorsOf(rows.slice(1))).rowsSha256).not.toBe(rowsSha256);
    const dearer = [{ ...rows[0], target: 501 }, ...rows.slice(1)];
    expect((await errorsOf(dearer)).rowsSha256).not.toBe(rowsSha256);
  });
});
