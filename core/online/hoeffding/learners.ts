// The Hoeffding tree and the adaptive random forest (Gomes et al. 2017) as learners of classes.
import { InputError } from "../../api/problem.ts";
import { exponential } from "../../onnx/exponential.ts";
import { Adwin } from "../drift/adwin.ts";
import type { Learner, LearnerKind, OnlineRow, RowShape } from "../learner.ts";
import { RandomStream } from "../random-stream.ts";
import { isAnything, isList, isNumber, partOf, type Saved } from "../saved.ts";
import { type HoeffdingSettings, HoeffdingTree, largest } from "./hoeffding-tree.ts";

const alone: HoeffdingSettings = {
  gracePeriod: 200,
  splitConfidence: 1e-7,
  tieThreshold: 0.05,
  mostLeaves: 2000,
};

class TreeLearner implements Learner {
  readonly #random: RandomStream;
  #tree: HoeffdingTree;
  #classes = 0;

  constructor(shape: RowShape, random: RandomStream, tree?: HoeffdingTree) {
    this.#random = random;
    this.#tree = tree ?? new HoeffdingTree(alone, shape, random);
  }

  predictOne(row: OnlineRow): Float64Array {
    return toShares(this.#tree.votes(row), this.#classes);
  }

  learnOne(row: OnlineRow, target: number): void {
    this.#classes = Math.max(this.#classes, target + 1);
    this.#tree.learn(row, target, 1);
  }

  save(): Saved {
    return { tree: this.#tree.save(), classes: this.#classes, random: this.#random.save() };
  }

  static restore(saved: Saved, shape: RowShape): TreeLearner {
    const random = RandomStream.restore(partOf(saved, "random", isAnything));
    const tree = HoeffdingTree.restore(partOf(saved, "tree", isAnything), alone, shape, random);
    const learner = new TreeLearner(shape, random, tree);
    learner.#classes = partOf(saved, "classes", isNumber);
    return learner;
  }
}

/** Votes as shares of `classes` classes; equal shares where there is no vote. */
function toShares(votes: Float64Array, classes: number): Float64Array {
  let total = 0;
  for (const vote of votes) total += vote;
  return Float64Array.from({ length: classes }, (_, label) =>
    total > 0 ? (votes[label] ?? 0) / total : 1 / classes,
  );
}

const members = 10;
/** Mean of the Poisson draws by which rows are weighed: about as much as online bagging six times over. */
const drawMean = 6;
const warningDelta = 0.01;
const driftDelta = 0.001;

function forestSettings(shape: RowShape): HoeffdingSettings {
  const columns = shape.isCategory.length;
  return {
    gracePeriod: 50,
    splitConfidence: 0.01,
    tieThreshold: 0.05,
    columns: Math.max(1, Math.round(Math.sqrt(columns))),
    mostLeaves: 500,
  };
}

interface Member {
  tree: HoeffdingTree;
  /** Grows from a warning on, and takes the tree's place when the drift is certain. */
  background: HoeffdingTree | undefined;
  warning: Adwin;
  drift: Adwin;
  right: number;
  seen: number;
}

class ForestLearner implements Learner {
  readonly #shape: RowShape;
  readonly #settings: HoeffdingSettings;
  readonly #random: RandomStream;
  #members: Member[];
  #classes = 0;

  constructor(shape: RowShape, random: RandomStream, restored?: Member[]) {
    this.#shape = shape;
    this.#settings = forestSettings(shape);
    this.#random = random;
    this.#members = restored ?? Array.from({ length: members }, () => this.#fresh(this.#tree()));
  }

  #tree(): HoeffdingTree {
    return new HoeffdingTree(this.#settings, this.#shape, this.#random);
  }

  #fresh(tree: HoeffdingTree): Member {
    const [warning, drift] = [new Adwin(warningDelta), new Adwin(driftDelta)];
    return { tree, background: undefined, warning, drift, right: 0, seen: 0 };
  }

  predictOne(row: OnlineRow): Float64Array {
    const votes = new Float64Array(this.#classes);
    for (const { tree, right, seen } of this.#members) {
      const shares = toShares(tree.votes(row), this.#classes);
      const weight = seen === 0 ? 1 : right / seen;
      for (let label = 0; label < votes.length; label++) votes[label] += weight * shares[label];
    }
    return toShares(votes, this.#classes);
  }

  learnOne(row: OnlineRow, target: number): void {
    this.#classes = Math.max(this.#classes, target + 1);
    for (const member of this.#members) {
      const isRight = largest(toShares(member.tree.votes(row), this.#classes)) === target;
      member.seen++;
      if (isRight) member.right++;
      const weight = this.#poisson();
      if (weight === 0) continue;
      member.background?.learn(row, target, weight);
      member.tree.learn(row, target, weight);
      this.#watch(member, isRight ? 0 : 1);
    }
  }

  #watch(member: Member, error: number): void {
    if (member.warning.add(error)) {
      member.background = this.#tree();
      member.warning = new Adwin(warningDelta);
    }
    if (!member.drift.add(error)) return;
    Object.assign(member, this.#fresh(member.background ?? this.#tree()));
  }

  /** Knuth's product of uniform numbers. */
  #poisson(): number {
    const limit = exponential(-drawMean);
    let product = this.#random.next();
    let drawn = 0;
    while (product > limit) {
      product *= this.#random.next();
      drawn++;
    }
    return drawn;
  }

  save(): Saved {
    return {
      random: this.#random.save(),
      classes: this.#classes,
      members: this.#members.map(({ tree, background, warning, drift, right, seen }) => ({
        tree: tree.save(),
        background: background?.save() ?? null,
        warning: warning.save(),
        drift: drift.save(),
        ...{ right, seen },
      })),
    };
  }

  static restore(saved: Saved, shape: RowShape): ForestLearner {
    const random = RandomStream.restore(partOf(saved, "random", isAnything));
    const settings = forestSettings(shape);
    const toTree = (one: Saved) => HoeffdingTree.restore(one, settings, shape, random);
    const restored = partOf(saved, "members", isList).map((one): Member => {
      const background = partOf(one, "background", isAnything);
      return {
        tree: toTree(partOf(one, "tree", isAnything)),
        background: background === null ? undefined : toTree(background),
        warning: Adwin.restore(partOf(one, "warning", isAnything)),
        drift: Adwin.restore(partOf(one, "drift", isAnything)),
        right: partOf(one, "right", isNumber),
        seen: partOf(one, "seen", isNumber),
      };
    });
    if (restored.length !== members)
      throw new InputError(`state: expected ${members} members; got ${restored.length}`);
    const forest = new ForestLearner(shape, random, restored);
    forest.#classes = partOf(saved, "classes", isNumber);
    return forest;
  }
}

export const hoeffdingTree: LearnerKind = {
  title: "Hoeffding tree",
  tasks: ["classes"],
  create: (_, shape, seed) => new TreeLearner(shape, new RandomStream(seed)),
  restore: (saved, _, shape) => TreeLearner.restore(saved, shape),
};

export const adaptiveForest: LearnerKind = {
  title: "Adaptive random forest",
  tasks: ["classes"],
  create: (_, shape, seed) => new ForestLearner(shape, new RandomStream(seed)),
  restore: (saved, _, shape) => ForestLearner.restore(saved, shape),
};
