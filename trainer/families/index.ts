// The registry of model families: a new family is one folder, one line here, and its name in core/api/family-names.ts, where the API checks it.

import type { FamilyName } from "#core/api/family-names.ts";
import { boosting } from "./boosting/index.ts";
import type { Family } from "./family.ts";
import { linear } from "./linear/linear.ts";
import { logistic } from "./linear/logistic/index.ts";
import { mean } from "./mean.ts";
import { prior } from "./prior.ts";

export const families = { boosting, linear, logistic, mean, prior } satisfies Record<FamilyName, Family>;
