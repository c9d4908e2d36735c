// Every registered family through the one contract.
import { describe, expect, it } from "vitest";
import type { Family } from "../../../trainer/families/family.ts";
import { families } from "../../../trainer/families/index.ts";
import { type FamilyExpectations, familyContract } from "../../contracts/family.ts";

/** What a family is held to beyond the contract; a new one starts from the strict default. */
const expectations: Record<string, FamilyExpectations> = {
  // The floor knows one price; a little below 0 is what the mean of other rows scores.
  mean: { leastR2: -0.5 },
  // Main effects are solved by steps: sums of weighted and of repeated rows round apart.
  linear: { leastR2: 0.95, weightTolerance: 1e-6 },
  // A weighted row and its repetitions round apart in the last bit of a sum, and a tie between two splits then falls the other way. Folds and draws deal repeated rows out one by one.
  boosting: {
    leastR2: 0.95,
    weightTolerance: 0.05,
    unrandom: { partialRows: 0, folds: 0, rowShare: 1, columnShare: 1 },
  },
};
const strict: FamilyExpectations = { leastR2: 0.95 };

describe.each(Object.entries(families))("%s", (key, family) => {
  familyContract(key, family as Family, expectations[key] ?? strict);
});

it("expects something of registered families only", () => {
  expect(Object.keys(families)).toEqual(expect.arrayContaining(Object.keys(expectations)));
});
