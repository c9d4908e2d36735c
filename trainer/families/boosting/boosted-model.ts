// A booster fitted to a dataset: the spec's columns and transform on one side, the tree ensemble on the other.
import { InputError } from "#core/api/problem.ts";
import { explanationFormat } from "#core/bundle/explanation.ts";
import { deriveColumns } from "#core/dataset/derive-columns.ts";
import type { Derived } from "#core/dataset/derived.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, type Table, takeRows } from "#core/dataset/table.ts";
import { exponential } from "#core/onnx/exponential.ts";
import { logarithm } from "#core/onnx/logarithm.ts";
import { addDerived } from "#core/trees/derived-graph.ts";
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { addLevelColumns, addLevelInputs, type LevelColumn } from "#core/trees/level-columns.ts";
import { type MainEffects, startingMargins } from "#core/trees/main-effects.ts";
import { addMainEffects } from "#core/trees/main-effects-graph.ts";
import { addEnsemble } from "#core/trees/onnx-export.ts";
import { ensembleToJson } from "#core/trees/serialise.ts";
import { type Matrix, type MatrixFeature, toFeature } from "../../effects/matrix.ts";
import { shuffle } from "../../random.ts";
import type { FitContext, FittedModel } from "../family.ts";
import { type Blend, fitBlend, hasManyLevels, toBlendRows } from "./blend.ts";
import { checkLabelled, checkVariety } from "./check.ts";
import { chooseDerived, shareAmongSources } from "./derived-columns.ts";
import { gainShares } from "./importance.ts";
import { averageEnsembles, fitMembers } from "./members.ts";
import { type ObjectiveChoice, objectiveOf } from "./objectives/index.ts";
import type { FitHistory, Labelled } from "./options.ts";
import { averaged, type BoostingParams, mostBlendRows } from "./params.ts";
import { addPartialRows } from "./partial-rows.ts";
import { predictTable } from "./predict-table.ts";
import { usableThreads } from "./threads/workers.ts";

function chooseObjective(params: BoostingParams, objective = params.objective): ObjectiveChoice {
  if (objective === "huber") return { name: objective, delta: params.huberDelta };
  if (objective === "quantile") return { name: objective, share: params.quantile };
  if (objective === "tweedie") return { name: objective, power: params.tweediePower };
  return { name: objective };
}

/** One a member. */
function chooseObjectives(params: BoostingParams): ObjectiveChoice[] {
  const { members, objective, alternate } = params;
  return Array.from({ length: members }, (_, member) =>
    chooseObjective(params, member % 2 === 1 && alternate !== "none" ? alternate : objective),
  );
}

/** Fewer rows leave folds with next to nothing. */
const leastBlendRows = 10;

/** Whether margins are the target itself, so that main effects are on the same scale, and no rows are set aside for stopping. */
function isBlendable({ objective, earlyStopping }: BoostingParams): boolean {
  return earlyStopping === 0 && averaged.some((name) => name === objective);
}

/** Objectives that take the logarithm themselves. */
const logLinked: ReadonlySet<BoostingParams["objective"]> = new Set(["poisson", "gamma", "tweedie"]);

/** The spec's features, and these derived columns, as a booster's columns. */
export function toMatrix(
  spec: DatasetSpec,
  table: Table,
  holdsMonotone: boolean,
  derived: readonly Derived[] = [],
): Matrix {
  const { rows, columns } = deriveColumns(table, derived);
  const features = spec.features.map((feature) => toFeature(feature, table, holdsMonotone));
  const beside = derived.map(({ name }): MatrixFeature => {
    return { name, type: "number", values: columns[name] as Float32Array };
  });
  return { rows, features: [...features, ...beside] };
}

/** Fits on all rows, or, with early stopping, on those that are not set aside for it. */
export function fitBoosting(params: BoostingParams, train: LabelledTable, context: FitContext): FittedModel {
  const { spec, random, progress } = context;
  const isLog = spec.target.transform === "log" && !logLinked.has(params.objective);
  const parts = setAside(params, train, random);
  const derived = params.derived ? chooseDerived(spec, parts.train, params.monotone) : [];
  const labelled = (table: LabelledTable): Labelled => ({
    matrix: toMatrix(spec, table, params.monotone, derived),
    target: transformTarget(spec, table.target, isLog),
    weights: table.weights,
  });
  const partial = addPartialRows(spec, parts.train, params.partialRows, random);
  const { matrix, target, weights } = labelled(partial.table);
  const validation = parts.validation && labelled(parts.validation);
  try {
    const maxDeltaStep = params.maxDeltaStep ?? undefined;
    const options = {
      ...params,
      maxDeltaStep,
      weights,
      validation,
      progress,
      threads: usableThreads(matrix.rows),
    };
    const folds = train.rows >= leastBlendRows && train.rows <= mostBlendRows ? params.folds : 0;
    if (isBlendable(params) && (folds > 0 || hasManyLevels(spec))) {
      checkLabelled({ matrix, target, weights }, objectiveOf(chooseObjective(params)), "training");
      checkVariety(target, chooseObjective(params));
      const blend = fitBlend(
        toBlendRows(spec, partial.table, parts.train.rows, partial.sources, Float64Array.from(target)),
        {
          folds,
          settings: { ...params, maxDeltaStep, progress, threads: options.threads },
          objectives: chooseObjectives(params),
          toMatrix: (table) => toMatrix(spec, table, params.monotone, derived),
          derived,
          random,
        },
      );
      const ensemble = { ...blend.ensemble, link: isLog ? ("exp" as const) : blend.ensemble.link };
      return fittedModel(spec, ensemble, { ...blend, derived, blend, holdsMonotone: params.monotone });
    }
    const members = fitMembers(matrix, target, chooseObjectives(params), options, random);
    const ensemble = averageEnsembles(members.map((member) => member.ensemble));
    const link = isLog ? "exp" : ensemble.link;
    const histories = members.map(({ history }) => history);
    return fittedModel(spec, { ...ensemble, link }, { derived, histories, holdsMonotone: params.monotone });
  } catch (error) {
    throw nameTarget(error, spec.target.name);
  }
}

/** Logarithms where the fit is on them. Throws InputError for a target that has none. */
function transformTarget(spec: DatasetSpec, target: Float64Array, isLog: boolean): Float64Array {
  if (!isLog) return target;
  return target.map((value, row) => {
    if (value > 0) return logarithm(value);
    const detail = `expected a number above 0, since the target's transform is log; got ${value} (training row ${row + 1})`;
    throw new InputError([{ pointer: `/${spec.target.name}`, detail }]);
  });
}

function setAside(params: BoostingParams, train: LabelledTable, random: () => number) {
  if (params.earlyStopping === 0) return { train, validation: undefined };
  const order = shuffle(
    Uint32Array.from({ length: train.rows }, (_, row) => row),
    random,
  );
  const held = Math.max(1, Math.round(train.rows * params.validationShare));
  // In the table's order again: a draw decides which rows, not where they stand.
  const [validation, rest] = [order.slice(0, held).sort(), order.slice(held).sort()];
  return { train: takeRows(train, rest), validation: takeRows(train, validation) };
}

/** The booster calls the target "target"; its sender knows it by name. */
function nameTarget(error: unknown, target: string): unknown {
  if (!(error instanceof InputError)) return error;
  return new InputError(
    error.errors.map((fault) => (fault.pointer === "/target" ? { ...fault, pointer: `/${target}` } : fault)),
  );
}

interface FitFacts {
  readonly derived: readonly Derived[];
  /** One a member. */
  readonly histories: readonly FitHistory[];
  readonly holdsMonotone: boolean;
  readonly start?: MainEffects;
  readonly levelColumns?: readonly LevelColumn[];
  readonly blend?: Blend;
}

function fittedModel(
  spec: DatasetSpec,
  ensemble: TreeEnsemble,
  { derived, histories, holdsMonotone, start, levelColumns = [], blend }: FitFacts,
): FittedModel {
  const isExp = ensemble.link === "exp";
  const stopped = histories
    .filter(({ validation }) => validation.length > 0)
    .map(({ metric, rounds, validation }) => ({ metric, rounds, loss: validation }));
  return {
    predict(table) {
      const widened = addLevelColumns(deriveColumns(table, derived), levelColumns);
      if (!start) return predictTable(ensemble, widened);
      const starts = startingMargins(start, table);
      const margins = predictTable({ ...ensemble, link: "identity" }, widened);
      return margins.map((margin, row) => {
        const sum = margin + starts[row];
        return isExp ? exponential(sum) : sum;
      });
    },
    addTo(graph, inputs) {
      const widened = addLevelInputs(graph, spec, levelColumns, addDerived(graph, spec, derived, inputs));
      return addEnsemble(graph, ensemble, widened, start && addMainEffects(graph, spec, start, inputs));
    },
    explanation: () => ({
      kind: "trees",
      format: explanationFormat,
      ensemble: ensembleToJson(ensemble),
      ...(derived.length > 0 ? { derived: [...derived] } : {}),
      ...(levelColumns.length > 0 ? { levelColumns: [...levelColumns] } : {}),
      ...(start ? { start } : {}),
    }),
    report: () => ({
      trees: ensemble.trees.length,
      leaves: ensemble.trees.reduce((sum, { left }) => sum + left.filter((child) => child === 0).length, 0),
      baseScore: ensemble.baseScore,
      link: ensemble.link,
      monotone: spec.features.flatMap(({ name, monotone }) =>
        holdsMonotone && monotone ? [{ feature: name, monotone }] : [],
      ),
      derived: derived.map(({ name }) => name),
      importance: shareAmongSources(gainShares(ensemble), derived, levelColumns),
      ...(blend ? { blend: { effects: blend.effectsShare, parts: blend.parts } } : {}),
      kernels: histories[0].kernels,
      ...(stopped.length > 0 ? { earlyStopping: stopped.length === 1 ? stopped[0] : stopped } : {}),
    }),
  };
}
