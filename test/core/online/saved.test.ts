// The bytes of a learner's state: a round trip, and clear refusals of what is cut, damaged or forged.
import { describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { learners } from "#core/online/learners.ts";
import { decodeSaved, encodeSaved } from "#core/online/saved.ts";

const value = {
  nothing: null,
  flags: [true, false],
  numbers: [0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY],
  text: "héllo",
  floats: Float64Array.of(1, Number.NaN, -2.5),
  ints: Int32Array.of(-1, 2 ** 31 - 1),
  inner: { empty: {}, list: [] },
};

describe("a learner's state as bytes", () => {
  it("comes back as it was", () => {
    expect(decodeSaved(encodeSaved(value))).toEqual(value);
  });

  it("is refused at every length but its own, and with any byte changed", () => {
    const bytes = encodeSaved(value);
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeSaved(bytes.slice(0, length))).toThrow(InputError);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] ^= 0x40;
      expect(() => decodeSaved(damaged)).toThrow(InputError);
    }
  });

  it("names another version", () => {
    const bytes = encodeSaved(value);
    bytes[4] = 9;
    expect(() => decodeSaved(bytes)).toThrow(/expected format 1; got 9/);
  });

  it("of one learner is no state of another", () => {
    const shape = { isCategory: Uint8Array.of(0, 1) };
    const saved = learners.mean.create("regression", shape, 1).save();
    expect(() => learners.mondrian.restore(saved, "regression", shape)).toThrow(InputError);
    const narrow = learners.nearest.create("regression", { isCategory: Uint8Array.of(0) }, 1).save();
    expect(() => learners.nearest.restore(narrow, "regression", shape)).toThrow(/state: /);
  });
});
