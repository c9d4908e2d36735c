// The registry of model families: a new family is one folder and one line here.
import type { Family } from "./family.ts";
import { linear } from "./linear/linear.ts";
import { mean } from "./mean.ts";

export const families = { linear, mean } satisfies Record<string, Family>;
