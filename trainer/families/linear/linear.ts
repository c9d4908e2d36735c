// The linear family: least squares on a spline or powers of the main number, levels, their interactions, and the other numbers.
import type { Family } from "../family.ts";
import { linearCandidates } from "./candidates.ts";
import { fitLinear } from "./linear-model.ts";
import { LinearParams, linearSpace } from "./params.ts";

export const linear: Family<LinearParams> = {
  name: "linear",
  title: "Linear model",
  tasks: ["regression"],
  params: LinearParams,
  candidates: linearCandidates,
  space: linearSpace,
  fit: fitLinear,
};
