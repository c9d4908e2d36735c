// The rounds of boosting: gradients, a tree an output, margins, the validation loss, and when to stop.
import { InputError } from "#core/api/problem.ts";
import type { Tree } from "#core/trees/ensemble.ts";
import { seeded } from "../../../random.ts";
import { node, search } from "../kernels/layout.ts";
import type { FitOptions } from "../options.ts";
import { type Task, taskKind } from "../threads/task.ts";
import type { Team } from "../threads/team.ts";
import type { Engine } from "./engine.ts";
import { Grower } from "./grower.ts";
import { renewLeaves } from "./leaves.ts";
import { type BinsOfLevels, recordTree } from "./record.ts";
import { drawColumns, drawRows, writeColumns, writeRuns } from "./sampling.ts";

/** Rows of one task of a pass over all rows. */
const blockRows = 16384;

/** Bits of a gradient: int32 with room for the sum of many. */
const gradientBits = 30;

export interface RoundsResult {
  readonly trees: readonly Tree[];
  readonly validationLoss: readonly number[];
  readonly baseScore: readonly number[];
  /** Rounds that were kept. */
  readonly kept: number;
}

export class Rounds {
  private readonly engine: Engine;
  private readonly team: Team;
  private readonly options: FitOptions;
  private readonly binsOfLevels: BinsOfLevels;
  private readonly grower: Grower;
  private readonly random: () => number;
  private readonly allColumns: readonly number[];

  constructor(
    engine: Engine,
    team: Team,
    options: FitOptions,
    nodeSlots: number,
    binsOfLevels: BinsOfLevels,
  ) {
    this.engine = engine;
    this.team = team;
    this.options = options;
    this.binsOfLevels = binsOfLevels;
    this.random = seeded(options.seed);
    this.allColumns = Array.from({ length: engine.views.plan.features }, (_, column) => column);
    const { growth, maxDepth, maxLeaves, gamma, learningRate } = options;
    const keepsRows = engine.objective.leafWeight !== undefined;
    const limits = { growth, maxDepth, maxLeaves, gamma, learningRate, keepsRows };
    this.grower = new Grower(engine, team, limits, nodeSlots);
  }

  run(): RoundsResult {
    const { engine, options } = this;
    const { plan } = engine.views;
    const baseScore = this.start();
    const trees: Tree[] = [];
    const validationLoss: number[] = [];
    const patience = options.earlyStopping ?? 0;
    let best = 0;
    for (let round = 0; round < options.trees; round++) {
      if (plan.hasProbabilities) this.team.run(this.blocks((from, to) => [taskKind.probabilities, from, to]));
      for (let output = 0; output < plan.outputs; output++) trees.push(this.growTree(output));
      options.progress?.(round + 1, options.trees);
      if (plan.allRows === plan.rows) continue;
      validationLoss.push(this.validate());
      if (validationLoss[round] < validationLoss[best]) best = round;
      if (patience > 0 && round - best >= patience) break;
    }
    const kept = patience > 0 && validationLoss.length > 0 ? best + 1 : trees.length / plan.outputs;
    return { trees: trees.slice(0, kept * plan.outputs), validationLoss, baseScore, kept };
  }

  /** Base score onto all margins, and the settings that do not change onto the search block. */
  private start(): number[] {
    const { engine, options } = this;
    const { views, objective } = engine;
    const { at, rows } = views.plan;
    const weights = views.plan.hasWeights ? views.floatsAt(at.weights, rows) : undefined;
    const baseScore = objective.baseScore(views.floatsAt(at.target, rows), weights).map(Math.fround);
    baseScore.forEach((score, output) => {
      views.margins(output).fill(score);
    });
    const step = options.maxDeltaStep ?? objective.maxDeltaStep ?? 0;
    const isMonotone = this.allColumns.some((column) => views.getFeature(column, "monotone") !== 0);
    this.set(search.lambda, options.lambda);
    this.set(search.alpha, options.alpha);
    this.set(search.minChildWeight, options.minChildWeight);
    this.set(search.maxDeltaStep, step);
    this.set(search.isBounded, step > 0 || isMonotone ? 1 : 0);
    return baseScore;
  }

  private set(field: number, value: number): void {
    this.engine.views.settings[field] = value;
  }

  /** One task a block of training rows; a single one where nobody shares them. */
  private blocks(task: (from: number, to: number) => Task): Task[] {
    const { rows } = this.engine.views.plan;
    const size = this.team.threads === 1 ? rows : Math.max(blockRows, Math.ceil(rows / 1024));
    return Array.from({ length: Math.ceil(rows / size) }, (_, k) =>
      task(k * size, Math.min(rows, (k + 1) * size)),
    );
  }

  private growTree(output: number): Tree {
    const { engine, options } = this;
    const { views } = engine;
    this.computeGradients(output);
    const columns = drawColumns(this.allColumns, options.columnShare, this.random);
    writeRuns(views, columns);
    const isSampled = options.rowShare < 1;
    const count = isSampled ? drawRows(views, options.rowShare, this.random) : views.plan.rows;
    const nodes = this.grower.grow(isSampled ? 1 : 0, count, () => {
      writeColumns(views, drawColumns(columns, options.columnShareLevel, this.random));
    });
    if (engine.objective.leafWeight) renewLeaves(engine, nodes, output, options.learningRate);
    this.addToMargins(nodes, output, count);
    return recordTree(views, nodes, output, this.binsOfLevels);
  }

  /** Gradients in fixed point: sums of integers are exact, so neither threads nor kernels can change a bit of a tree. */
  private computeGradients(output: number): void {
    const { rows, countBits, lanes } = this.engine.views.plan;
    const tasks = this.blocks((from, to) => [taskKind.gradients, from, to, output]);
    this.team.run(tasks);
    let [gradient, hessian] = [0, 0];
    for (const [first, second] of this.team.results(tasks.length)) {
      gradient = Math.max(gradient, first);
      hessian = Math.max(hessian, second);
    }
    if (!Number.isFinite(gradient) || !Number.isFinite(hessian)) {
      throw new InputError([
        { pointer: "/learningRate", detail: "the fit ran off to infinity; expected a smaller step" },
      ]);
    }
    const packed = 2 ** (62 - countBits) / rows;
    const exact = 2 ** 52 / rows;
    const gradientScale = scaleFor(
      gradient,
      Math.min(2 ** gradientBits, lanes === 1 ? Math.min(packed, exact) : exact),
    );
    const hessianScale = lanes === 1 ? 1 : scaleFor(hessian, Math.min(2 ** gradientBits, packed, exact));
    this.set(search.gradientStep, 1 / gradientScale);
    this.set(search.hessianStep, 1 / hessianScale);
    this.set(search.gradientScale, gradientScale);
    this.set(search.hessianScale, hessianScale);
    this.team.run(this.blocks((from, to) => [taskKind.quantize, from, to]));
  }

  /** Adds the tree to the margins of the rows it was fitted on, of those that were not drawn, and of the validation rows. */
  private addToMargins(nodes: number, output: number, count: number): void {
    const { views } = this.engine;
    const { rows, allRows, at } = views.plan;
    const tasks: Task[] = [];
    for (let id = 0; id < nodes; id++) {
      const left = views.getNode(id, node.left);
      const isOwnLeaf = left === 0 && views.getNode(id, node.isFused) === 0;
      if (isOwnLeaf || (left > 0 && views.getNode(left, node.isFused) === 1))
        tasks.push([taskKind.apply, id, output]);
    }
    const walk = (list: number, from: number, to: number) => {
      for (let start = from; start < to; start += blockRows) {
        tasks.push([taskKind.walk, list, start, Math.min(blockRows, to - start), output]);
      }
    };
    walk(at.rowsA, count, rows);
    walk(0, rows, allRows);
    for (let from = 0; from < tasks.length; from += 2048) this.team.run(tasks.slice(from, from + 2048));
  }

  private validate(): number {
    const { views, objective } = this.engine;
    const { at, rows, allRows, outputs, hasWeights } = views.plan;
    const held = (address: number) => views.floatsAt(address + rows * 4, allRows - rows);
    return objective.loss({
      target: held(at.target),
      weights: hasWeights ? held(at.weights) : undefined,
      margins: Array.from({ length: outputs }, (_, output) => held(views.marginsAddress(output))),
    });
  }
}

/** The largest power of two that brings `most` to at most `limit`: scaling by it rounds nothing by itself. */
function scaleFor(most: number, limit: number): number {
  if (most === 0) return 1;
  let scale = 2 ** Math.floor(Math.log2(limit) - Math.log2(most));
  // The logarithms may be off by one step where the ratio is close to a power of two.
  while (most * scale > limit) scale /= 2;
  while (most * scale * 2 <= limit) scale *= 2;
  return scale;
}
