// The registry of roads, one a task.
import type { DatasetSpec, TaskName } from "#core/dataset/spec.ts";
import { amounts } from "./amounts.ts";
import { classes } from "./classes.ts";
import type { Road } from "./road.ts";

const roads: Readonly<Record<TaskName, Road>> = { regression: amounts, binary: classes, multiclass: classes };

/** What training does for the task of a spec. */
export function roadOf({ task }: Pick<DatasetSpec, "task">): Road {
  return roads[task];
}
