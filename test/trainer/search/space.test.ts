// What a search space accepts and how it refuses the rest.
import { describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { boostingSpace } from "../../../trainer/families/boosting/space.ts";
import { seeded } from "../../../trainer/random.ts";
import { drawPoint, parseSpace, type SpaceInput, toParams, toPoint } from "../../../trainer/search/space.ts";

describe("parseSpace", () => {
  it.each<[string, SpaceInput, RegExp]>([
    ["ends swapped", { x: { type: "float", low: 2, high: 1 } }, /\/x\/high.*at least the low end, 2; got 1/],
    ["log from zero", { x: { type: "float", low: 0, high: 1, log: true } }, /\/x\/low.*above 0/],
    ["log integer from zero", { x: { type: "int", low: 0, high: 9, log: true } }, /\/x\/low.*at least 1/],
    ["fractional integer", { x: { type: "int", low: 0.5, high: 9 } }, /\/x\/low/],
    ["NaN", { x: { type: "float", low: Number.NaN, high: 1 } }, /\/x\/low/],
    ["no choices", { x: { type: "category", choices: [] } }, /\/x\/choices/],
    ["repeated choices", { x: { type: "category", choices: [1, 1] } }, /distinct/],
    ["nothing", {}, /at least one parameter/],
  ])("refuses %s", (_, space, message) => {
    expect(() => parseSpace(space)).toThrow(message);
    expect(() => parseSpace(space)).toThrow(InputError);
  });

  it("accepts the boosting space", () => {
    expect(Object.keys(parseSpace(boostingSpace))).toHaveLength(8);
  });
});

describe("points", () => {
  const space = parseSpace({
    rate: { type: "float", low: 1e-6, high: 1, log: true },
    depth: { type: "int", low: 1, high: 3 },
    kind: { type: "category", choices: ["a", true, null] },
  });

  it("draws each decade and each integer equally often", () => {
    const random = seeded(3);
    const draws = Array.from({ length: 6000 }, () => drawPoint(space, random));
    const share = (test: (point: Float64Array) => boolean) => draws.filter(test).length / draws.length;
    expect(share(([rate]) => rate < 1e-3)).toBeCloseTo(0.5, 1);
    for (const depth of [1, 2, 3]) expect(share((point) => point[1] === depth)).toBeCloseTo(1 / 3, 1);
    for (const kind of [0, 1, 2]) expect(share((point) => point[2] === kind)).toBeCloseTo(1 / 3, 1);
  });

  it("goes to parameters and back", () => {
    const params = { rate: 0.01, depth: 2, kind: null };
    expect(toParams(space, toPoint(space, params))).toEqual(params);
  });

  it("names every parameter outside the space", () => {
    expect(() => toPoint(space, { rate: 2, depth: 1.5, kind: "b" })).toThrow(
      '/rate: expected a number from 0.000001 to 1; got 2; /depth: expected an integer from 1 to 3; got 1.5; /kind: expected one of "a", true, null; got "b"',
    );
  });
});
