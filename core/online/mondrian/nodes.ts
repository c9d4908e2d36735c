// The nodes of a Mondrian tree in typed arrays: a box of the rows seen, what they answered, and how well the node has predicted.
import { InputError } from "../../api/problem.ts";
import { widen } from "../baselines.ts";
import { isFloats, isInts, isNumber, partOf, type Saved } from "../saved.ts";

const firstNodes = 32;

function widenInts(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(length);
  wider.set(values);
  return wider;
}

/** All arrays have one entry a node; boxes have one a column, answers one a class (or one: the mean). */
export class MondrianNodes {
  readonly columns: number;
  count = 0;
  /** Numbers an answer: classes, or 1. */
  width = 1;
  times = new Float64Array(firstNodes);
  /** Logarithms: of the node's own weight, and of its subtree's. */
  weights = new Float64Array(firstNodes);
  treeWeights = new Float64Array(firstNodes);
  rows = new Float64Array(firstNodes);
  thresholds = new Float64Array(firstNodes);
  /** Column of the split; -1 in a leaf. */
  features = new Int32Array(firstNodes);
  lefts = new Int32Array(firstNodes);
  rights = new Int32Array(firstNodes);
  parents = new Int32Array(firstNodes);
  lows: Float64Array<ArrayBuffer>;
  highs: Float64Array<ArrayBuffer>;
  answers = new Float64Array(firstNodes);

  constructor(columns: number) {
    this.columns = columns;
    this.lows = new Float64Array(firstNodes * columns);
    this.highs = new Float64Array(firstNodes * columns);
  }

  /** A leaf without rows. */
  add(parent: number, time: number): number {
    const node = this.count++;
    if (node >= this.times.length) this.#grow(2 * node);
    this.times[node] = time;
    this.parents[node] = parent;
    this.features[node] = -1;
    this.weights[node] = 0;
    this.treeWeights[node] = 0;
    this.rows[node] = 0;
    this.answers.fill(0, node * this.width, (node + 1) * this.width);
    return node;
  }

  #grow(nodes: number): void {
    for (const name of ["times", "weights", "treeWeights", "rows", "thresholds"] as const)
      this[name] = widen(this[name], nodes);
    for (const name of ["features", "lefts", "rights", "parents"] as const)
      this[name] = widenInts(this[name], nodes);
    this.lows = widen(this.lows, nodes * this.columns);
    this.highs = widen(this.highs, nodes * this.columns);
    this.answers = widen(this.answers, nodes * this.width);
  }

  /** Makes room for `width` numbers an answer. */
  widen(width: number): void {
    const wider = new Float64Array(this.times.length * width);
    for (let node = 0; node < this.count; node++)
      wider.set(this.answers.subarray(node * this.width, (node + 1) * this.width), node * width);
    this.answers = wider;
    this.width = width;
  }

  /** Makes node `to` what `from` is, its place in the tree apart. */
  copy(from: number, to: number): void {
    const { columns, width } = this;
    for (const name of [
      "weights",
      "treeWeights",
      "rows",
      "thresholds",
      "features",
      "lefts",
      "rights",
    ] as const)
      this[name][to] = this[name][from];
    this.lows.copyWithin(to * columns, from * columns, (from + 1) * columns);
    this.highs.copyWithin(to * columns, from * columns, (from + 1) * columns);
    this.answers.copyWithin(to * width, from * width, (from + 1) * width);
  }

  save(): Saved {
    const { count, columns, width } = this;
    const floats = (values: Float64Array, each = 1) => values.slice(0, count * each);
    return {
      ...{ count, width },
      times: floats(this.times),
      weights: floats(this.weights),
      treeWeights: floats(this.treeWeights),
      rows: floats(this.rows),
      thresholds: floats(this.thresholds),
      features: this.features.slice(0, count),
      lefts: this.lefts.slice(0, count),
      rights: this.rights.slice(0, count),
      parents: this.parents.slice(0, count),
      lows: floats(this.lows, columns),
      highs: floats(this.highs, columns),
      answers: floats(this.answers, width),
    };
  }

  static restore(saved: Saved, columns: number): MondrianNodes {
    const nodes = new MondrianNodes(columns);
    const count = partOf(saved, "count", isNumber);
    nodes.width = partOf(saved, "width", isNumber);
    const floats = (
      name: "times" | "weights" | "treeWeights" | "rows" | "thresholds" | "lows" | "highs" | "answers",
      each = 1,
    ) => {
      const values = partOf(saved, name, isFloats);
      if (values.length !== count * each)
        throw new InputError(`state: ${name} has another length than its nodes`);
      nodes[name] = widen(values, Math.max(firstNodes, count) * each);
    };
    for (const name of ["times", "weights", "treeWeights", "rows", "thresholds"] as const) floats(name);
    floats("lows", columns);
    floats("highs", columns);
    floats("answers", nodes.width);
    for (const name of ["features", "lefts", "rights", "parents"] as const) {
      const values = partOf(saved, name, isInts);
      const sound = name === "features" ? columns : count;
      if (values.length !== count || values.some((one) => one < -1 || one >= sound))
        throw new InputError(`state: ${name} is not what it should be`);
      nodes[name] = widenInts(values, Math.max(firstNodes, count));
    }
    nodes.count = count;
    return nodes;
  }
}
