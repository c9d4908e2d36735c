// XGBoost's linear booster: one weight a feature and output, then the biases. Source: GBLinearModel in XGBoost's src/gbm/gblinear_model.h.
import { InputError } from "#core/api/problem.ts";
import { type Document, numbersAt } from "./document.ts";
import type { ImportedTerm } from "./imported-model.ts";
import type { MatchedFeatures } from "./match-features.ts";

export interface LinearPart {
  /** The bias, without the base score. */
  readonly intercept: number;
  readonly terms: readonly ImportedTerm[];
}

/** Reads the weights of a model with one output. Throws InputError where they are not one a feature and a bias. */
export function readXgboostLinear(model: Document, matched: MatchedFeatures): LinearPart {
  const count = matched.features.length;
  const weights = numbersAt(model, "weights", "model", count + 1);
  for (let at = 0; at <= count; at++) {
    if (!Number.isFinite(weights[at]))
      throw new InputError(`model.weights: expected finite numbers; got ${weights[at]} at ${at}`);
  }
  return {
    intercept: Math.fround(weights[count]),
    // The booster passes over missing values, which is to count them as 0.
    terms: matched.features.map(({ name }, at) => {
      if (matched.levelOfCode[at]?.some((level, code) => level !== code)) {
        throw new InputError(
          `feature ${name}: a weight for category codes, which the model orders differently from the spec`,
        );
      }
      return { feature: name, weight: Math.fround(weights[at]), missing: 0 };
    }),
  };
}
