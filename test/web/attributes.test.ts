// What attributes mean, also where they mean nothing; and which feature a curve is drawn against.
import { describe, expect, it } from "vitest";
import type { GivenRow } from "../../web/engines/engine.ts";
import { oneOf, readCount, readCoverage, readTiles, sizes } from "../../web/widget/attributes.ts";
import { gridStep } from "../../web/widget/view/curve.ts";
import { whatIfFeature } from "../../web/widget/what-if-feature.ts";
import { gems } from "../browser/gems-spec.ts";
import { houses } from "../browser/houses-spec.ts";

describe("an attribute", () => {
  it("of fixed values falls back to the default", () => {
    expect([
      oneOf(sizes, "wide", "normal"),
      oneOf(sizes, "huge", "normal"),
      oneOf(sizes, null, "normal"),
    ]).toEqual(["wide", "normal", "normal"]);
  });

  it("of a coverage takes what the service answers", () => {
    expect(["0.5", 0.8, "0.99"].map(readCoverage)).toEqual([0.5, 0.8, 0.99]);
    expect(["0.49", "1", "7", "abc", "", null, undefined].map(readCoverage)).toEqual(
      Array(7).fill(undefined),
    );
  });

  it("of map tiles takes an address with its three marks, and nothing else", () => {
    const template = "https://map.example/{z}/{x}/{y}.png";
    expect(readTiles(template, "Example")).toEqual({ template, credit: "Example" });
    expect(readTiles("/tiles/{z}/{x}/{y}.png", null)).toEqual({
      template: "/tiles/{z}/{x}/{y}.png",
      credit: "",
    });
    const others = [
      "https://map.example/{z}/{x}.png",
      "javascript:{z}{x}{y}",
      "//map.example/{z}/{x}/{y}",
      "",
      null,
    ];
    for (const other of others) expect(readTiles(other, "Example")).toBeUndefined();
  });

  it("of a count takes whole numbers up to ten", () => {
    expect(["0", "2", 4, "11", "-1", "1.5", "x", "", null].map((value) => readCount(value, 3))).toEqual([
      ...[0, 2, 4, 10, 3, 3, 3, 3, 3],
    ]);
  });
});

describe("the curve", () => {
  const row = { weight: 1, grade: "A", origin: "Mine 1" };

  it("is drawn against what was moved, where that is known and ordered", () => {
    const chosen = (given: GivenRow, moved: string, present = "") =>
      whatIfFeature(gems, given, { moved, present, importance: null });
    expect(chosen(row, "grade")).toBe("grade");
    expect(chosen({ ...row, height: 3 }, "height")).toBe("height");
    expect(chosen(row, "height")).toBe("weight");
    expect(chosen(row, "origin")).toBe("weight");
    expect(chosen(row, "origin", "grade")).toBe("grade");
    expect(chosen({}, "weight")).toBe("");
  });

  it("is drawn against the number that matters most where the spec names none", () => {
    const spec = { ...gems, similar: undefined };
    const importance = { age: 0.1, height: 0.7, weight: 0.2 };
    const choice = { moved: "", present: "", importance };
    expect(whatIfFeature(spec, { ...row, age: 3, height: 4 }, choice)).toBe("height");
    expect(whatIfFeature(spec, { ...row, age: 3 }, choice)).toBe("weight");
    expect(whatIfFeature(spec, { grade: "A" }, choice)).toBe("grade");
  });

  it("leaves out what no line can show: a yes or no, and half of a place", () => {
    const row = { area: 100, lift: true, latitude: 1, longitude: 2, built: "2001-01-01" };
    const chosen = (moved: string) =>
      whatIfFeature(houses, row, { moved, present: "area", importance: null });
    expect(["lift", "latitude", "longitude", "built"].map(chosen)).toEqual(["area", "area", "area", "built"]);
  });

  it("has one to three round lines below its top", () => {
    expect([9, 10, 14.9, 25_000, 1_210_000, 0.4].map((top) => Number(gridStep(top).toPrecision(3)))).toEqual([
      ...[5, 5, 5, 10_000, 500_000, 0.2],
    ]);
    for (const top of [1, 2.9, 37, 999, 1001, 123_456]) {
      const lines = Math.floor(top / gridStep(top));
      expect(lines).toBeGreaterThanOrEqual(1);
      expect(lines).toBeLessThanOrEqual(3);
    }
  });
});
