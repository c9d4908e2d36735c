// A Hoeffding tree for classes (Domingos and Hulten 2000): a leaf is split once enough rows show that its best split is the best.
import { InputError } from "../../api/problem.ts";
import { logarithm } from "../../onnx/logarithm.ts";
import { widen } from "../baselines.ts";
import type { OnlineRow, RowShape } from "../learner.ts";
import type { RandomStream } from "../random-stream.ts";
import { isAnything, isFloats, isInts, isNumber, partOf, type Saved } from "../saved.ts";
import { LevelObserver, NumberObserver, type Observer, type Split } from "./observers.ts";

export interface HoeffdingSettings {
  /** Rows between two tries to split a leaf. */
  readonly gracePeriod: number;
  /** Chance that a split is not the best one. */
  readonly splitConfidence: number;
  /** Below this bound two splits count as equally good. */
  readonly tieThreshold: number;
  /** Columns that a leaf looks at, drawn anew in each leaf; all where left out. */
  readonly columns?: number;
  readonly mostLeaves: number;
}

interface Branch {
  readonly column: number;
  readonly value: number;
  readonly isLevel: boolean;
  /** Where rows without the value go. */
  readonly missingLeft: boolean;
  left: Node;
  right: Node;
}

type Node = Branch | Leaf;

const isBranch = (node: Node): node is Branch => !(node instanceof Leaf);

/** Counts its rows; answers by majority or naive Bayes, whichever has been right more often. */
class Leaf {
  counts: Float64Array;
  /** Columns that are looked at, and what is known of each. */
  readonly columns: Int32Array;
  readonly observers: Observer[];
  weight = 0;
  triedAt = 0;
  majorityRight = 0;
  bayesRight = 0;

  constructor(counts: Float64Array, columns: Int32Array, shape: RowShape) {
    this.counts = counts;
    this.columns = columns;
    this.observers = Array.from(columns, (column) =>
      shape.isCategory[column] ? new LevelObserver() : new NumberObserver(),
    );
    this.weight = counts.reduce((sum, count) => sum + count, 0);
    this.triedAt = this.weight;
  }

  learn(row: OnlineRow, label: number, weight: number): void {
    if (label >= this.counts.length) this.counts = widen(this.counts, label + 1);
    if (this.weight > 0) {
      if (largest(this.counts) === label) this.majorityRight += weight;
      if (largest(this.bayes(row)) === label) this.bayesRight += weight;
    }
    this.counts[label] += weight;
    this.weight += weight;
    this.columns.forEach((column, at) => {
      if (!Number.isNaN(row[column])) this.observers[at].add(row[column], label, weight);
    });
  }

  /** Counts times likelihoods; the counts alone where every class is ruled out. */
  bayes(row: OnlineRow): Float64Array {
    const votes = this.counts.map((count, label) => {
      let vote = count;
      this.columns.forEach((column, at) => {
        if (vote > 0 && !Number.isNaN(row[column])) vote *= this.observers[at].likelihood(row[column], label);
      });
      return vote;
    });
    return votes.some((vote) => vote > 0) && votes.every(Number.isFinite) ? votes : this.counts;
  }

  votes(row: OnlineRow): Float64Array {
    return this.bayesRight >= this.majorityRight ? this.bayes(row) : this.counts;
  }
}

/** Place of the largest value, the first of equals. */
export function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if (values[at] > values[best]) best = at;
  return best;
}

export class HoeffdingTree {
  readonly #settings: HoeffdingSettings;
  readonly #shape: RowShape;
  readonly #random: RandomStream;
  #root: Node;
  #leaves = 1;

  /** `random` draws the columns of leaves; it belongs to whoever saves the tree. */
  constructor(settings: HoeffdingSettings, shape: RowShape, random: RandomStream, root?: Node) {
    this.#settings = settings;
    this.#shape = shape;
    this.#random = random;
    this.#root = root ?? this.#leaf(new Float64Array(0));
  }

  #leaf(counts: Float64Array): Leaf {
    const all = this.#shape.isCategory.length;
    const wanted = Math.min(all, this.#settings.columns ?? all);
    const columns = Int32Array.from({ length: all }, (_, column) => column);
    if (wanted < all) {
      for (let at = 0; at < wanted; at++) {
        const other = at + this.#random.below(all - at);
        [columns[at], columns[other]] = [columns[other], columns[at]];
      }
    }
    return new Leaf(counts, columns.slice(0, wanted), this.#shape);
  }

  #find(row: OnlineRow): { leaf: Leaf; parent: Branch | undefined } {
    let node = this.#root;
    let parent: Branch | undefined;
    while (isBranch(node)) {
      parent = node;
      node = goesLeft(node, row) ? node.left : node.right;
    }
    return { leaf: node, parent };
  }

  /** Votes by class, not normalised; may be shorter than the classes that other trees know. */
  votes(row: OnlineRow): Float64Array {
    return this.#find(row).leaf.votes(row);
  }

  learn(row: OnlineRow, label: number, weight: number): void {
    const { leaf, parent } = this.#find(row);
    leaf.learn(row, label, weight);
    if (leaf.weight - leaf.triedAt < this.#settings.gracePeriod || this.#leaves >= this.#settings.mostLeaves)
      return;
    leaf.triedAt = leaf.weight;
    if (leaf.counts.filter((count) => count > 0).length < 2) return;
    const split = this.#chooseSplit(leaf);
    if (!split) return;
    const side = (counts: Float64Array) => this.#leaf(counts);
    const add = (sum: number, count: number) => sum + count;
    const branch: Branch = {
      column: split.column,
      value: split.value,
      isLevel: split.isLevel,
      missingLeft: split.left.reduce(add, 0) >= split.right.reduce(add, 0),
      left: side(split.left),
      right: side(split.right),
    };
    this.#leaves++;
    if (!parent) this.#root = branch;
    else if (parent.left === leaf) parent.left = branch;
    else parent.right = branch;
  }

  #chooseSplit(leaf: Leaf): Split | undefined {
    const { splitConfidence, tieThreshold } = this.#settings;
    const splits = leaf.observers.flatMap((observer, at) => {
      const split = observer.bestSplit(leaf.columns[at], leaf.counts);
      return split ? [split] : [];
    });
    splits.sort((a, b) => b.merit - a.merit);
    const [best, second] = splits;
    if (!best || !(best.merit > 0)) return undefined;
    const classes = leaf.counts.filter((count) => count > 0).length;
    const range = logarithm(Math.max(2, classes)) / Math.LN2;
    const bound = Math.sqrt((range * range * logarithm(1 / splitConfidence)) / (2 * leaf.weight));
    const ahead = best.merit - Math.max(0, second?.merit ?? 0);
    return ahead > bound || bound < tieThreshold ? best : undefined;
  }

  save(): Saved {
    return { root: saveNode(this.#root), leaves: this.#leaves };
  }

  static restore(
    saved: Saved,
    settings: HoeffdingSettings,
    shape: RowShape,
    random: RandomStream,
  ): HoeffdingTree {
    const tree = new HoeffdingTree(
      settings,
      shape,
      random,
      restoreNode(partOf(saved, "root", isAnything), shape),
    );
    tree.#leaves = partOf(saved, "leaves", isNumber);
    return tree;
  }
}

function goesLeft({ column, value, isLevel, missingLeft }: Branch, row: OnlineRow): boolean {
  const own = row[column];
  if (Number.isNaN(own)) return missingLeft;
  return isLevel ? own === value : own <= value;
}

function saveNode(node: Node): Saved {
  if (isBranch(node)) {
    const { column, value, isLevel, missingLeft, left, right } = node;
    return { column, value, isLevel, missingLeft, left: saveNode(left), right: saveNode(right) };
  }
  return {
    counts: node.counts.slice(),
    columns: node.columns.slice(),
    observers: node.observers.map((observer) => observer.save()),
    numbers: Float64Array.of(node.weight, node.triedAt, node.majorityRight, node.bayesRight),
  };
}

function restoreNode(saved: Saved, shape: RowShape): Node {
  const isBranchSaved = typeof saved === "object" && saved !== null && "left" in saved;
  if (isBranchSaved) {
    const isFlag = (value: Saved | undefined): value is boolean => typeof value === "boolean";
    return {
      column: partOf(saved, "column", isNumber),
      value: partOf(saved, "value", isNumber),
      isLevel: partOf(saved, "isLevel", isFlag),
      missingLeft: partOf(saved, "missingLeft", isFlag),
      left: restoreNode(partOf(saved, "left", isAnything), shape),
      right: restoreNode(partOf(saved, "right", isAnything), shape),
    };
  }
  const columns = partOf(saved, "columns", isInts).slice();
  if (columns.some((column) => column < 0 || column >= shape.isCategory.length))
    throw new InputError("state: columns is not what it should be");
  const leaf = new Leaf(partOf(saved, "counts", isFloats).slice(), columns, shape);
  const areObservers = (value: Saved | undefined): value is readonly Saved[] =>
    Array.isArray(value) && value.length === columns.length;
  partOf(saved, "observers", areObservers).forEach((one, at) => {
    leaf.observers[at] = shape.isCategory[columns[at]]
      ? LevelObserver.restore(one)
      : NumberObserver.restore(one);
  });
  [leaf.weight, leaf.triedAt, leaf.majorityRight, leaf.bayesRight] = partOf(saved, "numbers", isFloats);
  return leaf;
}
