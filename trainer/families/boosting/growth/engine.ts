// One thread's share of the work: runs tasks over the shared memory. Every task writes only what no other task of its phase touches.

import { binNumbers } from "../binning/bin-numbers.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { node, search, tableBytes } from "../kernels/layout.ts";
import type { Views } from "../kernels/views.ts";
import { fillProbabilities } from "../objectives/classes.ts";
import { type ObjectiveChoice, objectiveOf } from "../objectives/index.ts";
import type { Objective } from "../objectives/objective.ts";
import { taskKind } from "../threads/task.ts";
import { findSetSplit } from "./set-split.ts";

export class Engine {
  readonly views: Views;
  readonly kernels: Kernels;
  readonly objective: Objective;
  /** Most bins for the values of one feature. */
  readonly bins: number;

  constructor(views: Views, kernels: Kernels, choice: ObjectiveChoice, bins: number) {
    this.views = views;
    this.kernels = kernels;
    this.objective = objectiveOf(choice);
    this.bins = bins;
  }

  /** Runs one task; `result` is where its two numbers go. */
  run(kind: number, a: number, b: number, c: number, d: number, result: number): void {
    switch (kind) {
      case taskKind.bin:
        binNumbers(this.views, this.kernels, a, b, this.bins, result);
        break;
      case taskKind.gradients:
        this.gradients(a, b, c, result);
        break;
      case taskKind.quantize:
        this.quantize(a, b);
        break;
      case taskKind.histogram:
        this.histogram(a, b, c, d);
        break;
      case taskKind.partition:
        this.partition(a, b);
        break;
      case taskKind.finish:
        this.finish(a, b, c);
        break;
      case taskKind.split:
        this.split(a);
        break;
      case taskKind.root:
        this.root(a, b);
        break;
      case taskKind.apply:
        this.apply(a, b);
        break;
      case taskKind.walk:
        this.kernels.walk(a, b, c, this.views.marginsAddress(d));
        break;
      case taskKind.probabilities:
        this.probabilities(a, b);
        break;
    }
  }

  private gradients(from: number, to: number, output: number, result: number): void {
    const { views, kernels, objective } = this;
    const { plan } = views;
    const margins = views.marginsAddress(output);
    if (objective.isResidual && !plan.hasWeights) {
      views.doubles[result] = kernels.residuals(from, to, margins);
      views.doubles[result + 1] = 1;
      return;
    }
    const { at, rows, outputs, lanes } = plan;
    objective.gradients({
      from,
      to,
      output,
      margins: views.floatsAt(margins, rows),
      target: views.floatsAt(at.target, rows),
      weights: plan.hasWeights ? views.floatsAt(at.weights, rows) : undefined,
      probabilities: outputs > 1 ? views.floatsAt(at.probabilities + output * rows * 4, rows) : undefined,
      out: views.floatsAt(at.gradients, rows * lanes),
      stride: lanes,
    });
    views.doubles[result] = kernels.largest(from, to, 0);
    views.doubles[result + 1] = lanes === 2 ? kernels.largest(from, to, 1) : 1;
  }

  private quantize(from: number, to: number): void {
    const { settings } = this.views;
    this.kernels.quantize(from, to, settings[search.gradientScale], settings[search.hessianScale]);
  }

  private probabilities(from: number, to: number): void {
    const { views } = this;
    const { at, rows, outputs } = views.plan;
    const of = (address: (output: number) => number) =>
      Array.from({ length: outputs }, (_, output) => views.floatsAt(address(output), rows));
    fillProbabilities(
      of((output) => views.marginsAddress(output)),
      of((output) => at.probabilities + output * rows * 4),
      from,
      to,
    );
  }

  /** Clears and fills the histogram at `slot` with some of a node's rows. */
  private histogram(id: number, start: number, count: number, slot: number): void {
    const { views, kernels } = this;
    const address = views.slotAddress(slot);
    kernels.clear(address, views.plan.slotBytes);
    const list = views.listAddress(views.getNode(id, node.buffer));
    kernels.histogram(list, start, count, this.runs(), address);
  }

  /** Number of column runs of this tree, kept before the runs themselves. */
  private runs(): number {
    const { ints, plan } = this.views;
    return ints[(plan.at.runs >> 2) + plan.features * 2];
  }

  /**
   * Moves a node's rows into its children's part of the other list; `half` says which: 0 all of them, 1 the first half, 2 the rest. The counts are known
   * from the histogram, so two threads can meet in the middle: one fills both children from their start, the other from their end.
   */
  private partition(id: number, half: number): void {
    const { views, kernels } = this;
    const [start, count, leftCount] = [node.start, node.count, node.leftCount].map((field) =>
      views.getNode(id, field),
    );
    const own = views.listAddress(views.getNode(id, node.buffer));
    const other = views.listAddress(views.getNode(views.getNode(id, node.left), node.buffer));
    const feature = views.getNode(id, node.feature);
    const table = views.tableAddress(id);
    const first = count >> 1;
    const place = (index: number) => other + (start + index) * 4;
    if (half === 0) kernels.partitionNode(own, start, count, feature, table, place(0));
    else if (half === 1) kernels.partition(own, start, first, feature, table, place(0), place(leftCount), 1);
    else {
      const last = start + count - 1;
      kernels.partition(own, last, count - first, feature, table, place(leftCount - 1), place(count - 1), -1);
    }
  }

  /** The child with fewer rows: its histogram is built, its sibling's is what it leaves of the parent's. */
  smallerChild(id: number): number {
    const { views } = this;
    const left = views.getNode(id, node.left);
    return views.getNode(id, node.leftCount) * 2 <= views.getNode(id, node.count) ? left : left + 1;
  }

  private finish(id: number, firstPart: number, parts: number): void {
    const { views, kernels } = this;
    const left = views.getNode(id, node.left);
    const smaller = this.smallerChild(id);
    const larger = left + left + 1 - smaller;
    const built = views.slotAddress(views.getNode(smaller, node.slot));
    for (let part = 0; part < parts; part++) kernels.addHistogram(built, views.slotAddress(firstPart + part));
    kernels.subtractHistogram(views.slotAddress(views.getNode(larger, node.slot)), built);
    for (const child of [left, left + 1]) this.findSplit(child);
  }

  private split(id: number): void {
    const { views } = this;
    this.partition(id, 0);
    const smaller = this.smallerChild(id);
    this.histogram(
      smaller,
      views.getNode(smaller, node.start),
      views.getNode(smaller, node.count),
      views.getNode(smaller, node.slot),
    );
    this.finish(id, 0, 0);
  }

  private root(firstPart: number, parts: number): void {
    const { views, kernels } = this;
    const slot = views.slotAddress(views.getNode(0, node.slot));
    for (let part = 0; part < parts; part++) kernels.addHistogram(slot, views.slotAddress(firstPart + part));
    const [column] = views.ints.subarray(views.plan.at.columns >> 2);
    const bins = views.getFeature(column, "bins") + 1;
    const sums = {
      gradients: new Float64Array(bins),
      hessians: new Float64Array(bins),
      counts: new Float64Array(bins),
    };
    kernels.readHistogram(slot, column, bins, sums);
    const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
    views.setNode(0, node.gradient, total(sums.gradients));
    views.setNode(0, node.hessian, total(sums.hessians));
    this.findSplit(0);
  }

  /** Best split of a node among the level's columns, and the routing table that goes with it. */
  private findSplit(id: number): void {
    const { views, kernels } = this;
    views.setNode(id, node.gain, 0);
    if (views.getNode(id, node.isTerminal) === 1) return;
    const { plan } = views;
    const histogram = views.slotAddress(views.getNode(id, node.slot));
    const list = plan.at.columns >> 2;
    const count = views.ints[list + plan.features];
    kernels.findSplit(views.nodeAddress(id), histogram, plan.at.columns, count);
    for (let k = 0; k < count; k++) {
      const feature = views.ints[list + k];
      if (views.getFeature(feature, "isSet") === 1) findSetSplit(views, kernels, id, histogram, feature);
    }
    if (views.getNode(id, node.gain) > 0 && views.getNode(id, node.isSet) === 0) this.fillTable(id);
  }

  private fillTable(id: number): void {
    const { views } = this;
    const bin = views.getNode(id, node.bin);
    const missing = views.getFeature(views.getNode(id, node.feature), "bins");
    const start = views.tableAddress(id);
    views.bytes.fill(1, start, start + bin + 1);
    views.bytes.fill(0, start + bin + 1, start + tableBytes);
    views.bytes[start + missing] = views.getNode(id, node.defaultLeft);
  }

  /** Leaf values onto margins: of a leaf's rows, or of a node whose children are both leaves and were never given their rows. */
  private apply(id: number, output: number): void {
    const { views, kernels } = this;
    const list = views.listAddress(views.getNode(id, node.buffer));
    const start = views.getNode(id, node.start);
    const count = views.getNode(id, node.count);
    const margins = views.marginsAddress(output);
    const left = views.getNode(id, node.left);
    if (left === 0) {
      kernels.addValue(list, start, count, views.getNode(id, node.value), margins);
      return;
    }
    kernels.addSplitValues(
      list,
      start,
      count,
      views.getNode(id, node.feature),
      views.tableAddress(id),
      views.getNode(left, node.value),
      views.getNode(left + 1, node.value),
      margins,
    );
  }
}
