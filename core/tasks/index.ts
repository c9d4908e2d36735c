// The registry of tasks: a new task is one file and one line here.
import type { Metrics } from "../bundle/manifest.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import { binary } from "./binary.ts";
import { multiclass } from "./multiclass.ts";
import { regression } from "./regression.ts";
import type { Task } from "./task.ts";

const tasks = { regression, binary, multiclass } satisfies Record<DatasetSpec["task"], Task>;

/** The task of a spec. */
export function taskOf({ task }: Pick<DatasetSpec, "task">): Task {
  return tasks[task];
}

/** The task that metrics are of, where no spec is at hand: they hold its main metric. Of two classes or more it is whichever comes first: both measure alike. */
export function taskOfMetrics(metrics: Metrics): Task {
  return Object.values(tasks).find(({ mainMetric }) => mainMetric.name in metrics)!;
}
