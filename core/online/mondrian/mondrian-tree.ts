// A Mondrian tree that averages all of its prunings (Mourtada, Gaiffas and Scornet 2021, "AMF: Aggregated Mondrian Forests").
import { exponential } from "../../onnx/exponential.ts";
import { logarithm } from "../../onnx/logarithm.ts";
import type { OnlineRow } from "../learner.ts";
import { RandomStream } from "../random-stream.ts";
import { isAnything, partOf, type Saved } from "../saved.ts";
import { MondrianNodes } from "./nodes.ts";

/** Rows that a class counts as having been seen in before any was. */
const dirichlet = 0.5;

export interface Answer {
  readonly isClass: boolean;
  /** The class or the number. */
  readonly target: number;
  readonly classes: number;
  /** What a squared error is multiplied with before it counts as a loss. */
  readonly lossScale: number;
}

/** log((e^a + e^b) / 2). */
function logMeanExp(a: number, b: number): number {
  const high = Math.max(a, b);
  const low = Math.min(a, b);
  return high + logarithm((1 + exponential(low - high)) / 2);
}

export class MondrianTree {
  readonly #mostNodes: number;
  #nodes: MondrianNodes;
  #random: RandomStream;
  #root = -1;
  /** How far a row lies outside of a node's box, by column. */
  readonly #extensions: Float64Array;

  constructor(columns: number, mostNodes: number, seed: number) {
    this.#mostNodes = mostNodes;
    this.#nodes = new MondrianNodes(columns);
    this.#random = new RandomStream(seed);
    this.#extensions = new Float64Array(columns);
  }

  learn(row: OnlineRow, answer: Answer): void {
    const nodes = this.#nodes;
    if (answer.isClass && answer.classes > nodes.width) nodes.widen(answer.classes);
    if (this.#root < 0) this.#root = nodes.add(-1, 0);
    let node = this.#root;
    for (;;) {
      const time = this.#splitTime(node, row, answer);
      if (time > 0) {
        node = this.#split(node, row, time, answer);
        break;
      }
      this.#update(node, row, answer, true);
      if (nodes.features[node] < 0) break;
      node = this.#childFor(node, row);
    }
    for (let at = node; at >= 0; at = nodes.parents[at]) {
      nodes.treeWeights[at] =
        nodes.features[at] < 0
          ? nodes.weights[at]
          : logMeanExp(
              nodes.weights[at],
              nodes.treeWeights[nodes.lefts[at]] + nodes.treeWeights[nodes.rights[at]],
            );
    }
  }

  #childFor(node: number, row: OnlineRow): number {
    const { features, thresholds, lefts, rights } = this.#nodes;
    return row[features[node]] <= thresholds[node] ? lefts[node] : rights[node];
  }

  /** When the row splits off from the node's box; 0 where it does not. */
  #splitTime(node: number, row: OnlineRow, { isClass, target }: Answer): number {
    const nodes = this.#nodes;
    if (nodes.rows[node] === 0 || nodes.count + 2 > this.#mostNodes) return 0;
    // A box of one class is not split by a further row of it.
    if (isClass && nodes.answers[node * nodes.width + target] === nodes.rows[node]) return 0;
    let sum = 0;
    const from = node * row.length;
    for (let column = 0; column < row.length; column++) {
      const beyond = Math.max(
        0,
        row[column] - nodes.highs[from + column],
        nodes.lows[from + column] - row[column],
      );
      this.#extensions[column] = beyond;
      sum += beyond;
    }
    if (!(sum > 0)) return 0;
    const time = nodes.times[node] - logarithm(1 - this.#random.next()) / sum;
    return nodes.features[node] < 0 || time < nodes.times[nodes.lefts[node]] ? time : 0;
  }

  /** Puts a split above the node; returns the new leaf, which has the row. */
  #split(node: number, row: OnlineRow, time: number, answer: Answer): number {
    const nodes = this.#nodes;
    const column = this.#drawColumn();
    const from = node * row.length + column;
    const isRight = row[column] > nodes.highs[from];
    const [low, high] = isRight ? [nodes.highs[from], row[column]] : [row[column], nodes.lows[from]];
    const threshold = low + (high - low) * this.#random.next();
    const moved = nodes.add(node, time);
    nodes.copy(node, moved);
    if (nodes.features[moved] >= 0) {
      nodes.parents[nodes.lefts[moved]] = moved;
      nodes.parents[nodes.rights[moved]] = moved;
    }
    const leaf = nodes.add(node, time);
    nodes.features[node] = column;
    nodes.thresholds[node] = threshold;
    nodes.lefts[node] = isRight ? moved : leaf;
    nodes.rights[node] = isRight ? leaf : moved;
    this.#update(node, row, answer, false);
    this.#update(leaf, row, answer, false);
    return leaf;
  }

  #drawColumn(): number {
    const extensions = this.#extensions;
    let sum = 0;
    for (const one of extensions) sum += one;
    let left = this.#random.next() * sum;
    let drawn = -1;
    for (let column = 0; column < extensions.length; column++) {
      if (extensions[column] === 0) continue;
      drawn = column;
      left -= extensions[column];
      if (left < 0) break;
    }
    return drawn;
  }

  #update(node: number, row: OnlineRow, answer: Answer, weighs: boolean): void {
    const nodes = this.#nodes;
    const from = node * row.length;
    const isFirst = nodes.rows[node] === 0;
    for (let column = 0; column < row.length; column++) {
      const value = row[column];
      if (isFirst || value < nodes.lows[from + column]) nodes.lows[from + column] = value;
      if (isFirst || value > nodes.highs[from + column]) nodes.highs[from + column] = value;
    }
    const at = node * nodes.width;
    if (answer.isClass) {
      if (weighs) {
        const share =
          (nodes.answers[at + answer.target] + dirichlet) / (nodes.rows[node] + dirichlet * answer.classes);
        nodes.weights[node] += logarithm(share);
      }
      nodes.answers[at + answer.target]++;
      nodes.rows[node]++;
      return;
    }
    const rest = answer.target - nodes.answers[at];
    if (weighs && !isFirst) nodes.weights[node] -= answer.lossScale * rest * rest;
    nodes.rows[node]++;
    nodes.answers[at] += rest / nodes.rows[node];
  }

  /** Adds the tree's prediction to `out`: shares of `out.length` classes, or a number. */
  addPrediction(row: OnlineRow, isClass: boolean, out: Float64Array): void {
    const nodes = this.#nodes;
    if (this.#root < 0) return;
    let node = this.#root;
    while (nodes.features[node] >= 0) node = this.#childFor(node, row);
    const own = this.#answerOf(node, isClass, out.length);
    for (let at = nodes.parents[node]; at >= 0; at = nodes.parents[at]) {
      const weight = exponential(nodes.weights[at] - nodes.treeWeights[at]) / 2;
      const above = this.#answerOf(at, isClass, out.length);
      for (let k = 0; k < own.length; k++) own[k] = weight * above[k] + (1 - weight) * own[k];
    }
    for (let k = 0; k < out.length; k++) out[k] += own[k];
  }

  #answerOf(node: number, isClass: boolean, width: number): Float64Array {
    const nodes = this.#nodes;
    const at = node * nodes.width;
    if (!isClass) return nodes.answers.slice(at, at + 1);
    return Float64Array.from({ length: width }, (_, label) => {
      const count = label < nodes.width ? nodes.answers[at + label] : 0;
      return (count + dirichlet) / (nodes.rows[node] + dirichlet * width);
    });
  }

  save(): Saved {
    return { nodes: this.#nodes.save(), random: this.#random.save(), root: Int32Array.of(this.#root) };
  }

  static restore(saved: Saved, columns: number, mostNodes: number): MondrianTree {
    const tree = new MondrianTree(columns, mostNodes, 0);
    tree.#nodes = MondrianNodes.restore(partOf(saved, "nodes", isAnything), columns);
    tree.#random = RandomStream.restore(partOf(saved, "random", isAnything));
    tree.#root = tree.#nodes.count === 0 ? -1 : 0;
    return tree;
  }
}
