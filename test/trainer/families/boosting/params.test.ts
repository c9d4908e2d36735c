// The family's settings: completed where left out, refused by name where they cannot be.
import { expect, it } from "vitest";
import { boosting } from "../../../../trainer/families/boosting/index.ts";
import { defaultSettings } from "../../../../trainer/families/boosting/options.ts";

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
