// A booster of classes: rounds stopped on folds that keep every class's share, then fitted on all rows with a few seeds, and averaged.
import { InputError } from "#core/api/problem.ts";
import { explanationFormat } from "#core/bundle/explanation.ts";
import { deriveColumns } from "#core/dataset/derive-columns.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { LabelledTable, Table } from "#core/dataset/table.ts";
import { addProbabilities, marginsOf, probabilitiesOf } from "#core/onnx/class-graph.ts";
import { addDerived } from "#core/trees/derived-graph.ts";
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { addEnsemble } from "#core/trees/onnx-export.ts";
import { ensembleToJson } from "#core/trees/serialise.ts";
import { takeMatrix } from "../../effects/matrix.ts";
import { type Random, shuffle } from "../../random.ts";
import type { FitContext, FittedModel } from "../family.ts";
import { nameTarget, toMatrix } from "./boosted-model.ts";
import { checkLabelled, checkVariety } from "./check.ts";
import { chooseDerived, shareAmongSources } from "./derived-columns.ts";
import { fitEnsemble } from "./fit.ts";
import { gainShares } from "./importance.ts";
import { averageEnsembles, fitMembers } from "./members.ts";
import { type ObjectiveChoice, objectiveOf } from "./objectives/index.ts";
import { type BoostingParams, mostBlendRows } from "./params.ts";
import { addPartialRows } from "./partial-rows.ts";
import { tableMargins } from "./predict-table.ts";
import { usableThreads } from "./threads/workers.ts";

/** Rounds without a better loss after which a fold stops. */
const patience = 20;
/** All rows carry more rounds than the folds' share of them. */
const roundsGrowth = 1.1;

function objectiveFor(classes: number): ObjectiveChoice {
  return classes === 2 ? { name: "logistic" } : { name: "softmax", classes };
}

/** Rows are dealt out class by class, copies go with their rows; a row without weight in a class still has a fold. */
function dealFolds(
  target: ArrayLike<number>,
  rows: number,
  sources: Uint32Array,
  folds: number,
  random: Random,
): Uint8Array {
  const order = shuffle(
    Uint32Array.from({ length: rows }, (_, row) => row),
    random,
  );
  const own = new Uint8Array(rows);
  const dealt = new Map<number, number>();
  for (const row of order) {
    const count = dealt.get(target[row]) ?? 0;
    own[row] = count % folds;
    dealt.set(target[row], count + 1);
  }
  return Uint8Array.from(sources, (row) => own[row]);
}

/** Fits on all rows. Throws InputError naming the target for rows that it cannot be fitted on. */
export function fitClasses(params: BoostingParams, train: LabelledTable, context: FitContext): FittedModel {
  const { spec, random, progress } = context;
  const classes = spec.target.levels?.length ?? 0;
  if (params.objective !== "logLoss") {
    const detail = `expected logLoss, since the target is of classes; got ${params.objective}`;
    throw new InputError([{ pointer: "/objective", detail }]);
  }
  const objective = objectiveFor(classes);
  // A direction is one of the second class's log-odds; more classes have none.
  const isMonotone = params.monotone && classes === 2;
  const derived = params.derived ? chooseDerived(spec, train, isMonotone) : [];
  const { table, sources } = addPartialRows(spec, train, params.partialRows, random);
  const matrix = toMatrix(spec, table, isMonotone, derived);
  const { target, weights } = table;
  try {
    checkLabelled({ matrix, target, weights }, objectiveOf(objective), "training");
    checkVariety(target, objective);
    const { members } = params;
    const folds = train.rows <= mostBlendRows ? Math.min(params.folds, train.rows) : 0;
    const fits = folds + members;
    const settings = {
      ...params,
      maxDeltaStep: params.maxDeltaStep ?? undefined,
      threads: usableThreads(matrix.rows),
    };
    const told = (done: number) =>
      progress && ((part: number, of: number) => progress(done + part / of, fits));
    const fold = folds > 0 ? dealFolds(target, train.rows, sources, folds, random) : undefined;
    const every = Uint32Array.from({ length: matrix.rows }, (_, at) => at);
    const pick = (rows: Uint32Array) => ({
      matrix: takeMatrix(matrix, rows),
      target: Float64Array.from(rows, (at) => target[at]),
      weights: weights && Float64Array.from(rows, (at) => weights[at]),
    });
    let rounds = 0;
    for (let k = 0; k < folds; k++) {
      const inside = pick(every.filter((at) => fold?.[at] !== k));
      const { history } = fitEnsemble(inside.matrix, inside.target, {
        ...settings,
        objective,
        weights: inside.weights,
        seed: Math.floor(random() * 2 ** 32),
        validation: pick(every.filter((at) => at < train.rows && fold?.[at] === k)),
        earlyStopping: patience,
        progress: told(k),
      });
      rounds += history.rounds;
    }
    const trees = folds > 0 ? Math.ceil((roundsGrowth * rounds) / folds) : params.trees;
    const fitted = fitMembers(
      matrix,
      target,
      Array.from({ length: members }, () => objective),
      {
        ...settings,
        trees,
        weights,
        progress: progress && ((done, total) => progress(folds + (members * done) / total, fits)),
      },
      random,
    );
    const ensemble = averageEnsembles(fitted.map((member) => member.ensemble));
    return fittedClasses(spec, ensemble, { derived, isMonotone, kernels: fitted[0].history.kernels });
  } catch (error) {
    throw nameTarget(error, spec.target.name);
  }
}

function fittedClasses(
  spec: DatasetSpec,
  ensemble: TreeEnsemble,
  facts: {
    readonly derived: ReturnType<typeof chooseDerived>;
    readonly isMonotone: boolean;
    readonly kernels: string;
  },
): FittedModel {
  const { derived, isMonotone, kernels } = facts;
  const classes = spec.target.levels?.length ?? 0;
  const margins = { ...ensemble, link: "identity" as const };
  return {
    predict: (table: Table) =>
      probabilitiesOf(tableMargins(ensemble, deriveColumns(table, derived)), classes),
    addTo(graph, inputs) {
      const own = addEnsemble(graph, margins, addDerived(graph, spec, derived, inputs));
      return addProbabilities(graph, own, classes);
    },
    explanation: () => ({
      kind: "trees",
      format: explanationFormat,
      ensemble: ensembleToJson(ensemble),
      ...(derived.length > 0 ? { derived: [...derived] } : {}),
    }),
    report: () => ({
      trees: ensemble.trees.length,
      leaves: ensemble.trees.reduce((sum, { left }) => sum + left.filter((child) => child === 0).length, 0),
      baseScore: ensemble.baseScore,
      link: ensemble.link,
      rounds: ensemble.trees.length / marginsOf(classes),
      monotone: spec.features.flatMap(({ name, monotone }) =>
        isMonotone && monotone ? [{ feature: name, monotone }] : [],
      ),
      derived: derived.map(({ name }) => name),
      importance: shareAmongSources(gainShares(ensemble), derived, []),
      kernels,
    }),
  };
}
