// What is wrong with a value, in words and in the page's language.
import { describe, expect, it } from "vitest";
import type { NumberFeature } from "#core/dataset/feature.ts";
import { faultWords } from "../../web/widget/fault-words.ts";
import type { Value } from "../../web/widget/form-values.ts";
import { english } from "../../web/widget/languages/english.ts";
import { strings as spanish } from "../../web/widget/languages/spanish.ts";
import { gems } from "../browser/gems-spec.ts";

const [weight, grade] = gems.features;
const say = (feature: typeof weight, value: Value) => faultWords(feature, value, "as told", english, "en-US");
const open = (fields: Partial<NumberFeature>): NumberFeature => ({
  ...{ name: "n", type: "number", required: false, exclusiveMinimum: false },
  ...fields,
});

describe("faultWords", () => {
  it.each([
    [weight, undefined, "Needed for a price."],
    [weight, -1, "Expected between 0.02 ct and 20 ct."],
    [weight, 21, "Expected between 0.02 ct and 20 ct."],
    [weight, Number.NaN, "Expected a number."],
    [grade, "Z", "Expected one of those listed."],
    [open({ minimum: 3 }), 2, "Expected at least 3."],
    [open({ maximum: 3 }), 4, "Expected at most 3."],
    [open({ minimum: 0, exclusiveMinimum: true, maximum: 9 }), 0, "Expected more than 0."],
    [open({ minimum: 0, exclusiveMinimum: true, maximum: 9 }), 10, "Expected at most 9."],
    [open({ integer: true }), 2.5, "Expected a whole number."],
    [open({ as: "date" }), "2023-02-29", "Expected a date."],
    [open({ as: "date", minimum: 0 }), "1969-12-31", "Expected at least Jan 1, 1970."],
  ] as const)("of %o with %s are: %s", (feature, value, words) => {
    expect(say(feature, value)).toBe(words);
  });

  it("leave to the service what the spec cannot tell", () => {
    expect(say(weight, 2)).toBe("as told");
    expect(say(grade, "A")).toBe("as told");
    expect(say(open({}), undefined)).toBe("as told");
  });

  it("are in the page's language, numbers too", () => {
    expect(faultWords(weight, 0, "", spanish, "es")).toBe("Debe estar entre 0,02 ct y 20 ct.");
  });
});
