// What any learner has to beat: the mean or the shares of the classes so far, and the last answer.
import { InputError } from "../api/problem.ts";
import type { Learner, LearnerKind, OnlineRow } from "./learner.ts";
import { floatsOf, isFloats, isNumber, partOf, type Saved } from "./saved.ts";

class MeanLearner implements Learner {
  readonly #mean = new Float64Array(1);
  #count = 0;

  predictOne(): Float64Array {
    return this.#mean;
  }

  learnOne(_: OnlineRow, target: number): void {
    this.#count++;
    this.#mean[0] += (target - this.#mean[0]) / this.#count;
  }

  save(): Saved {
    return { count: this.#count, mean: this.#mean.slice() };
  }

  static restore(saved: Saved): MeanLearner {
    const learner = new MeanLearner();
    learner.#count = partOf(saved, "count", isNumber);
    learner.#mean.set(partOf(saved, "mean", floatsOf(1)));
    return learner;
  }
}

class PriorLearner implements Learner {
  #counts = new Float64Array(0);

  predictOne(): Float64Array {
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    return this.#counts.map((count) => count / total);
  }

  learnOne(_: OnlineRow, target: number): void {
    if (target >= this.#counts.length) this.#counts = widen(this.#counts, target + 1);
    this.#counts[target]++;
  }

  save(): Saved {
    return { counts: this.#counts.slice() };
  }

  static restore(saved: Saved): PriorLearner {
    const learner = new PriorLearner();
    learner.#counts = partOf(saved, "counts", isFloats).slice();
    return learner;
  }
}

class LastLearner implements Learner {
  readonly #isClass: boolean;
  #last = 0;
  #classes = 0;

  constructor(isClass: boolean) {
    this.#isClass = isClass;
  }

  predictOne(): Float64Array {
    if (!this.#isClass) return Float64Array.of(this.#last);
    return Float64Array.from({ length: this.#classes }, (_, label) => (label === this.#last ? 1 : 0));
  }

  learnOne(_: OnlineRow, target: number): void {
    this.#last = target;
    this.#classes = Math.max(this.#classes, target + 1);
  }

  save(): Saved {
    return { last: this.#last, classes: this.#classes };
  }

  static restore(saved: Saved, isClass: boolean): LastLearner {
    const learner = new LastLearner(isClass);
    learner.#last = partOf(saved, "last", isNumber);
    learner.#classes = partOf(saved, "classes", isNumber);
    if (!(learner.#classes >= 0 && learner.#classes <= 10_000))
      throw new InputError("state: classes is not what it should be");
    return learner;
  }
}

/** The values with zeros after them, `length` in all. */
export function widen(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(length);
  wider.set(values);
  return wider;
}

export const mean: LearnerKind = {
  title: "Mean, or shares of the classes",
  tasks: ["regression", "classes"],
  create: (task) => (task === "regression" ? new MeanLearner() : new PriorLearner()),
  restore: (saved, task) =>
    task === "regression" ? MeanLearner.restore(saved) : PriorLearner.restore(saved),
};

export const last: LearnerKind = {
  title: "Last answer",
  tasks: ["regression", "classes"],
  create: (task) => new LastLearner(task === "classes"),
  restore: (saved, task) => LastLearner.restore(saved, task === "classes"),
};
