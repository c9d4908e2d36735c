// The family's settings: completed where left out, refused by name where they cannot be.
import { expect, it } from "vitest";
import { boosting } from "../../../../trainer/families/boosting/index.ts";
import { defaultSettings } from "../../../../trainer/families/boosting/options.ts";
import { seeded } from "../../../../trainer/random.ts";
import { drawWorkshops, workshops, workshopTable } from "../../../synthetic-dataset.ts";

it("completes settings with those of the engine", () => {
  const { objective, seed, ...shared } = defaultSettings;
  expect(boosting.params.parse({})).toMatchObject({ ...shared, objective: objective.name });
  expect(seed).toBe(0);
});

it.each([
  [{ learningRate: 0 }, "learningRate", /expected number to be >0/],
  [{ learningRate: "fast" }, "learningRate", /expected number/],
  [{ trees: 0 }, "trees", />=1/],
  [{ maxDepth: 17 }, "maxDepth", /<=16/],
  [{ rowShare: 1.5 }, "rowShare", /<=1/],
  [{ columnShare: 0 }, "columnShare", />0/],
  [{ bins: 256 }, "bins", /<=255/],
  [{ objective: "hinge" }, "objective", /squaredError/],
  [{ growth: "leafWise" }, "maxLeaves", /2 or more leaves/],
  [{ lambda: -1 }, "lambda", />=0/],
])("refuses %j", (given, name, allowed) => {
  const { error } = boosting.params.safeParse(given);
  expect(error?.issues.map(({ path }) => path[0])).toEqual([name]);
  expect(error?.issues[0].message).toMatch(allowed);
});

it("refuses a setting that it does not know, by name", () => {
  expect(boosting.params.safeParse({ max_depth: 3 }).error?.issues[0].message).toMatch(/max_depth/);
});

it("bounds the leaves of a Poisson fit by maxDeltaStep, null standing for XGBoost's 0.7", async () => {
  const table = workshopTable(drawWorkshops(200));
  const farthest = async (maxDeltaStep: number | null) => {
    const params = boosting.params.parse({ objective: "poisson", trees: 1, learningRate: 1, maxDeltaStep });
    const model = await boosting.fit(params, table, { spec: workshops, random: seeded(1) });
    const mean = table.target.reduce((sum, value) => sum + value, 0) / table.rows;
    return Math.max(...model.predict(table).map((price) => Math.abs(Math.log(price / mean))));
  };
  expect(await farthest(0.01)).toBeCloseTo(0.01, 5);
  expect(await farthest(null)).toBeCloseTo(0.7, 5);
  expect(await farthest(0)).toBeGreaterThan(0.8);
  expect(boosting.params.safeParse({ maxDeltaStep: -1 }).success).toBe(false);
});
