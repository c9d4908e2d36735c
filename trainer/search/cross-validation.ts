// How well a family does with given parameters on rows it has not seen: k folds of the training rows, never the held-out part.
import { InputError } from "#core/api/problem.ts";
import type { Params } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, takeRows } from "#core/dataset/table.ts";
import { meanAbsoluteError } from "#core/metrics/regression.ts";
import type { Family } from "../families/family.ts";
import { seeded } from "../random.ts";
import type { Report } from "./trial.ts";

export interface CrossValidation<P extends Params> {
  readonly family: Family<P>;
  /** As a trial names them: completed and checked by the family. */
  readonly params: Params;
  readonly spec: DatasetSpec;
  /** Training rows only. */
  readonly train: LabelledTable;
  /** Fold of each training row, counted from 0; each fold must hold a row. */
  readonly folds: Uint8Array;
  /** The same for every trial, so that trials differ by their parameters alone. */
  readonly seed: number;
  /** Told the error over all folds so far after each one; rejects to give the trial up. */
  readonly report?: Report;
}

export interface CrossValidated {
  /** Mean absolute error over all rows, each predicted by the model that did not see it; in the target's unit. */
  readonly value: number;
  /** Those predictions, in the rows' order. */
  readonly predicted: Float64Array;
}

/** Row indices by fold. Throws InputError for fewer than two folds or an empty one. */
function foldMembers(folds: Uint8Array): number[][] {
  const members: number[][] = [];
  folds.forEach((fold, row) => {
    while (members.length <= fold) members.push([]);
    members[fold].push(row);
  });
  const empty = members.findIndex(({ length }) => length === 0);
  if (empty >= 0) throw new InputError(`folds: expected rows in every fold; fold ${empty} has none`);
  if (members.length < 2) throw new InputError(`folds: expected at least 2; got ${members.length}`);
  return members;
}

/** Fits and predicts fold by fold. Throws InputError for parameters that the family does not accept. */
export async function crossValidate<P extends Params>(options: CrossValidation<P>): Promise<CrossValidated> {
  const { family, spec, train, folds, seed, report } = options;
  const parsed = family.params.safeParse(options.params);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({
      pointer: `/${path.join("/")}`,
      detail: message,
    }));
    throw new InputError(faults);
  }
  if (folds.length !== train.rows)
    throw new InputError(`folds: expected one a training row, ${train.rows}; got ${folds.length}`);
  const predicted = new Float64Array(train.rows);
  const members = foldMembers(folds);
  let absolute = 0;
  let seen = 0;
  for (const [fold, rows] of members.entries()) {
    const others = members.flatMap((list, i) => (i === fold ? [] : list)).sort((a, b) => a - b);
    const model = await family.fit(parsed.data, takeRows(train, others), { spec, random: seeded(seed) });
    const held = takeRows(train, rows);
    const answer = model.predict(held);
    rows.forEach((row, i) => {
      predicted[row] = answer[i];
    });
    absolute += meanAbsoluteError(held.target, answer) * rows.length;
    seen += rows.length;
    await report?.(absolute / seen);
  }
  return { value: absolute / seen, predicted };
}
