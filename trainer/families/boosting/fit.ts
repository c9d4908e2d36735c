// Fits a booster: rows into shared memory, rounds of trees, early stopping, and the ensemble that comes out.
import { InputError } from "#core/api/problem.ts";
import type { Tree, TreeEnsemble } from "#core/trees/ensemble.ts";
import type { Matrix } from "../../effects/matrix.ts";
import { fillBins } from "./binning/fill.ts";
import { checkLabelled, checkSameColumns, checkVariety } from "./check.ts";
import { Engine } from "./growth/engine.ts";
import { batchNodes, partSlots } from "./growth/grower.ts";
import { Rounds } from "./growth/rounds.ts";
import { type MemoryPlan, maxBins, planMemory } from "./kernels/layout.ts";
import { findModule } from "./kernels/module.ts";
import { plainFeatureBytes, plainKernels } from "./kernels/plain.ts";
import { Views } from "./kernels/views.ts";
import { wasmFeatureBytes, wasmKernels } from "./kernels/wasm.ts";
import { allocate } from "./kernels/webassembly.ts";
import { objectiveOf } from "./objectives/index.ts";
import { type FitHistory, type FitOptions, maxHistogramBytes } from "./options.ts";
import { Team } from "./threads/team.ts";
import { enlist } from "./threads/workers.ts";

export interface FittedEnsemble {
  readonly ensemble: TreeEnsemble;
  readonly history: FitHistory;
}

/**
 * Fits trees on `matrix` and `target`. The same rows, options and seed give the same bits, whatever the threads and kernels.
 * Throws InputError naming what cannot be fitted on.
 */
export function fitEnsemble(matrix: Matrix, target: ArrayLike<number>, options: FitOptions): FittedEnsemble {
  const objective = objectiveOf(options.objective);
  const { validation } = options;
  checkLabelled({ matrix, target, weights: options.weights }, objective, "training");
  checkVariety(target, options.objective);
  if (validation) {
    checkLabelled(validation, objective, "validation");
    checkSameColumns(matrix, validation.matrix);
  }
  const threads = Math.max(1, options.threads ?? 1);
  const module = options.kernels === "plain" ? undefined : findModule();
  if (options.kernels === "wasm" && !module)
    throw new InputError("boosting: the WebAssembly kernels are not built");
  const nodeSlots = slotsFor(options, matrix.rows);
  const plan = planFor(matrix, options, threads, nodeSlots, module !== undefined);
  const memory = allocate(plan.bytes);
  const views = new Views(memory, plan);
  const kernels = module ? wasmKernels(module)(memory, plan, 0) : plainKernels(memory, plan);
  const bins = Math.min(options.bins, maxBins - 1);
  const engine = new Engine(views, kernels, options.objective, bins);
  const team = new Team(engine, threads);
  if (threads > 1) enlist(threads - 1, { memory, plan, module, objective: options.objective, bins });
  try {
    fillRows(views, target, options);
    const binsOfLevels = fillBins(views, team, matrix, validation?.matrix, bins, threads);
    const rounds = new Rounds(engine, team, options, nodeSlots, binsOfLevels);
    const { trees, validationLoss, baseScore, kept } = rounds.run();
    return {
      ensemble: {
        features: matrix.features.map((feature) =>
          feature.type === "number"
            ? { name: feature.name, type: "number" }
            : { name: feature.name, type: "category", levels: feature.levels },
        ),
        trees: trees as Tree[],
        baseScore,
        link: objective.link,
      },
      history: { metric: objective.metric, validation: validationLoss, rounds: kept, kernels: kernels.name },
    };
  } finally {
    team.dismiss();
  }
}

/** Targets and weights of training, then validation rows. */
function fillRows(views: Views, target: ArrayLike<number>, options: FitOptions): void {
  const { at, rows } = views.plan;
  views.floats.set(target, at.target >> 2);
  if (options.validation) views.floats.set(options.validation.target, (at.target >> 2) + rows);
  if (!views.plan.hasWeights) return;
  views.floats.fill(1, at.weights >> 2, (at.weights >> 2) + views.plan.allRows);
  if (options.weights) views.floats.set(options.weights, at.weights >> 2);
  if (options.validation?.weights) views.floats.set(options.validation.weights, (at.weights >> 2) + rows);
}

/** Histograms that can be alive at once: one for each node that waits to be split. */
function slotsFor(options: FitOptions, rows: number): number {
  const { maxDepth, maxLeaves } = options;
  const byDepth = 2 ** Math.min(30, maxDepth - 1);
  const byLeaves = maxLeaves > 0 ? maxLeaves : batchNodes * maxDepth;
  return Math.max(1, Math.min(byDepth, byLeaves, rows));
}

function planFor(
  matrix: Matrix,
  options: FitOptions,
  threads: number,
  nodeSlots: number,
  isWasm: boolean,
): MemoryPlan {
  const objective = objectiveOf(options.objective);
  const hasWeights = options.weights !== undefined || options.validation?.weights !== undefined;
  const lanes = objective.hasConstantHessian && !hasWeights ? 1 : 2;
  const featureHistogramBytes = isWasm ? wasmFeatureBytes(lanes) : plainFeatureBytes(lanes);
  const slots = nodeSlots + partSlots(threads);
  const histogramBytes = slots * matrix.features.length * featureHistogramBytes;
  if (histogramBytes > maxHistogramBytes) {
    const detail = `expected trees whose histograms fit ${maxHistogramBytes >> 20} MB; ${options.maxLeaves || options.maxDepth} needs ${Math.ceil(histogramBytes / 2 ** 20)} MB`;
    throw new InputError([{ pointer: options.maxLeaves > 0 ? "/maxLeaves" : "/maxDepth", detail }]);
  }
  const byDepth = 2 ** (Math.min(30, options.maxDepth) + 1) - 1;
  const byLeaves = options.maxLeaves > 0 ? 2 * options.maxLeaves - 1 : byDepth;
  return planMemory({
    rows: matrix.rows,
    allRows: matrix.rows + (options.validation?.matrix.rows ?? 0),
    features: matrix.features.length,
    outputs: objective.outputs,
    lanes,
    maxNodes: Math.min(byDepth, byLeaves, 2 * matrix.rows - 1),
    slots,
    hasWeights,
    hasProbabilities: objective.outputs > 1,
    featureHistogramBytes,
    threads,
  });
}
