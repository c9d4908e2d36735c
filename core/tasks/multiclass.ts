// Multiclass: three classes or more, none of them set apart; a decision is the most probable class.
import { classes } from "./classes.ts";
import type { Task } from "./task.ts";

export const multiclass: Task = {
  name: "multiclass",
  ...classes,
  contributionUnit: () => "in log-odds, over all classes",
};
