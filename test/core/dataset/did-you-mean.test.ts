import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { didYouMean, editDistance, listNames } from "#core/dataset/did-you-mean.ts";
import { checkRow } from "#core/dataset/row.ts";
import { checkSpec } from "#core/dataset/spec.ts";
import { workshops } from "../../synthetic-dataset.ts";

describe("edit distance", () => {
  it("counts insertions, deletions, replacements and swaps", () => {
    expect(editDistance("ideal", "idael", 3)).toBe(1);
    expect(editDistance("kitten", "sitting", 3)).toBe(3);
    expect(editDistance("kitten", "sitting", 2)).toBe(Number.POSITIVE_INFINITY);
    expect(editDistance("", "abc", 3)).toBe(3);
  });

  it("is symmetric, and 0 for equal texts only", () => {
    const text = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const distance = editDistance(a, b, 8);
        expect(editDistance(b, a, 8)).toBe(distance);
        expect(distance === 0).toBe(a === b);
      }),
    );
  });
});

describe("did you mean", () => {
  const cuts = ["Fair", "Good", "Very Good", "Premium", "Ideal"];

  it.each([
    ["ideal", "Ideal"],
    [" Premum ", "Premium"],
    ["Verry Good", "Very Good"],
    ["Goof", "Good"],
  ])("%s -> %s", (given, meant) => expect(didYouMean(given, cuts)).toBe(meant));

  it.each(["Perfect", "", "x", "a".repeat(10_000)])("has no hint for %.20s", (given) => {
    expect(didYouMean(given, cuts)).toBeUndefined();
  });

  it("cuts long lists", () => {
    const names = Array.from({ length: 1000 }, (_, at) => `level ${at}`);
    expect(listNames(names)).toMatch(/^level 0, .*level 19 and 980 more$/);
  });
});

describe("levels with blanks around them", () => {
  const category = workshops.features.find(({ type }) => type === "category");
  if (category?.type !== "category") throw new Error("expected a category");
  const padded = checkSpec({
    ...workshops,
    features: workshops.features.map((feature) =>
      feature === category ? { ...category, levels: category.levels.map((level) => `${level} `) } : feature,
    ),
  });
  const [level] = category.levels;

  it("are the same level in the spec and in a row", () => {
    const own = padded.features.find(({ name }) => name === category.name);
    expect(own).toMatchObject({ levels: category.levels });
    const others = Object.fromEntries(
      padded.features
        .filter(({ required, name }) => required && name !== category.name)
        .map((feature) => [
          feature.name,
          feature.type === "number" ? (feature.minimum ?? 1) + 1 : feature.levels[0],
        ]),
    );
    expect(checkRow(padded, { ...others, [category.name]: ` ${level} ` })).toMatchObject({
      [category.name]: level,
    });
  });

  it("never echo more than a hundred characters of a value", () => {
    const check = () => checkRow(workshops, { [category.name]: "y".repeat(5000), ["z".repeat(5000)]: 1 });
    expect(check).toThrow(/got "y{1,100}…/);
    expect(check).not.toThrow(/y{101}|z{101}/);
  });
});
