// What a worker thread is sent to join a fit: the shared memory, its plan and how to compute.
import type { MemoryPlan } from "../kernels/layout.ts";
import type { CompiledModule, SharedMemory } from "../kernels/webassembly.ts";
import type { ObjectiveChoice } from "../objectives/index.ts";

export interface Assignment {
  readonly memory: SharedMemory;
  readonly plan: MemoryPlan;
  /** Which of the plan's threads this one is; the caller is 0. */
  readonly thread: number;
  /** Compiled kernels; undefined for the plain ones. */
  readonly module: CompiledModule | undefined;
  readonly objective: ObjectiveChoice;
  readonly bins: number;
}
