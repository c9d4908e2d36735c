// Levels found by some of their letters: nearest first, accents and case no matter, a guess where there is none.
import { describe, expect, it } from "vitest";
import { exactLevel, findLevels } from "../../web/widget/level-search.ts";
import { quarters } from "../browser/houses-spec.ts";

describe("findLevels", () => {
  it("puts what begins with the text before words that do, and those before what holds it", () => {
    const levels = ["Upper Hill", "Sunhill", "Hillside", "Mill", "hill end"];
    expect(findLevels(levels, "hill").levels).toEqual(["Hillside", "hill end", "Upper Hill", "Sunhill"]);
  });

  it("knows a level whatever its case, accents and outer blanks", () => {
    expect(findLevels(quarters, " sao br").levels).toEqual(["São Brás"]);
    expect(exactLevel(quarters, "sao bras ")).toBe("São Brás");
    expect(exactLevel(["a", "A"], "A")).toBe("A");
    expect(exactLevel(["å", "Å"], "a")).toBeUndefined();
    expect(exactLevel(quarters, "Eastfield")).toBeUndefined();
  });

  it("shows a hundred at most and says how many more there are", () => {
    const many = Array.from({ length: 100_000 }, (_, at) => `Model ${at}`);
    const { levels, more } = findLevels(many, "model 9");
    expect(levels).toHaveLength(100);
    expect(levels[0]).toBe("Model 9");
    expect(more).toBe(11_111 - 100);
    expect(findLevels(many, "").more).toBe(99_900);
  });

  it("guesses what was meant where nothing is found, and where nothing is near does not", () => {
    expect(findLevels(quarters, "Eastfeild 7")).toMatchObject({ levels: [], meant: "Eastfield 7" });
    expect(findLevels(quarters, "zzzzzz")).toEqual({ levels: [], more: 0, meant: undefined });
  });
});
