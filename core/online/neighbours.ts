// The nearest rows in a window of the latest: their mean, or their classes' shares. Numbers are standardised, categories match or not.
import type { Learner, LearnerKind, OnlineRow, OnlineTask, RowShape } from "./learner.ts";
import { RunningMoments } from "./running-moments.ts";
import { floatsOf, isAnything, isNumber, partOf, type Saved } from "./saved.ts";

const windowRows = 1000;
const neighbours = 5;

class NeighbourLearner implements Learner {
  readonly #isClass: boolean;
  readonly #shape: RowShape;
  #moments: RunningMoments;
  /** Rows one after another, the oldest overwritten first. */
  readonly #rows: Float64Array;
  readonly #targets = new Float64Array(windowRows);
  #learnt = 0;
  #classes = 0;

  constructor(task: OnlineTask, shape: RowShape) {
    const columns = shape.isCategory.length;
    this.#isClass = task === "classes";
    this.#shape = shape;
    this.#moments = new RunningMoments(columns);
    this.#rows = new Float64Array(windowRows * columns);
  }

  predictOne(row: OnlineRow): Float64Array {
    const held = Math.min(this.#learnt, windowRows);
    const out = new Float64Array(this.#isClass ? this.#classes : 1);
    if (held === 0) return out;
    const count = Math.min(neighbours, held);
    const near = this.#nearest(row, held, count);
    for (const at of near) {
      if (this.#isClass) out[this.#targets[at]] += 1 / count;
      else out[0] += this.#targets[at] / count;
    }
    return out;
  }

  #nearest(row: OnlineRow, held: number, count: number): number[] {
    const { isCategory } = this.#shape;
    const columns = isCategory.length;
    const scales = Float64Array.from(row, (_, column) => {
      const deviation = isCategory[column] ? 1 : this.#moments.deviation(column);
      return deviation > 0 ? 1 / deviation : 0;
    });
    const near: { at: number; distance: number }[] = [];
    for (let at = 0; at < held; at++) {
      let distance = 0;
      const limit = near.length < count ? Number.POSITIVE_INFINITY : near[count - 1].distance;
      for (let column = 0; column < columns && distance < limit; column++) {
        const own = this.#rows[at * columns + column];
        const other = row[column];
        // One missing value is as far as a deviation; two are alike.
        if (Number.isNaN(own) || Number.isNaN(other))
          distance += Number.isNaN(own) === Number.isNaN(other) ? 0 : 1;
        else if (isCategory[column]) distance += own === other ? 0 : 1;
        else distance += ((own - other) * scales[column]) ** 2;
      }
      if (distance >= limit) continue;
      let place = near.length;
      while (place > 0 && near[place - 1].distance > distance) place--;
      near.splice(place, 0, { at, distance });
      if (near.length > count) near.pop();
    }
    return near.map(({ at }) => at);
  }

  learnOne(row: OnlineRow, target: number): void {
    const place = this.#learnt++ % windowRows;
    for (let column = 0; column < row.length; column++)
      if (!this.#shape.isCategory[column] && !Number.isNaN(row[column]))
        this.#moments.add(column, row[column]);
    this.#rows.set(row, place * row.length);
    this.#targets[place] = target;
    if (this.#isClass) this.#classes = Math.max(this.#classes, target + 1);
  }

  save(): Saved {
    return {
      moments: this.#moments.save(),
      rows: this.#rows.slice(),
      targets: this.#targets.slice(),
      learnt: this.#learnt,
      classes: this.#classes,
    };
  }

  static restore(saved: Saved, task: OnlineTask, shape: RowShape): NeighbourLearner {
    const learner = new NeighbourLearner(task, shape);
    learner.#moments = RunningMoments.restore(partOf(saved, "moments", isAnything), shape.isCategory.length);
    learner.#rows.set(partOf(saved, "rows", floatsOf(learner.#rows.length)));
    learner.#targets.set(partOf(saved, "targets", floatsOf(windowRows)));
    learner.#learnt = partOf(saved, "learnt", isNumber);
    learner.#classes = partOf(saved, "classes", isNumber);
    return learner;
  }
}

export const nearest: LearnerKind = {
  title: `Nearest ${neighbours} of the last ${windowRows} rows`,
  tasks: ["regression", "classes"],
  create: (task, shape) => new NeighbourLearner(task, shape),
  restore: (saved, task, shape) => NeighbourLearner.restore(saved, task, shape),
};
