// How far a model may miss a row: a few boosted trees of the 90 % quantile of its absolute residuals, by features and prediction.
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type Table, takeRows } from "#core/dataset/table.ts";
import { quantileOf } from "#core/metrics/quantile.ts";
import type { GraphBuilder } from "#core/onnx/graph-builder.ts";
import { predictionOutput } from "#core/onnx/outputs.ts";
import { elementTypeCodes } from "#core/onnx/tensor.ts";
import type { TreeEnsemble } from "#core/trees/ensemble.ts";
import { addEnsemble } from "#core/trees/onnx-export.ts";
import type { Matrix } from "../effects/matrix.ts";
import { toMatrix } from "../families/boosting/boosted-model.ts";
import { fitEnsemble } from "../families/boosting/fit.ts";
import { type BoostingSettings, defaultSettings } from "../families/boosting/options.ts";
import { predictTable } from "../families/boosting/predict-table.ts";
import { seeded, shuffle } from "../random.ts";

/** What the trees say lies between these; beyond them a leaf has seen too little to be believed. */
interface Bounds {
  readonly floor: number;
  readonly ceiling: number;
}

export interface Difficulty extends Bounds {
  readonly ensemble: TreeEnsemble;
}

/** The quantile that is learnt: most intervals are asked for at it, and the others scale with it. */
const share = 0.9;

/** Chosen by interval score and the worst decile's coverage: docs/decisions/2026-11-21-intervals.md. */
const settings: BoostingSettings = {
  ...defaultSettings,
  objective: { name: "quantile", share },
  trees: 30,
  learningRate: 0.2,
  maxDepth: 4,
  minChildWeight: 50,
};

/** Fewer rows than this tell no hard ones from easy ones: then every row is as difficult as any. */
const fewestRows = 500;
/** Enough for leaves of a few hundred rows, at a fraction of a second a fit. */
const mostRows = 40_000;
/** The floor as a share of the residuals' own quantile: no row is known to be that much easier. */
const leastShare = 0.02;
const highestQuantile = 0.999;

function toColumns(spec: DatasetSpec, table: Table, predicted: Float64Array): Matrix {
  const { rows, features } = toMatrix(spec, table, false);
  const prediction = {
    name: predictionOutput,
    type: "number",
    values: Float32Array.from(predicted),
  } as const;
  return { rows, features: [...features, prediction] };
}

/** The rows that are fitted on, at most `mostRows` of them. */
function drawRows(rows: number, seed: number): Int32Array {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return rows <= mostRows ? all : shuffle(all, seeded(seed)).slice(0, mostRows).sort();
}

/**
 * Learns from absolute residuals, one a row of `table`, and the predictions that they are of. Undefined where there are too few rows,
 * or nearly all residuals are 0.
 */
export function fitDifficulty(
  spec: DatasetSpec,
  table: Table,
  predicted: Float64Array,
  residuals: Float64Array,
  seed: number,
): Difficulty | undefined {
  if (table.rows < fewestRows) return undefined;
  const sorted = residuals.slice().sort();
  const typical = quantileOf(sorted, share);
  if (!(typical > 0) || sorted[0] === sorted[sorted.length - 1]) return undefined;
  const drawn = drawRows(table.rows, seed);
  const pick = (values: Float64Array) => Float64Array.from(drawn, (row) => values[row]);
  const columns = toColumns(spec, takeRows(table, drawn), pick(predicted));
  const { ensemble } = fitEnsemble(columns, pick(residuals), { ...settings, seed });
  const floor = leastShare * typical;
  return { ensemble, floor, ceiling: Math.max(floor, quantileOf(sorted, highestQuantile)) };
}

/** The difficulty of every row, as the graph computes it to the last bit. */
export function predictDifficulty(
  { ensemble, floor, ceiling }: Difficulty,
  table: Table,
  predicted: Float64Array,
): Float64Array {
  const columns = { ...table.columns, [predictionOutput]: Float32Array.from(predicted) };
  return predictTable(ensemble, { rows: table.rows, columns }).map((value) =>
    Math.min(Math.max(value, floor), ceiling),
  );
}

/** Adds the road from the raw inputs and the price (a double) to the difficulty; returns the name of a double. */
export function addDifficulty(
  graph: GraphBuilder,
  { ensemble, floor, ceiling }: Difficulty,
  inputs: Readonly<Record<string, string>>,
  price: string,
): string {
  const prediction = graph.node("Cast", [price], { to: { int: elementTypeCodes.float } });
  const raw = addEnsemble(graph, ensemble, { ...inputs, [predictionOutput]: prediction });
  const bounds = [floor, ceiling].map((bound) => graph.constant("double", [], [bound]));
  return graph.node("Clip", [raw, ...bounds]);
}
