// Functions to minimise with known answers: Hartmann-6, and one over every kind of parameter. test/fixtures/search/make.py has the same.
import type { Params } from "#core/bundle/manifest.ts";
import type { SpaceInput } from "../../../trainer/search/space.ts";

const steepness = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const centres = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];
const depths = [1, 1.2, 3, 3.2];

export const hartmannSpace: SpaceInput = Object.fromEntries(
  ["a", "b", "c", "d", "e", "f"].map((name) => [name, { type: "float", low: 0, high: 1 }]),
);

/** Minimum -3.32237, with one strong local minimum near -3.20. */
export function hartmann(params: Params): number {
  const x = Object.values(params) as number[];
  return -depths.reduce((sum, depth, i) => {
    const distance = x.reduce((total, value, j) => total + steepness[i][j] * (value - centres[i][j]) ** 2, 0);
    return sum + depth * Math.exp(-distance);
  }, 0);
}

export const mixedSpace: SpaceInput = {
  rate: { type: "float", low: 1e-4, high: 1, log: true },
  depth: { type: "int", low: 1, high: 12 },
  width: { type: "int", low: 1, high: 1024, log: true },
  kind: { type: "category", choices: ["a", "b", "c", null] },
  fixed: { type: "int", low: 7, high: 7 },
};

/** 0 at rate .01, depth 8, width 32, kind c. */
export function mixed({ rate, depth, width, kind }: Params): number {
  const far =
    Math.abs(Math.log10(Number(rate)) + 2) +
    Math.abs(Number(depth) - 8) / 3 +
    Math.abs(Math.log2(Number(width)) - 5) / 3;
  return far + (kind === "c" ? 0 : 1);
}
