// In which order a form asks: a few fields as the spec lists them, many by how much they matter, the rest folded; a place is one field.
import { describe, expect, it } from "vitest";
import { formFields, groupFields } from "../../web/widget/feature-groups.ts";
import { gems } from "../browser/gems-spec.ts";
import { houses, houseTraining } from "../browser/houses-spec.ts";

const names = (fields: readonly { readonly name: string }[]) => fields.map(({ name }) => name);

describe("formFields", () => {
  it("makes one field of a place's two features, where the first of them stands", () => {
    const fields = formFields(houses);
    expect(fields).toHaveLength(houses.features.length - 1);
    const { features, required, place } = fields.at(-1)!;
    expect([names(features), required, place?.title]).toEqual([["latitude", "longitude"], true, "Position"]);
    expect(names(formFields(gems))).toEqual(names(gems.features));
  });
});

describe("groupFields", () => {
  const fields = formFields(houses);

  it("keeps a few fields in the spec's order, whatever matters", () => {
    const { open, more, rest } = groupFields(formFields(gems), { origin: 0.9, age: 0.1 });
    expect(names(open)).toEqual(["weight", "grade", "origin"]);
    expect(names(more)).toEqual(["treatment", "height", "age"]);
    expect(rest).toEqual([]);
  });

  it("shows of many those that matter most, every required one among them, and folds the rest in two groups", () => {
    const { open, more, rest } = groupFields(fields, houseTraining.importance);
    expect(names(open)).toEqual([
      ...["area", "quarter", "detail_9", "position", "kind", "garden", "lift", "built"],
    ]);
    expect(open.length + more.length).toBe(20);
    expect(names(more).slice(0, 2)).toEqual(["street", "detail_2"]);
    expect(open.length + more.length + rest.length).toBe(fields.length);
    expect(names(rest)).toEqual(["detail_13", "detail_14", "detail_15", "detail_16"]);
  });

  it("goes by the spec's order where nothing is known of what matters", () => {
    const { open } = groupFields(fields, null);
    expect(names(open).slice(0, 3)).toEqual(["detail_1", "detail_2", "area"]);
    expect(open).toHaveLength(8);
  });
});
