// A made-up dataset of workshops for rent: every kind of feature that a spec can have, and a price whose law is known.

import type { Row } from "#core/dataset/row.ts";
import { checkSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, toTable } from "#core/dataset/table.ts";
import { seeded } from "../trainer/random.ts";

/** Rent of a workshop: log target, required and optional numbers, ordered and unordered categories. */
export const workshops = checkSpec({
  name: "workshops",
  title: "Workshops",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "workshops.csv" },
  target: { name: "rent", unit: "EUR", transform: "log", minimum: 5 },
  features: [
    {
      name: "area",
      type: "number",
      unit: "m2",
      minimum: 0,
      exclusiveMinimum: true,
      required: true,
      monotone: "increasing",
    },
    { name: "condition", type: "category", levels: ["poor", "fair", "good"], ordered: true, required: true },
    { name: "district", type: "category", levels: ["harbour", "centre", "hill", "mill"], required: true },
    { name: "heating", type: "category", levels: ["gas", "none", "wood"], required: false },
    { name: "height", type: "number", unit: "m", minimum: 0, required: false },
    { name: "altitude", type: "number", unit: "m", required: false },
    { name: "gates", type: "number", minimum: 0, maximum: 9, required: false },
  ],
  derived: [
    // Held to the direction of area where a model holds any, and then left out.
    { name: "volume", multiply: ["area", "height"] },
    {
      name: "fittings",
      multiply: [["gates", "height"], "condition"],
      divide: [["area", "condition"], "area"],
    },
    { name: "finish", multiply: ["condition", "height"], divide: ["condition"] },
  ],
  split: { testShare: 0.25, seed: 7 },
  similar: { match: ["district"], nearest: "area" },
});

export interface LabelledRow {
  readonly row: Row;
  readonly rent: number;
}

/** `count` rows; the same seed gives the same rows. Some optional fields are missing, and zeros occur where the spec allows them. */
export function drawWorkshops(count: number, seed = 1): LabelledRow[] {
  const random = seeded(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)];
  return Array.from({ length: count }, () => {
    const area = 20 * 10 ** (random() * 1.5);
    const condition = pick(["poor", "fair", "good"]);
    const district = pick(["harbour", "centre", "hill", "mill"]);
    const heating = pick(["gas", "none", "wood", undefined]);
    const gates = random() < 0.8 ? Math.floor(random() * 5) : undefined;
    const height = random() < 0.9 ? 2 + 0.2 * Math.log(area) + random() : undefined;
    const altitude = random() < 0.95 ? (district === "hill" ? 120 : -2) + 30 * random() : undefined;
    const law =
      1.5 +
      0.85 * Math.log(area) +
      { poor: -0.3, fair: 0, good: 0.25 }[condition as "poor"] +
      { harbour: -0.1, centre: 0.5, hill: 0.2, mill: -0.3 }[district as "mill"] +
      (heating === "none" ? -0.15 : 0) +
      0.05 * (gates ?? 2) +
      0.1 * ((height ?? 3) - 3);
    const row = { area, condition, district, heating, height, altitude, gates };
    const known = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row;
    return { row: known, rent: Math.max(5, Math.exp(law + 0.05 * (random() + random() + random() - 1.5))) };
  });
}

/** Labelled rows as the table that families are fitted on. */
export function workshopTable(rows: readonly LabelledRow[]): LabelledTable {
  const table = toTable(
    workshops,
    rows.map(({ row }) => row),
  );
  return { ...table, target: Float64Array.from(rows, ({ rent }) => rent) };
}
