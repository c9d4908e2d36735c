// What a bundle tells forms of its training rows: a typical row that is one of them, quantiles of the numbers, what matters.
import { describe, expect, it } from "vitest";
import { checkRow } from "#core/dataset/row.ts";
import { checkSpec } from "#core/dataset/spec.ts";
import { toTable } from "#core/dataset/table.ts";
import { trainingFacts } from "../../trainer/training-facts.ts";
import { drawWorkshops, workshops, workshopTable } from "../synthetic-dataset.ts";

const drawn = drawWorkshops(3000);
const rows = drawn.map(({ row }) => ({ features: row }));
const facts = trainingFacts(workshops, rows, workshopTable(drawn), [
  { feature: "area", meanAbsoluteShap: 3 },
  { feature: "district", meanAbsoluteShap: 1 },
]);

describe("trainingFacts", () => {
  it("names a row of the training data that lies near the middle of its numbers", () => {
    expect(rows.map(({ features }) => features)).toContainEqual(facts.typical);
    const { area } = checkRow(workshops, facts.typical);
    const areas = rows.map(({ features }) => features.area as number).sort((a, b) => a - b);
    const rank = areas.indexOf(area as number) / areas.length;
    expect(rank).toBeGreaterThan(0.25);
    expect(rank).toBeLessThan(0.75);
  });

  it("tells where the numbers lie, and of what gives nothing nothing", () => {
    expect(Object.keys(facts.quantiles)).toEqual(["area", "height", "altitude", "gates"]);
    const areas = rows.map(({ features }) => features.area as number).sort((a, b) => a - b);
    const { area } = facts.quantiles;
    expect(area).toEqual([...area].sort((a, b) => a - b));
    expect(area[0]).toBeCloseTo(areas[0], 3);
    expect(area[3]).toBeCloseTo(areas[1500], 0);
    expect(area[6]).toBeCloseTo(areas[2999], 3);
    const none = rows.map(({ features: { altitude: _, ...others } }) => ({ features: others }));
    const table = toTable(
      workshops,
      none.map(({ features }) => features),
    );
    expect(trainingFacts(workshops, none, table, undefined).quantiles).not.toHaveProperty("altitude");
  });

  it("tells what matters as shares of 1, or null where nobody knows", () => {
    expect(facts.importance).toEqual({ area: 0.75, district: 0.25 });
    const untold = trainingFacts(workshops, rows, workshopTable(drawn), undefined);
    expect(untold.importance).toBeNull();
  });

  it("prefers rows that give every required feature, and says null where none does", () => {
    const bare = [{ features: { area: 60, condition: "fair" } }];
    const some = [
      ...bare,
      ...bare,
      ...bare,
      { features: { area: 900, condition: "poor", district: "mill" } },
    ];
    const of = (few: typeof bare) =>
      trainingFacts(
        workshops,
        few,
        toTable(
          workshops,
          few.map((one) => one.features),
        ),
        undefined,
      );
    expect(of(some).typical).toEqual(some[3].features);
    expect(of(bare).typical).toBeNull();
  });

  it("takes dates for numbers: the typical one lies between the others", () => {
    const dated = checkSpec({
      ...{ name: "dated", title: "Dated", version: 1, task: "regression" },
      source: { format: "csv", path: "dated.csv" },
      target: { name: "price", unit: "EUR" },
      features: [{ name: "built", type: "date", required: true }],
      split: { testShare: 0.2, seed: 1 },
    });
    const days = ["1990-01-01", "2003-05-01", "2003-04-01", "2020-01-01", "1970-01-01", "2022-02-02"];
    const given = days.map((built) => ({ built }));
    const table = toTable(dated, given);
    const told = trainingFacts(
      dated,
      given.map((features) => ({ features })),
      table,
      undefined,
    );
    expect(["2003-05-01", "2003-04-01"]).toContain(told.typical?.built);
    expect(told.quantiles.built[0]).toBe(0);
  });
});
