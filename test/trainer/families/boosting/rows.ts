// Small seeded matrices of every kind of column, for the tests of the booster.
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { encodeRow, rowMargins } from "#core/trees/margin.ts";
import type { Matrix } from "../../../../trainer/effects/matrix.ts";
import { fitEnsemble } from "../../../../trainer/families/boosting/fit.ts";
import { defaultSettings, type FitOptions } from "../../../../trainer/families/boosting/options.ts";
import { type Random, seeded } from "../../../../trainer/random.ts";

export interface Sample {
  readonly matrix: Matrix;
  readonly target: Float32Array;
}

/** Two numbers (one with missing cells), one ordered and one unordered category; the target depends on all of them. */
export function drawSample(rows: number, seed: number): Sample {
  const random = seeded(seed);
  const column = (draw: (random: Random) => number) =>
    Float32Array.from({ length: rows }, () => draw(random));
  const size = column((next) => next() * 10);
  const depth = column((next) => (next() < 0.2 ? Number.NaN : Math.round(next() * 20) / 4));
  const grade = Int32Array.from({ length: rows }, () => Math.floor(random() * 6) - 1);
  const place = Int32Array.from({ length: rows }, () => Math.floor(random() * 9) - 1);
  const height = [3, -1, 4, 1, -5, 9, 2, 6];
  const target = Float32Array.from({ length: rows }, (_, row) => {
    const known = Number.isNaN(depth[row]) ? 2 : Math.sin(depth[row]);
    return size[row] + 2 * known + grade[row] + (place[row] < 0 ? 0 : height[place[row]]) + 0.1 * random();
  });
  return {
    matrix: {
      rows,
      features: [
        { name: "size", type: "number", values: size },
        { name: "depth", type: "number", values: depth },
        { name: "grade", type: "category", levels: ["a", "b", "c", "d", "e"], values: grade, ordered: true },
        { name: "place", type: "category", levels: [..."NESWnesw"], values: place, ordered: false },
      ],
    },
    target,
  };
}

/** Default settings with few trees: what a test of one thing varies. */
export function settingsWith(changes: Partial<FitOptions>): FitOptions {
  return { ...defaultSettings, trees: 10, ...changes };
}

export function boost({ matrix, target }: Sample, changes: Partial<FitOptions> = {}) {
  return fitEnsemble(matrix, target, settingsWith(changes));
}

/** One number column as a matrix. */
export function numberMatrix(values: readonly number[]): Matrix {
  return {
    rows: values.length,
    features: [{ name: "x", type: "number", values: Float32Array.from(values) }],
  };
}

/** Margins by the reference predictor, [rows][outputs]. */
export function marginsOf(ensemble: TreeEnsemble, matrix: Matrix): Float32Array[] {
  const columns = Object.fromEntries(matrix.features.map(({ name, values }) => [name, values]));
  return Array.from({ length: matrix.rows }, (_, row) =>
    rowMargins(ensemble, encodeRow(ensemble.features, { rows: matrix.rows, columns }, row)),
  );
}

/** Every bit that a fit decides: structure, thresholds, sets, values, covers and gains. */
export function bitsOf({ trees, baseScore }: TreeEnsemble) {
  return { trees: trees.map((tree) => ({ ...tree, members: [...tree.members] })), baseScore };
}
