// The registry of model families: a new family is one folder and one line here.

import { boosting } from "./boosting/index.ts";
import type { Family } from "./family.ts";
import { linear } from "./linear/linear.ts";
import { mean } from "./mean.ts";

export const families = { boosting, linear, mean } satisfies Record<string, Family>;
