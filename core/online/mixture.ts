// A mixture of experts: each weighs by how it has predicted lately, so that nobody has to choose one (Herbster and Warmuth 1998, fixed share).
import { InputError } from "../api/problem.ts";
import { exponential } from "../onnx/exponential.ts";
import { logarithm } from "../onnx/logarithm.ts";
import type { Learner, LearnerKind, OnlineRow, OnlineTask, RowShape } from "./learner.ts";
import { floatsOf, isAnything, isList, isNumber, partOf, type Saved } from "./saved.ts";

/** Weight that every expert gets back after each row: one that was bad can become the best within some hundred rows. */
const share = 0.0002;
/** How fast weights follow losses. */
const rate = { regression: 2, classes: 0.5 } as const;
/** A probability below this costs no more. */
const leastProbability = 0.01;
/** How fast the typical error, which losses are measured in, follows. */
const errorDecay = 0.02;
/** For so many rows experts also answer for a row that they have just learnt: one that cannot fit it yet has little to say. */
const warmUpRows = 20;
const warmUpRate = 8;
/** A loss beyond this many typical errors counts as this. */
const largestLoss = 5;

class MixtureLearner implements Learner {
  readonly #task: OnlineTask;
  readonly #experts: readonly Learner[];
  readonly #weights: Float64Array;
  #typicalError = 0;
  #classes = 0;
  #learnt = 0;

  constructor(task: OnlineTask, experts: readonly Learner[]) {
    this.#task = task;
    this.#experts = experts;
    this.#weights = new Float64Array(experts.length).fill(1 / experts.length);
  }

  predictOne(row: OnlineRow): Float64Array {
    return this.#blend(this.#experts.map((expert) => expert.predictOne(row)));
  }

  #blend(opinions: readonly Float64Array[]): Float64Array {
    const width = this.#task === "regression" ? 1 : this.#classes;
    const out = new Float64Array(width);
    opinions.forEach((opinion, expert) => {
      for (let k = 0; k < width; k++) out[k] += this.#weights[expert] * (opinion[k] ?? 0);
    });
    if (this.#task === "classes" && width > 0) {
      const total = out.reduce((sum, one) => sum + one, 0);
      for (let k = 0; k < width; k++) out[k] = total > 0 ? out[k] / total : 1 / width;
    }
    return out;
  }

  learnOne(row: OnlineRow, target: number): void {
    const opinions = this.#experts.map((expert) => expert.predictOne(row).slice());
    if (this.#task === "regression") {
      const error = Math.abs(this.#blend(opinions)[0] - target);
      const step = this.#typicalError === 0 ? 1 : errorDecay;
      this.#typicalError += step * (error - this.#typicalError);
    }
    this.#weigh(opinions, target, rate[this.#task]);
    this.#classes = Math.max(this.#classes, this.#task === "classes" ? target + 1 : 0);
    for (const expert of this.#experts) expert.learnOne(row, target);
    if (this.#learnt++ >= warmUpRows || this.#task === "classes") return;
    this.#weigh(
      this.#experts.map((expert) => expert.predictOne(row)),
      target,
      warmUpRate,
    );
  }

  #weigh(opinions: readonly Float64Array[], target: number, rateNow: number): void {
    let total = 0;
    opinions.forEach((opinion, expert) => {
      this.#weights[expert] *= exponential(-rateNow * this.#lossOf(opinion, target));
      total += this.#weights[expert];
    });
    for (let expert = 0; expert < this.#weights.length; expert++) {
      const weight = total > 0 ? this.#weights[expert] / total : 1 / this.#weights.length;
      this.#weights[expert] = (1 - share) * weight + share / this.#weights.length;
    }
  }

  #lossOf(opinion: Float64Array, target: number): number {
    if (this.#task === "classes") return -logarithm(Math.max(leastProbability, opinion[target] ?? 0));
    if (!(this.#typicalError > 0)) return 0;
    return Math.min(largestLoss, Math.abs(opinion[0] - target) / this.#typicalError);
  }

  save(): Saved {
    return {
      weights: this.#weights.slice(),
      typicalError: this.#typicalError,
      classes: this.#classes,
      learnt: this.#learnt,
      experts: this.#experts.map((expert) => expert.save()),
    };
  }

  static restore(
    saved: Saved,
    task: OnlineTask,
    shape: RowShape,
    kinds: readonly LearnerKind[],
  ): MixtureLearner {
    const experts = partOf(saved, "experts", isList);
    if (experts.length !== kinds.length)
      throw new InputError(`state: expected ${kinds.length} experts; got ${experts.length}`);
    const learner = new MixtureLearner(
      task,
      kinds.map((kind, at) => kind.restore(partOf({ own: experts[at] }, "own", isAnything), task, shape)),
    );
    learner.#weights.set(partOf(saved, "weights", floatsOf(kinds.length)));
    learner.#typicalError = partOf(saved, "typicalError", isNumber);
    learner.#classes = partOf(saved, "classes", isNumber);
    learner.#learnt = partOf(saved, "learnt", isNumber);
    return learner;
  }
}

/** A learner that mixes those of `kinds` that do its task. */
export function mixtureOf(kinds: readonly LearnerKind[]): LearnerKind {
  const doing = (task: OnlineTask) => kinds.filter(({ tasks }) => tasks.includes(task));
  return {
    title: "Expert mixture",
    tasks: ["regression", "classes"],
    create: (task, shape, seed) =>
      new MixtureLearner(
        task,
        doing(task).map((kind) => kind.create(task, shape, seed)),
      ),
    restore: (saved, task, shape) => MixtureLearner.restore(saved, task, shape, doing(task)),
  };
}
