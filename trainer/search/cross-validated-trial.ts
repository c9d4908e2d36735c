// A trial of a study as k-fold cross-validation of a family on training rows; the held-out part is never seen.
import type { Params } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { LabelledTable } from "#core/dataset/table.ts";
import type { Family } from "../families/family.ts";
import { crossValidate } from "./cross-validation.ts";
import type { Folds } from "./fold.ts";
import { parseParams } from "./params.ts";
import type { Evaluate } from "./trial.ts";

/** What stays the same over all trials of a study; over shared memory (shareTable) it goes to worker threads without a copy. */
export interface StudySubject {
  readonly spec: DatasetSpec;
  /** Training rows only. */
  readonly train: LabelledTable;
  readonly folds: Folds;
  /** The same for every trial, so that trials differ by their parameters alone. */
  readonly seed: number;
  /** Parameters of the family that the space leaves out. */
  readonly fixed?: Params;
}

/**
 * Evaluates trials as the mean error over all training rows, each predicted by a model that did not see it; the error so far is reported after each fold. Rejects where the family refuses the parameters or a prediction
 * is not finite.
 */
export function crossValidatedTrial(family: Family, subject: StudySubject): Evaluate {
  const { spec, train, folds, seed, fixed } = subject;
  return async (trial, report) => {
    const params = parseParams(family, { ...fixed, ...trial.params });
    let value = Number.NaN;
    const scored = await crossValidate(spec, family, { name: family.name, params }, train, folds, {
      seed,
      progress: () => {},
      report: (standing) => {
        value = standing;
        return report(standing);
      },
    });
    if (!scored) throw new RangeError("a prediction is not finite");
    return value;
  };
}
