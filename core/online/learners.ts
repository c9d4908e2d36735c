// The registry of learners: a new one is one file and one line here.
import { last, mean } from "./baselines.ts";
import { adaptiveForest, hoeffdingTree } from "./hoeffding/learners.ts";
import type { LearnerKind } from "./learner.ts";
import { adagrad, ftrl, linear, passiveAggressive } from "./linear/linear.ts";
import { mixtureOf } from "./mixture.ts";
import { mondrian } from "./mondrian/mondrian-forest.ts";
import { nearest } from "./neighbours.ts";

const experts = {
  last,
  mean,
  linear,
  adagrad,
  ftrl,
  passiveAggressive,
  nearest,
  hoeffdingTree,
  adaptiveForest,
  mondrian,
} satisfies Readonly<Record<string, LearnerKind>>;

/** By the name that callers use. */
export const learners = {
  ...experts,
  mixture: mixtureOf(Object.values(experts)),
} satisfies Readonly<Record<string, LearnerKind>>;

export type LearnerName = keyof typeof learners;
