// The contract of a learner: it predicts a row, then learns its answer, one row after another, and can be saved and restored at any time.
import type { Saved } from "./saved.ts";

/** Which columns a row has: numbers, or codes of levels that are counted as they are first seen. */
export interface RowShape {
  /** 1 where the column holds codes. */
  readonly isCategory: Uint8Array;
}

/** One number a column: a value, or a level's code from 0; NaN is missing. */
export type OnlineRow = Float64Array;

export type OnlineTask = "regression" | "classes";

export interface Learner {
  /**
   * Regression: one number, 0 before anything was learnt. Classes: a probability for each class learnt so far, by code; empty before
   * the first. Never NaN. The array is the learner's own: it may change with the next call.
   */
  predictOne(row: OnlineRow): Float64Array;
  /** Learns a finite number, or the code of a class; codes are counted from 0 as classes are first seen. */
  learnOne(row: OnlineRow, target: number): void;
  /** All that the next prediction depends on; `restore` of its kind goes on from it bit for bit. */
  save(): Saved;
}

/** One kind of learner, in the registry of core/online/learners.ts. */
export interface LearnerKind {
  readonly title: string;
  readonly tasks: readonly OnlineTask[];
  /** `seed` decides what a random learner draws; the same seed and rows give the same learner. */
  create(task: OnlineTask, shape: RowShape, seed: number): Learner;
  /** Throws InputError for what `save` of this kind never wrote. */
  restore(saved: Saved, task: OnlineTask, shape: RowShape): Learner;
}
