// Aggregated Mondrian forest: trees that grow by chance alone and weigh every pruning by how it has predicted.
import type { Learner, LearnerKind, OnlineRow, OnlineTask, RowShape } from "../learner.ts";
import { RunningMoments } from "../running-moments.ts";
import { isAnything, isList, isNumber, partOf, type Saved } from "../saved.ts";
import { MondrianTree } from "./mondrian-tree.ts";

const trees = 10;
/** Bytes of all trees together; at the bound they stop growing and go on learning. */
const mostBytes = 32_000_000;

/** A node holds a box of two numbers a column, and some ten numbers beside. */
const nodesFor = (columns: number) => Math.max(64, Math.floor(mostBytes / trees / (8 * (2 * columns + 10))));

class MondrianForest implements Learner {
  readonly #isClass: boolean;
  readonly #shape: RowShape;
  #trees: MondrianTree[];
  /** Of the columns, and of the target after them. */
  #moments: RunningMoments;
  readonly #row: Float64Array;
  #classes = 0;
  #out: Float64Array;

  constructor(task: OnlineTask, shape: RowShape, seed: number) {
    const columns = shape.isCategory.length;
    this.#isClass = task === "classes";
    this.#shape = shape;
    this.#trees = Array.from(
      { length: trees },
      (_, at) => new MondrianTree(columns, nodesFor(columns), seed * trees + at),
    );
    this.#moments = new RunningMoments(columns + 1);
    this.#row = new Float64Array(columns);
    this.#out = new Float64Array(this.#isClass ? 0 : 1);
  }

  /** Missing values count as the column's mean. */
  #complete(row: OnlineRow): Float64Array {
    for (let column = 0; column < row.length; column++)
      this.#row[column] = Number.isNaN(row[column]) ? this.#moments.means[column] : row[column];
    return this.#row;
  }

  predictOne(row: OnlineRow): Float64Array {
    const out = this.#out.fill(0);
    const complete = this.#complete(row);
    for (const tree of this.#trees) tree.addPrediction(complete, this.#isClass, out);
    for (let k = 0; k < out.length; k++) out[k] /= trees;
    return out;
  }

  learnOne(row: OnlineRow, target: number): void {
    const columns = this.#shape.isCategory.length;
    for (let column = 0; column < columns; column++)
      if (!Number.isNaN(row[column])) this.#moments.add(column, row[column]);
    if (this.#isClass && target >= this.#classes) {
      this.#classes = target + 1;
      this.#out = new Float64Array(this.#classes);
    }
    if (!this.#isClass) this.#moments.add(columns, target);
    const answer = {
      isClass: this.#isClass,
      target,
      classes: this.#classes,
      lossScale: lossScaleOf(this.#moments.deviation(columns)),
    };
    const complete = this.#complete(row);
    for (const tree of this.#trees) tree.learn(complete, answer);
  }

  save(): Saved {
    return {
      moments: this.#moments.save(),
      classes: this.#classes,
      trees: this.#trees.map((tree) => tree.save()),
    };
  }

  static restore(saved: Saved, task: OnlineTask, shape: RowShape): MondrianForest {
    const forest = new MondrianForest(task, shape, 0);
    const columns = shape.isCategory.length;
    forest.#moments = RunningMoments.restore(partOf(saved, "moments", isAnything), columns + 1);
    forest.#classes = partOf(saved, "classes", isNumber);
    if (task === "classes") forest.#out = new Float64Array(forest.#classes);
    forest.#trees = partOf(saved, "trees", isList).map((tree) =>
      MondrianTree.restore(tree, columns, nodesFor(columns)),
    );
    return forest;
  }
}

/** Losses in units of the target's own spread, so that the forest does not depend on the target's unit. */
function lossScaleOf(deviation: number): number {
  return deviation > 0 ? 2 / (deviation * deviation) : 0;
}

export const mondrian: LearnerKind = {
  title: "Aggregated Mondrian forest",
  tasks: ["regression", "classes"],
  create: (task, shape, seed) => new MondrianForest(task, shape, seed),
  restore: (saved, task, shape) => MondrianForest.restore(saved, task, shape),
};
