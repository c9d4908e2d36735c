// The boosting family: gradient boosted trees on histograms, by the trainer's own engine (fit.ts).
import type { Family } from "../family.ts";
import { fitBoosting } from "./boosted-model.ts";
import { BoostingParams, boostingCandidates, boostingPresets } from "./params.ts";
import { boostingSpace } from "./space.ts";

export const boosting: Family<BoostingParams> = {
  name: "boosting",
  title: "Boosted trees",
  tasks: ["regression"],
  params: BoostingParams,
  candidates: boostingCandidates,
  presets: boostingPresets,
  space: boostingSpace,
  fit: fitBoosting,
};
