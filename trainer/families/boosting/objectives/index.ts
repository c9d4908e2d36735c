// The objectives by name, with the setting that some of them take.
import { logistic, softmax } from "./classes.ts";
import { huber } from "./huber.ts";
import { gamma, poisson, tweedie } from "./logarithmic.ts";
import type { Objective } from "./objective.ts";
import { absoluteError, quantile } from "./quantile.ts";
import { squaredError } from "./squared-error.ts";

/** An objective as plain data: what options name and threads are sent. */
export type ObjectiveChoice =
  | { readonly name: "squaredError" | "absoluteError" | "poisson" | "gamma" | "logistic" }
  /** Squared within `delta` of the target, in its unit. */
  | { readonly name: "huber"; readonly delta: number }
  /** `share` of the targets lies below the prediction. */
  | { readonly name: "quantile"; readonly share: number }
  /** Variance power between 1 and 2. */
  | { readonly name: "tweedie"; readonly power: number }
  | { readonly name: "softmax"; readonly classes: number };

export function objectiveOf(choice: ObjectiveChoice): Objective {
  switch (choice.name) {
    case "squaredError":
      return squaredError;
    case "absoluteError":
      return absoluteError;
    case "huber":
      return huber(choice.delta);
    case "quantile":
      return quantile(choice.share);
    case "poisson":
      return poisson;
    case "gamma":
      return gamma;
    case "tweedie":
      return tweedie(choice.power);
    case "logistic":
      return logistic;
    case "softmax":
      return softmax(choice.classes);
  }
}
