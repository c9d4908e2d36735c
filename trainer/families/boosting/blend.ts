// Boosters and main effects together: rounds and shares are found on folds, then every part with a share is fitted on all rows.
import { deriveColumns } from "#core/dataset/derive-columns.ts";
import type { Derived } from "#core/dataset/derived.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type LabelledTable, type Table, takeRows } from "#core/dataset/table.ts";
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { addLevelColumns, type LevelColumn } from "#core/trees/level-columns.ts";
import { type MainEffects, scaleEffects, startingMargins } from "#core/trees/main-effects.ts";
import { fitEffects } from "../../effects/fit-effects.ts";
import { type Matrix, type MatrixFeature, tableOf, takeMatrix } from "../../effects/matrix.ts";
import { type Random, shuffle } from "../../random.ts";
import { findShares, type Opinion } from "./blend-shares.ts";
import { fitEnsemble } from "./fit.ts";
import { weighEnsembles } from "./members.ts";
import type { ObjectiveChoice } from "./objectives/index.ts";
import type { FitHistory, FitOptions } from "./options.ts";
import { predictTable } from "./predict-table.ts";

/** Unordered categories of more levels are split by a looked-up number: sets of so many levels fit noise. */
const mostSetLevels = 64;
/** Rounds without a better loss after which a fold stops. */
const patience = 40;
/** All rows carry more rounds than the folds' share of them. */
const roundsGrowth = 1.1;
/** Folds whose effects stand in where rounds are not sought on folds. */
const effectFolds = 4;

export interface BlendRows {
  readonly spec: DatasetSpec;
  /** The rows, and after them those that are seen once more with features hidden. */
  readonly table: Table;
  readonly rows: number;
  /** Of every row of `table`: the one of the first `rows` that it is or copies. */
  readonly sources: Uint32Array;
  /** In margin space, one a row of `table`. */
  readonly target: Float64Array;
  readonly weights: Float64Array | undefined;
}

export interface BlendPart {
  readonly objective: ObjectiveChoice;
  readonly startsFromEffects: boolean;
  readonly rounds: number;
  readonly share: number;
}

export interface Blend {
  readonly ensemble: TreeEnsemble;
  readonly start: MainEffects | undefined;
  readonly levelColumns: readonly LevelColumn[];
  readonly histories: readonly FitHistory[];
  /** What the main effects have of the margin, apart from the parts that start from them. */
  readonly effectsShare: number;
  readonly parts: readonly BlendPart[];
}

export interface BlendOptions {
  /** 0 fits `trees` rounds of boosters that start from the effects. */
  readonly folds: number;
  readonly settings: Omit<FitOptions, "objective" | "seed" | "weights" | "validation">;
  readonly objectives: readonly ObjectiveChoice[];
  /** The booster's columns of some rows of the table. */
  readonly toMatrix: (table: Table) => Matrix;
  readonly derived: readonly Derived[];
  readonly random: Random;
}

/** Whether some category has too many levels to be split by sets. */
export function hasManyLevels(spec: DatasetSpec): boolean {
  return spec.features.some(isLong);
}

function isLong(feature: DatasetSpec["features"][number]): boolean {
  return feature.type === "category" && !feature.ordered && feature.levels.length > mostSetLevels;
}

const columnName = (feature: string) => `effect of ${feature}`;

function levelColumnsOf(spec: DatasetSpec, effects: MainEffects | undefined): LevelColumn[] {
  return spec.features.filter(isLong).flatMap(({ name }) => {
    const effect = effects?.effects.find((one) => one.feature === name);
    if (effect?.type !== "category") return [];
    const { values, missing } = effect;
    return [{ name: columnName(name), feature: name, values, missing }];
  });
}

/** The booster's columns with a number in the place of each category of many levels. */
export function withLevelColumns(matrix: Matrix, table: Table, columns: readonly LevelColumn[]): Matrix {
  const byFeature = new Map(columns.map((column) => [column.feature, column]));
  return {
    rows: matrix.rows,
    features: matrix.features.map((feature): MatrixFeature => {
      const column = byFeature.get(feature.name);
      if (!column) return feature;
      return { name: column.name, type: "number", values: table.columns[column.name] as Float32Array };
    }),
  };
}

/** Fits effects and boosters; throws InputError as fitEnsemble does. */
export function fitBlend(data: BlendRows, options: BlendOptions): Blend {
  const { spec, rows, sources, target, weights } = data;
  const { random, objectives, settings } = options;
  const folds = Math.min(options.folds, rows);
  const fold = assignFolds(rows, sources, folds || effectFolds, random);
  const own = takeRows(
    data.table,
    Uint32Array.from({ length: rows }, (_, row) => row),
  );
  const plain = { rows, features: options.toMatrix(own).features.slice(0, spec.features.length) };
  const effects = fitEffects(
    plain,
    target.slice(0, rows),
    weights,
    fold.slice(0, rows),
    folds || effectFolds,
  );
  const { table, starts } = byFold(data, fold, effects?.without ?? []);
  const levelColumns = levelColumnsOf(spec, effects?.all);
  const matrix = withLevelColumns(
    options.toMatrix(deriveColumns(table, options.derived)),
    table,
    levelColumns,
  );
  const allStarts = effects ? (folds > 0 ? [false, true] : [true]) : [false];
  const jobs = allStarts.flatMap((startsFromEffects) =>
    objectives.map((objective) => ({ startsFromEffects, objective, seed: Math.floor(random() * 2 ** 32) })),
  );
  const fits = jobs.length * (folds + 1);
  let done = 0;
  const fitPart = (rowsIn: Uint32Array, job: (typeof jobs)[number], trees: number, held?: Uint32Array) => {
    const answer = (at: number) => target[at] - (job.startsFromEffects ? starts[at] : 0);
    const inside = takeMatrix(matrix, rowsIn);
    const isKnown = held ? inside.features.map(({ type, values }) => hasValue(type, values)) : undefined;
    const kept = (part: Matrix): Matrix =>
      isKnown ? { ...part, features: part.features.filter((_, at) => isKnown[at]) } : part;
    const before = done++;
    const validation = held && {
      matrix: kept(takeMatrix(matrix, held)),
      target: Float64Array.from(held, answer),
      weights: weights && Float64Array.from(held, (at) => weights[at]),
    };
    const fitted = fitEnsemble(kept(inside), Float64Array.from(rowsIn, answer), {
      ...settings,
      trees,
      objective: job.objective,
      seed: job.seed + before,
      weights: weights && Float64Array.from(rowsIn, (at) => weights[at]),
      validation,
      earlyStopping: held ? patience : 0,
      progress: settings.progress && ((part, total) => settings.progress?.(before + part / total, fits)),
    });
    return { ...fitted, validation };
  };
  const every = Uint32Array.from({ length: matrix.rows }, (_, at) => at);
  const found = jobs.map((job) => {
    const outOfFold = new Float64Array(rows);
    let rounds = 0;
    for (let k = 0; k < folds; k++) {
      const held = every.filter((at) => at < rows && fold[at] === k);
      const { ensemble, history, validation } = fitPart(
        every.filter((at) => fold[at] !== k),
        job,
        settings.trees,
        held,
      );
      const margins = predictTable({ ...ensemble, link: "identity" }, tableOf(validation!.matrix));
      held.forEach((at, index) => {
        outOfFold[at] = margins[index] + (job.startsFromEffects ? starts[at] : 0);
      });
      rounds += history.rounds;
    }
    return {
      outOfFold,
      rounds: folds > 0 ? Math.ceil((roundsGrowth * rounds) / folds) : settings.trees,
    };
  });
  const opinions: Opinion[] = found.map(({ outOfFold }) => outOfFold);
  const shares =
    folds > 0
      ? findShares(effects ? [starts.slice(0, rows), ...opinions] : opinions, target, weights)
      : jobs.map(() => 1 / jobs.length);
  const effectsShare = folds > 0 && effects ? shares[0] : 0;
  const partShares = shares.slice(folds > 0 && effects ? 1 : 0);
  const chosen = jobs
    .map((job, at) => ({ ...job, rounds: found[at].rounds, share: partShares[at] }))
    .filter(({ share }) => share > 0);
  // A model of effects alone still has a tree, so that everything that reads trees finds one.
  const parts = chosen.length > 0 ? chosen : [{ ...jobs[jobs.length - 1], rounds: 1, share: 0 }];
  const fitted = parts.map((part) => fitPart(every, part, part.rounds));
  const weighed = weighEnsembles(
    fitted.map(({ ensemble }) => ensemble),
    parts.map(({ share }) => share),
  );
  const onEffects = parts.reduce(
    (sum, part) => sum + (part.startsFromEffects ? part.share : 0),
    effectsShare,
  );
  return {
    ensemble: weighed,
    start: effects && onEffects > 0 ? scaleEffects(effects.all, onEffects) : undefined,
    levelColumns,
    histories: fitted.map(({ history }) => history),
    effectsShare,
    parts: parts.map(({ objective, startsFromEffects, rounds, share }) => {
      return { objective, startsFromEffects, rounds, share };
    }),
  };
}

function hasValue(type: MatrixFeature["type"], values: ArrayLike<number>): boolean {
  for (let at = 0; at < values.length; at++)
    if (type === "number" ? !Number.isNaN(values[at]) : values[at] >= 0) return true;
  return false;
}

/** Rows are dealt out to folds at random; copies go with their rows. */
function assignFolds(rows: number, sources: Uint32Array, folds: number, random: Random): Uint8Array {
  const order = shuffle(
    Uint32Array.from({ length: rows }, (_, row) => row),
    random,
  );
  const own = new Uint8Array(rows);
  order.forEach((row, at) => {
    own[row] = at % folds;
  });
  return Uint8Array.from(sources, (row) => own[row]);
}

/** What effects fitted without a row's fold say of it: level columns beside the table's own, and margins to start from. */
function byFold(
  { spec, table }: BlendRows,
  fold: Uint8Array,
  without: readonly MainEffects[],
): { table: Table; starts: Float64Array } {
  const starts = new Float64Array(table.rows);
  let widened = table;
  without.forEach((effects, k) => {
    const margins = startingMargins(effects, table);
    const columns = levelColumnsOf(spec, effects);
    const looked = addLevelColumns(table, columns);
    if (k === 0) widened = looked;
    for (let at = 0; at < table.rows; at++) {
      if (fold[at] !== k) continue;
      starts[at] = margins[at];
      for (const { name } of columns) widened.columns[name][at] = looked.columns[name][at];
    }
  });
  return { table: widened, starts };
}

/** The rows of a training table for a blend; `copies` are those of addPartialRows. */
export function toBlendRows(
  spec: DatasetSpec,
  all: LabelledTable,
  rows: number,
  sources: Uint32Array,
  target: Float64Array,
): BlendRows {
  return { spec, table: all, rows, sources, target, weights: all.weights };
}
