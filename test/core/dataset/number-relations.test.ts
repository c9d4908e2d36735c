// How numbers go together, learned from rows with known laws and wrecked by known outliers.
import { describe, expect, it } from "vitest";
import { rowWarnings } from "#core/bundle/remarks.ts";
import { numberRelations, relationWarnings } from "#core/dataset/number-relations.ts";
import type { Row } from "#core/dataset/row.ts";
import { checkSpec } from "#core/dataset/spec.ts";
import { toTable } from "#core/dataset/table.ts";
import { trainingRanges } from "#core/dataset/training-range.ts";
import { seeded } from "../../../trainer/random.ts";

const number = (name: string, required = false) => ({ name, type: "number" as const, required });

const barrels = checkSpec({
  name: "barrels",
  title: "Barrels",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "barrels.csv" },
  target: { name: "price", unit: "EUR" },
  features: [number("volume", true), number("height"), number("filled"), number("age")],
  split: { testShare: 0.2, seed: 1 },
});

/** Height is the cube root of the volume within 5 %, filled a tenth of it within 1; age is anyone's guess. Each `every`th row is nonsense. */
function makeRows(count: number, seed: number, every = Number.POSITIVE_INFINITY): Row[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, at) => {
    const volume = 10 ** (3 * random());
    const height = Math.cbrt(volume) * (0.95 + 0.1 * random());
    const filled = volume / 10 + 2 * random() - 1 - 200;
    const row = { volume, height, filled, age: 50 * random() };
    return at % every === 1 ? { ...row, height: height * 20, filled: filled + 1000 } : row;
  });
}

const relationsOf = (rows: readonly Row[]) => numberRelations(barrels, toTable(barrels, rows));

describe("relations of numbers", () => {
  it("finds the power law, the straight line, and nothing where there is nothing", () => {
    const relations = relationsOf(makeRows(3000, 1));
    expect(relations.map(({ feature, by, scale }) => `${feature} ${by} ${scale}`)).toEqual([
      "height volume log",
      "filled volume none",
    ]);
    expect(relations[0].slope).toBeCloseTo(1 / 3, 2);
    expect(relations[1].slope).toBeCloseTo(0.1, 3);
    expect(relations[1].intercept).toBeCloseTo(-200, 0);
  });

  it("is not turned by two rows in four thousand that are nonsense", () => {
    const [clean] = relationsOf(makeRows(4000, 2));
    const wrecked = makeRows(4000, 2, 2000);
    const [height] = relationsOf(wrecked);
    expect(height.slope).toBeCloseTo(clean.slope, 2);
    expect(height.low).toBeCloseTo(clean.low, 1);
    const nonsense = wrecked.filter((row) => relationWarnings([height], row).length > 0);
    expect(nonsense).toEqual([wrecked[1], wrecked[2001]]);
  });

  it("warns of contradictions by name, and of hardly any other held-out row", () => {
    const relations = relationsOf(makeRows(5000, 3));
    const [warning, ...others] = relationWarnings(relations, { volume: 1000, height: 40 });
    expect(others).toEqual([]);
    expect(warning.pointer).toBe("/height");
    expect(warning.detail).toMatch(
      /^40 contradicts volume 1000: 9\.[45]\d? to 10\.5 goes with it in the training rows$/,
    );
    const falseAlarms = makeRows(5000, 4).filter((row) => relationWarnings(relations, row).length > 0);
    expect(falseAlarms.length).toBeLessThanOrEqual(5);
  });

  it("keeps silent about what is not given, or cannot stand on a log scale", () => {
    const relations = relationsOf(makeRows(2000, 5));
    const rows: Row[] = [
      { volume: 10 },
      { height: 40 },
      {},
      { volume: 10, height: 0 },
      { volume: -1, height: 3 },
    ];
    for (const row of rows) expect(relationWarnings(relations, row)).toEqual([]);
  });

  it("claims nothing from too few rows, equal numbers, or a column that is always missing", () => {
    expect(relationsOf(makeRows(500, 6))).toEqual([]);
    expect(relationsOf(makeRows(2000, 6).map((row) => ({ ...row, volume: 7 })))).toEqual([]);
    const bare = makeRows(2000, 7).map(({ volume }) => ({ volume }));
    expect(relationsOf(bare)).toEqual([]);
  });

  it("stands behind the range in the warnings of a row: one warning a field", () => {
    const rows = makeRows(3000, 8);
    const table = toTable(barrels, rows);
    const manifest = { ranges: trainingRanges(barrels, table), relations: numberRelations(barrels, table) };
    const warnings = rowWarnings(manifest, { volume: 900, height: 4, filled: 5000 });
    expect(warnings.map(({ pointer }) => pointer)).toEqual(["/filled", "/height"]);
    expect(warnings[0].detail).toContain("beyond");
    expect(rowWarnings({ ranges: manifest.ranges }, { volume: 900, height: 4 })).toEqual([]);
  });
});
