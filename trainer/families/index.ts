// The registry of model families: a new family is one folder, one line here, and its name in core/api/jobs.ts, where the API checks it.

import type { familyNames } from "#core/api/jobs.ts";
import { boosting } from "./boosting/index.ts";
import type { Family } from "./family.ts";
import { linear } from "./linear/linear.ts";
import { mean } from "./mean.ts";

export const families = { boosting, linear, mean } satisfies Record<(typeof familyNames)[number], Family>;
