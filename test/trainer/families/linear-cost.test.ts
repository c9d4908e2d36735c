// Which candidates of the linear family are tried: none whose fit would take minutes, and always one that grows with rows times features.
import { describe, expect, it } from "vitest";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { linearCandidates } from "../../../trainer/families/linear/candidates.ts";
import { isAffordable } from "../../../trainer/families/linear/cost.ts";
import { LinearParams } from "../../../trainer/families/linear/params.ts";
import { workshops } from "../../synthetic-dataset.ts";

function withCategories(count: number, levels: number): DatasetSpec {
  const names = Array.from({ length: levels }, (_, level) => `level ${level}`);
  const features = Array.from({ length: count }, (_, at) => ({
    name: `category_${at}`,
    type: "category" as const,
    levels: names,
    ordered: false,
    required: true,
  }));
  return {
    ...workshops,
    features: [...workshops.features.filter(({ type }) => type === "number"), ...features],
  };
}

const formsOf = (spec: DatasetSpec, rows: number) =>
  linearCandidates(spec, rows).map(({ params }) => params.form);

describe("the candidates of the linear family", () => {
  it("are all tried on a small table", () => {
    expect(linearCandidates(workshops, 600)).toEqual(linearCandidates(workshops));
    expect(formsOf(workshops, 600).filter((form) => form === "columns").length).toBeGreaterThan(3);
  });

  it.each([
    [1, 973, 20_000],
    [43, 40, 20_000],
    [1, 100_000, 1_000_000],
  ])("are main effects alone for %i categories of %i levels in %i rows", (count, levels, rows) => {
    expect(formsOf(withCategories(count, levels), rows)).toEqual(["effects"]);
  });

  it("count only levels that enough rows can have", () => {
    const pairs = LinearParams.parse({ pairs: true });
    expect(isAffordable(withCategories(2, 5000), pairs, 100)).toBe(true);
    expect(isAffordable(withCategories(2, 5000), pairs, 50_000)).toBe(false);
  });
});
