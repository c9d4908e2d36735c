// The boosting family: gradient boosted trees on histograms, by the trainer's own engine (fit.ts).
import type { TaskName } from "#core/dataset/spec.ts";
import type { Family } from "../family.ts";
import { fitBoosting } from "./boosted-model.ts";
import { fitClasses } from "./class-model.ts";
import { BoostingParams, boostingCandidates, boostingPresets } from "./params.ts";
import { boostingSpace } from "./space.ts";

const fits: Readonly<Record<TaskName, typeof fitBoosting>> = {
  regression: fitBoosting,
  binary: fitClasses,
  multiclass: fitClasses,
};

export const boosting: Family<BoostingParams> = {
  name: "boosting",
  title: "Boosted trees",
  tasks: ["regression", "binary", "multiclass"],
  params: BoostingParams,
  candidates: boostingCandidates,
  presets: boostingPresets,
  space: boostingSpace,
  fit: (params, train, context) => fits[context.spec.task](params, train, context),
};
