// In which order a form asks: a few features as the spec lists them, many by how much they matter, the rest folded.
import { describe, expect, it } from "vitest";
import { groupFeatures } from "../../web/widget/feature-groups.ts";
import { gems } from "../browser/gems-spec.ts";
import { houses, houseTraining } from "../browser/houses-spec.ts";

const names = (features: readonly { readonly name: string }[]) => features.map(({ name }) => name);

describe("groupFeatures", () => {
  it("keeps a few features in the spec's order, whatever matters", () => {
    const { open, more, rest } = groupFeatures(gems.features, { origin: 0.9, age: 0.1 });
    expect(names(open)).toEqual(["weight", "grade", "origin"]);
    expect(names(more)).toEqual(["treatment", "height", "age"]);
    expect(rest).toEqual([]);
  });

  it("shows of many those that matter most, every required one among them, and folds the rest in two groups", () => {
    const { open, more, rest } = groupFeatures(houses.features, houseTraining.importance);
    expect(names(open)).toEqual([
      ...["area", "quarter", "detail_9", "kind", "latitude", "longitude", "lift", "built"],
    ]);
    expect(open.length + more.length).toBe(20);
    expect(names(more).slice(0, 3)).toEqual(["garden", "street", "detail_2"]);
    expect(open.length + more.length + rest.length).toBe(houses.features.length);
    expect(names(rest)).toEqual(["detail_12", "detail_13", "detail_14", "detail_15", "detail_16"]);
  });

  it("goes by the spec's order where nothing is known of what matters", () => {
    const { open } = groupFeatures(houses.features, null);
    expect(names(open).slice(0, 2)).toEqual(["detail_1", "area"]);
    expect(open).toHaveLength(8);
  });
});
