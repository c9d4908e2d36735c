// Grows one tree: which nodes to split when, level by level or best first, and how their work is shared out.
import { node, search } from "../kernels/layout.ts";
import { boundedWeight, scanOf } from "../kernels/plain-split.ts";
import { type Task, taskKind } from "../threads/task.ts";
import type { Team } from "../threads/team.ts";
import type { Engine } from "./engine.ts";

export interface GrowthLimits {
  readonly growth: "depthWise" | "leafWise";
  readonly maxDepth: number;
  /** 0 is unlimited. */
  readonly maxLeaves: number;
  /** Loss reduction that a split must exceed. */
  readonly gamma: number;
  readonly learningRate: number;
  /** Whether leaves need their rows afterwards, because their values are set from them. */
  readonly keepsRows: boolean;
}

/** Nodes that are split in one go; bounds the histograms that are alive at once. */
export const batchNodes = 32;

/** Rows below which splitting one node's work over threads costs more than it saves. */
const leastPartRows = 4096;

/** A gain must stand out of the rounding of the sums that it is a difference of. */
const roundingShare = 1e-12;

export class Grower {
  private readonly engine: Engine;
  private readonly team: Team;
  private readonly limits: GrowthLimits;
  private readonly freeSlots: number[] = [];
  /** Slots for parts of histograms, beyond those that nodes own. */
  private readonly firstPart: number;
  private nodes = 0;
  private leaves = 0;
  private drawColumns: () => void = () => {};

  constructor(engine: Engine, team: Team, limits: GrowthLimits, nodeSlots: number) {
    this.engine = engine;
    this.team = team;
    this.limits = limits;
    this.firstPart = nodeSlots;
  }

  /** Grows from the rows of list `buffer` (0: all of them). Returns the number of nodes; `drawColumns` chooses each level's columns. */
  grow(buffer: number, count: number, drawColumns: () => void): number {
    const { views } = this.engine;
    this.drawColumns = drawColumns;
    this.freeSlots.length = 0;
    for (let slot = this.firstPart - 1; slot > 0; slot--) this.freeSlots.push(slot);
    this.nodes = 1;
    this.leaves = 1;
    const fields = { start: 0, count, buffer, slot: 0, depth: 0 } as const;
    this.resetNode(0);
    for (const [name, value] of Object.entries(fields))
      views.setNode(0, node[name as keyof typeof fields], value);
    views.setNode(0, node.low, Number.NEGATIVE_INFINITY);
    views.setNode(0, node.high, Number.POSITIVE_INFINITY);
    drawColumns();
    this.buildRoot(count);
    this.setValue(0);
    // Without a leaf budget both orders split the same nodes.
    if (this.limits.growth === "leafWise" && this.limits.maxLeaves > 0) this.growBestFirst();
    else this.growByLevel();
    return this.nodes;
  }

  private resetNode(id: number): void {
    const start = this.engine.views.nodeAddress(id) >> 3;
    this.engine.views.doubles.fill(0, start, start + 24);
  }

  private buildRoot(count: number): void {
    const parts = Math.max(1, Math.min(this.team.threads, Math.floor(count / leastPartRows)));
    const tasks: Task[] = [];
    for (let part = 0; part < parts; part++) {
      const [from, to] = [share(count, part, parts), share(count, part + 1, parts)];
      tasks.push([taskKind.histogram, 0, from, to - from, part === 0 ? 0 : this.firstPart + part - 1]);
    }
    this.team.run(tasks);
    this.team.run([[taskKind.root, this.firstPart, parts - 1]]);
  }

  private isSplittable(id: number): boolean {
    const { views } = this.engine;
    const gain = views.getNode(id, node.gain);
    const total = this.scan(id).parent;
    return gain > this.limits.gamma && gain > Math.abs(total) * roundingShare;
  }

  private scan(id: number) {
    const { views } = this.engine;
    return scanOf(views.doubles, views.nodeAddress(id) >> 3, views.settings);
  }

  private hasLeafBudget(planned: number): boolean {
    return this.limits.maxLeaves === 0 || this.leaves + planned < this.limits.maxLeaves;
  }

  private growBestFirst(): void {
    const { views } = this.engine;
    const open = this.keepSplittable([0]);
    while (open.length > 0 && this.hasLeafBudget(0)) {
      let best = 0;
      for (let k = 1; k < open.length; k++) {
        if (views.getNode(open[k], node.gain) > views.getNode(open[best], node.gain)) best = k;
      }
      const [id] = open.splice(best, 1);
      this.splitNodes([id]);
      const left = views.getNode(id, node.left);
      open.push(...this.keepSplittable([left, left + 1]));
    }
  }

  private growByLevel(): void {
    const { views } = this.engine;
    // Without a leaf budget the order of nodes changes nothing, so the deepest go first and few histograms are alive.
    let open = this.keepSplittable([0]);
    while (open.length > 0 && this.hasLeafBudget(0)) {
      let batch = open.splice(-batchNodes);
      if (this.limits.maxLeaves > 0) {
        batch = [...open.splice(0), ...batch].sort(
          (a, b) => views.getNode(b, node.gain) - views.getNode(a, node.gain) || a - b,
        );
        batch.length = Math.min(batch.length, this.limits.maxLeaves - this.leaves);
      }
      this.splitNodes(batch);
      const children = batch.flatMap((id) => {
        const left = views.getNode(id, node.left);
        return [left, left + 1];
      });
      open = [...open, ...this.keepSplittable(children)];
    }
  }

  /** The nodes that will be split further; the others give their histogram back. */
  private keepSplittable(ids: readonly number[]): number[] {
    const { views } = this.engine;
    return ids.filter((id) => {
      const isKept = views.getNode(id, node.isTerminal) === 0 && this.isSplittable(id);
      if (!isKept) this.releaseSlot(id);
      return isKept;
    });
  }

  private releaseSlot(id: number): void {
    const { views } = this.engine;
    const slot = views.getNode(id, node.slot);
    if (slot >= 0) this.freeSlots.push(slot);
    views.setNode(id, node.slot, -1);
  }

  private splitNodes(ids: readonly number[]): void {
    this.drawColumns();
    const work: number[] = [];
    for (const id of ids) {
      if (this.openChildren(id)) work.push(id);
    }
    this.shareOut(work);
  }

  /** Makes the children's records. Returns whether rows must move: not where both are leaves whose rows nobody needs. */
  private openChildren(id: number): boolean {
    const { views } = this.engine;
    const left = this.nodes;
    this.nodes += 2;
    this.leaves++;
    views.setNode(id, node.left, left);
    views.setNode(id, node.right, left + 1);
    const of = (field: number) => views.getNode(id, field);
    const depth = of(node.depth) + 1;
    const leftCount = of(node.leftCount);
    const sides = [
      [of(node.start), leftCount, of(node.leftGradient), of(node.leftHessian)],
      [
        of(node.start) + leftCount,
        of(node.count) - leftCount,
        of(node.gradient) - of(node.leftGradient),
        of(node.hessian) - of(node.leftHessian),
      ],
    ];
    sides.forEach(([start, count, gradient, hessian], side) => {
      const child = left + side;
      this.resetNode(child);
      const set = (field: number, value: number) => views.setNode(child, field, value);
      set(node.start, start);
      set(node.count, count);
      set(node.gradient, gradient);
      set(node.hessian, hessian);
      set(node.depth, depth);
      set(node.buffer, of(node.buffer) === 1 ? 2 : 1);
      set(node.slot, -1);
      set(node.low, of(node.low));
      set(node.high, of(node.high));
    });
    this.boundChildren(id);
    let needsHistogram = false;
    for (const child of [left, left + 1]) {
      this.setValue(child);
      const isTerminal = this.isTerminal(child);
      views.setNode(child, node.isTerminal, isTerminal ? 1 : 0);
      if (!isTerminal) needsHistogram = true;
    }
    if (!needsHistogram) {
      this.releaseSlot(id);
      if (!this.limits.keepsRows) for (const child of [left, left + 1]) views.setNode(child, node.isFused, 1);
      return this.limits.keepsRows;
    }
    const smaller = this.engine.smallerChild(id);
    const larger = left + left + 1 - smaller;
    views.setNode(larger, node.slot, of(node.slot));
    views.setNode(smaller, node.slot, this.freeSlots.pop()!);
    views.setNode(id, node.slot, -1);
    return true;
  }

  /** A monotone split bounds all that grows below it: the left never rises above the middle of the two weights, the right never falls below. */
  private boundChildren(id: number): void {
    const { views } = this.engine;
    const monotone =
      views.getNode(id, node.isSet) === 1 ? 0 : views.getFeature(views.getNode(id, node.feature), "monotone");
    if (monotone === 0) return;
    const left = views.getNode(id, node.left);
    const middle = (this.weightOf(left) + this.weightOf(left + 1)) / 2;
    views.setNode(left, monotone > 0 ? node.high : node.low, middle);
    views.setNode(left + 1, monotone > 0 ? node.low : node.high, middle);
  }

  /** The node's weight before the learning rate, within its bounds. */
  private weightOf(id: number): number {
    const { scan } = this.scan(id);
    const { settings } = this.engine.views;
    const hessian = scan.total.hessian * settings[search.hessianStep] + settings[search.lambda];
    if (!(hessian > 0)) return Math.min(scan.high, Math.max(scan.low, 0));
    return boundedWeight(scan, scan.total.gradient * settings[search.gradientStep], hessian);
  }

  private setValue(id: number): void {
    this.engine.views.setNode(id, node.value, Math.fround(this.weightOf(id) * this.limits.learningRate));
  }

  private isTerminal(id: number): boolean {
    const { views } = this.engine;
    const { settings } = views;
    const hessian = views.getNode(id, node.hessian) * settings[search.hessianStep];
    return (
      views.getNode(id, node.depth) >= this.limits.maxDepth ||
      views.getNode(id, node.count) < 2 ||
      hessian < 2 * settings[search.minChildWeight] ||
      !this.hasLeafBudget(0)
    );
  }

  /** Splits the rows and builds the histograms: small nodes whole, large ones in parts of rows. */
  private shareOut(ids: readonly number[]): void {
    const { views } = this.engine;
    const { threads } = this.team;
    const rows = ids.reduce((sum, id) => sum + views.getNode(id, node.count), 0);
    const isLarge = (id: number) => {
      const count = views.getNode(id, node.count);
      return threads > 1 && count >= 2 * leastPartRows && count > rows / (1.5 * threads);
    };
    const large = ids.filter(isLarge);
    const bare = (id: number) => views.getNode(views.getNode(id, node.left) + 1, node.slot) < 0;
    if (large.length > 0) {
      this.team.run(
        large.flatMap((id): Task[] => [
          [taskKind.partition, id, 1],
          [taskKind.partition, id, 2],
        ]),
      );
    }
    const built = large.filter((id) => !bare(id));
    const finishes: Task[] = [];
    const parts = built.flatMap((id, k): Task[] => {
      const smaller = this.engine.smallerChild(id);
      const start = views.getNode(smaller, node.start);
      const count = views.getNode(smaller, node.count);
      const pieces = Math.max(1, Math.min(threads, Math.floor(count / leastPartRows)));
      const extra = this.firstPart + k * (threads - 1);
      finishes.push([taskKind.finish, id, extra, pieces - 1]);
      return Array.from({ length: pieces }, (_, part): Task => {
        const [from, to] = [share(count, part, pieces), share(count, part + 1, pieces)];
        const slot = part === 0 ? views.getNode(smaller, node.slot) : extra + part - 1;
        return [taskKind.histogram, smaller, start + from, to - from, slot];
      });
    });
    if (parts.length > 0) this.team.run(parts);
    const small = ids
      .filter((id) => !isLarge(id))
      .sort((a, b) => views.getNode(b, node.count) - views.getNode(a, node.count))
      .map((id): Task => (bare(id) ? [taskKind.partition, id, 0] : [taskKind.split, id]));
    if (finishes.length + small.length > 0) this.team.run([...finishes, ...small]);
  }
}

/** Histogram slots that `threads` may need beside those of nodes: parts of every node that is large at the same time. */
export function partSlots(threads: number): number {
  return threads === 1 ? 0 : (threads - 1) * Math.ceil(1.5 * threads + 1);
}

function share(count: number, part: number, parts: number): number {
  return Math.floor((count * part) / parts);
}
