// How many rows each class has, and the refusal of classes that are too rare to be learnt or measured.
import { InputError, quoted } from "#core/api/problem.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";

/** One for each of five folds. */
export const fewestRowsOfClass = 5;

/** Rows by class, in the order of the levels; `target` holds their places. Undefined for an amount. */
export function countClasses(
  { target: { levels } }: DatasetSpec,
  target: ArrayLike<number>,
): { level: string; rows: number }[] | undefined {
  if (!levels) return undefined;
  const rows = new Uint32Array(levels.length);
  for (let row = 0; row < target.length; row++) rows[target[row]]++;
  return levels.map((level, at) => ({ level, rows: rows[at] }));
}

/** Throws InputError for a class that fewer rows are of than there are folds. */
export function checkClasses(spec: DatasetSpec, target: ArrayLike<number>): void {
  const rare = countClasses(spec, target)?.find(({ rows }) => rows < fewestRowsOfClass);
  if (!rare) return;
  const detail =
    `expected at least ${fewestRowsOfClass} rows of every class after cleaning; got ${rare.rows} of ${quoted(rare.level)}; ` +
    'take the class out of the levels and list "invalid-level" under "clean" to drop such rows';
  throw new InputError([{ pointer: `/target/levels`, detail }]);
}
