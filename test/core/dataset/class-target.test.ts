// A spec of classes: what its target must say, what is refused, and how a class is checked in new items.
import { describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { canonicalSpec, checkSpec } from "#core/dataset/spec.ts";
import { findTargetFault } from "#core/dataset/target.ts";

const document = (task: string, target: object) => ({
  ...{ name: "visits", title: "Visits", version: 1, task },
  source: { format: "csv", path: "visits.csv" },
  target: { name: "outcome", ...target },
  features: [{ name: "hour", type: "number" }],
  split: { testShare: 0.2, seed: 1 },
});
const binary = checkSpec(
  document("binary", { levels: ["left", "bought"], cost: { falsePositive: 1, falseNegative: 3 } }),
);
const colours = Array.from({ length: 120 }, (_, at) => `colour ${at}`);

describe("a spec of classes", () => {
  it("is the same once it is written and read again", () => {
    expect(checkSpec(JSON.parse(canonicalSpec(binary)))).toEqual(binary);
  });

  it.each<[string, string, object, string, string]>([
    ["no levels", "binary", {}, "/target/levels", "expected the two classes"],
    ["three levels", "binary", { levels: ["a", "b", "c"] }, "/target/levels", "got 3"],
    ["two levels of more", "multiclass", { levels: ["a", "b"] }, "/target/levels", "expected 3 to 100"],
    ["too many", "multiclass", { levels: colours }, "/target/levels", "expected 3 to 100 classes; got 120"],
    ["a level twice", "multiclass", { levels: ["a", "b", "a"] }, "/target/levels", '"a" is listed twice'],
    ["blanks", "binary", { levels: ["a ", "b"] }, "/target/levels", "no blanks at its ends"],
    ["an unknown positive", "binary", { levels: ["a", "b"], positive: "c" }, "/target/positive", 'got "c"'],
    [
      "a positive of many",
      "multiclass",
      { levels: ["a", "b", "c"], positive: "c" },
      "/target/positive",
      "only where the task is binary",
    ],
    ["a unit", "binary", { levels: ["a", "b"], unit: "EUR" }, "/target/unit", "a class has no unit"],
    ["a logarithm", "binary", { levels: ["a", "b"], transform: "log" }, "/target/transform", "no logarithm"],
    ["bounds", "binary", { levels: ["a", "b"], minimum: 0 }, "/target/minimum", "no bounds"],
    ["levels of an amount", "regression", { unit: "EUR", levels: ["a", "b"] }, "/target/levels", "binary or"],
    ["an amount without unit", "regression", {}, "/target/unit", "expected the unit"],
    [
      "a cost of nothing",
      "binary",
      { levels: ["a", "b"], cost: { falsePositive: 0, falseNegative: 1 } },
      "/target/cost/falsePositive",
      ">0",
    ],
  ])("refuses %s", (_, task, target, pointer, detail) => {
    try {
      checkSpec(document(task, target));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      const fault = (error as InputError).errors.find((one) => one.pointer === pointer);
      expect(fault?.detail).toContain(detail);
    }
  });

  it("names the classes that a new item may have, and the one that was meant", () => {
    expect(findTargetFault(binary, "bought", "/target")).toBeUndefined();
    expect(findTargetFault(binary, "bougth", "/target")?.detail).toBe(
      'expected one of left, bought; got "bougth"; did you mean "bought"?',
    );
    expect(findTargetFault(binary, 1, "/target")?.detail).toContain("expected one of left, bought; got 1");
  });
});
