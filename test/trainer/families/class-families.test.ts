// Every registered family of classes through the one contract, for two classes and for four.
import { describe } from "vitest";
import type { Family } from "../../../trainer/families/family.ts";
import { families } from "../../../trainer/families/index.ts";
import { classFamilyContract } from "../../contracts/class-family.ts";

const ofClasses = Object.entries(families as Record<string, Family>).filter(([, { tasks }]) =>
  tasks.includes("binary"),
);
/** The floor knows the classes' shares alone. */
const mostLoss: Readonly<Record<string, readonly [two: number, four: number]>> = { prior: [0.75, 1.4] };

describe.each(ofClasses)("%s", (key, family) => {
  const [two, four] = mostLoss[key] ?? [0.35, 0.6];
  describe("two classes", () => classFamilyContract(family, ["left", "bought"], two));
  describe("four classes", () => classFamilyContract(family, ["left", "asked", "came back", "bought"], four));
});
