// Brings rows into the shared memory: targets, weights, and every column as bins.
import { InputError } from "#core/api/problem.ts";
import { isSetFeature, type Matrix, type MatrixFeature, numbersOf } from "../../../effects/matrix.ts";
import { binnerBytes } from "../kernels/layout.ts";
import type { Views } from "../kernels/views.ts";
import { type Task, taskKind } from "../threads/task.ts";
import type { Team } from "../threads/team.ts";
import { binLevels } from "./bin-levels.ts";

function refuseFeature(feature: MatrixFeature, detail: string): never {
  throw new InputError([{ pointer: `/${feature.name}`, detail }]);
}

/**
 * Bins every column of `matrix`, and of `validation` after it. Returns the bins of each set feature's levels.
 * Throws InputError for a column that is missing in every training row or holds an infinite number.
 */
export function fillBins(
  views: Views,
  team: Team,
  matrix: Matrix,
  validation: Matrix | undefined,
  bins: number,
  binners: number,
): Map<number, Int16Array> {
  const binsOfLevels = new Map<number, Int16Array>();
  const numbers: number[] = [];
  matrix.features.forEach((feature, index) => {
    views.setFeature(index, "monotone", isSetFeature(feature) ? 0 : (feature.monotone ?? 0));
    if (!isSetFeature(feature)) {
      numbers.push(index);
      return;
    }
    const codes = [feature, validation?.features[index]].flatMap((part) =>
      part?.type === "category" ? [part.values] : [],
    );
    const { binOfLevel, known } = binLevels(views, index, codes, feature.levels.length, bins);
    if (known === 0) refuseFeature(feature, "every training row misses it; leave it out");
    binsOfLevels.set(index, binOfLevel);
  });
  for (let from = 0; from < numbers.length; from += binners) {
    binTogether(views, team, matrix, validation, numbers.slice(from, from + binners));
  }
  return binsOfLevels;
}

/** Bins some number columns at the same time, each in a scratch slot of its own. */
function binTogether(
  views: Views,
  team: Team,
  matrix: Matrix,
  validation: Matrix | undefined,
  indices: readonly number[],
): void {
  const { plan, floats } = views;
  const tasks = indices.map((index, slot): Task => {
    const column = (plan.at.scratch + slot * binnerBytes(plan.rows, plan.allRows)) >> 2;
    floats.set(numbersOf(matrix.features[index]), column);
    if (validation) floats.set(numbersOf(validation.features[index]), column + plan.rows);
    return [taskKind.bin, index, slot];
  });
  team.run(tasks);
  team.results(tasks.length).forEach(([known, isInfinite], k) => {
    const feature = matrix.features[indices[k]];
    if (known === 0) refuseFeature(feature, "every training row misses it; leave it out");
    if (isInfinite === 1)
      refuseFeature(feature, "expected finite numbers, or NaN where missing; got Infinity");
  });
}
