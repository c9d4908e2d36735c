// The logistic family: regularised logistic regression, multinomial for more than two classes, on the linear family's designs.
import type { Family } from "../../family.ts";
import { fitLogistic } from "./logistic-model.ts";
import { LogisticParams, logisticCandidates, logisticSpace } from "./params.ts";

export const logistic: Family<LogisticParams> = {
  name: "logistic",
  title: "Logistic regression",
  tasks: ["binary", "multiclass"],
  params: LogisticParams,
  candidates: logisticCandidates,
  space: logisticSpace,
  fit: fitLogistic,
};
