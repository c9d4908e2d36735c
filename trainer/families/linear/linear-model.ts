// A fitted linear model: coefficients over a learnt design, prices from them, and what they say of themselves.
import { InputError } from "#core/api/problem.ts";
import type { LabelledTable, Table } from "#core/dataset/table.ts";
import { clip, designOver, dot } from "#core/linear/design-rows.ts";
import { exponential } from "#core/onnx/exponential.ts";
import { logarithm } from "#core/onnx/logarithm.ts";
import type { FitContext, FittedModel } from "../family.ts";
import { learnDesign, penaltiesOf, supportedColumns } from "./design.ts";
import { fitEffectsModel } from "./effects-model.ts";
import { leastSupport } from "./encoding.ts";
import { explainFit } from "./explanation.ts";
import type { LinearModel } from "./fitted-line.ts";
import { writeGraph } from "./graph.ts";
import { type Fit, leastSquares } from "./least-squares.ts";
import type { LinearParams } from "./params.ts";
import { weightedMean } from "./statistics.ts";

/** How many times the highest (or lowest) training price a logarithmic model may ask (or pay) at most. */
const farthestFactor = 1000;

/** The training target on the scale that is fitted. Throws InputError for a target that no line can be fitted to. */
function scaledTarget(params: LinearParams, train: LabelledTable, context: FitContext): Float64Array {
  const pointer = `/${context.spec.target.name}`;
  if (train.rows < leastSupport) {
    throw new InputError(`linear: expected at least ${leastSupport} training rows; got ${train.rows}`);
  }
  if (params.target === "log" && context.spec.target.transform !== "log") {
    throw new InputError([
      { pointer: "/target", detail: `expected "none", since the spec's transform is not log; got "log"` },
    ]);
  }
  const target = new Float64Array(train.rows);
  for (let i = 0; i < target.length; i++) {
    const value = train.target[i];
    if (!Number.isFinite(value) || (params.target === "log" && value <= 0)) {
      const allowed = params.target === "log" ? "a finite number above 0" : "a finite number";
      throw new InputError([
        { pointer, detail: `expected ${allowed}; got ${value} (training row ${i + 1})` },
      ]);
    }
    target[i] = params.target === "log" ? logarithm(value) : value;
  }
  if (target.every((value) => value === target[0])) {
    throw new InputError([
      { pointer, detail: `expected more than one value; all training rows have ${train.target[0]}` },
    ]);
  }
  return target;
}

function slopeOf(values: Float64Array, target: Float64Array, weights: Float64Array): number {
  const meanValue = weightedMean(values, weights);
  const meanTarget = weightedMean(target, weights);
  let both = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    both += weights[i] * (values[i] - meanValue) * (target[i] - meanTarget);
    squares += weights[i] * (values[i] - meanValue) ** 2;
  }
  return squares === 0 ? 0 : both / squares;
}

function boundsOf(params: LinearParams, target: Float64Array): { low: number; high: number } {
  if (params.target === "none") return { low: -Number.MAX_VALUE, high: Number.MAX_VALUE };
  const margin = logarithm(farthestFactor);
  const lowest = target.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const highest = target.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return { low: lowest - margin, high: highest + margin };
}

/** Fits by least squares. Throws InputError for rows that do not determine the model. */
export function fitLinear(params: LinearParams, train: LabelledTable, context: FitContext): FittedModel {
  const target = scaledTarget(params, train, context);
  const weights = train.weights ?? new Float64Array(train.rows).fill(1);
  if (params.form === "effects") {
    const model = fitEffectsModel(context.spec, train, target, weights, params.target === "log");
    context.progress?.(1, 1);
    if (model) return model;
    throw new InputError("linear: expected a feature that varies; all training rows are equal in every one");
  }
  const design = learnDesign(context.spec, params, train, weights);
  const over = designOver(design, train);
  const supported = supportedColumns(over, weights);
  const values = new Float64Array(train.rows);
  const writeRow = (index: number, into: Float64Array): void => {
    over.writeRow(index, into);
    for (let j = 0; j < into.length; j++) if (supported[j] === 0) into[j] = 0;
  };
  const fit = leastSquares(
    { rows: over.rows, columns: over.columns, writeRow, penalties: penaltiesOf(design) },
    target,
    weights,
  );
  const used = over.columns - fit.dropped.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= used) {
    throw new InputError(
      `linear: expected more training rows than the ${used} columns they determine; got ${train.rows}`,
    );
  }
  for (let i = 0; i < train.rows; i++) {
    over.reader.read(i);
    values[i] = over.reader.value;
  }
  context.progress?.(1, 1);
  const levels = Object.fromEntries(
    context.spec.features.flatMap((feature) =>
      feature.type === "category" ? [[feature.name, feature.levels]] : [],
    ),
  );
  const model: LinearModel = {
    design,
    coefficients: fit.coefficients,
    slope: slopeOf(values, target, weights),
    ...boundsOf(params, target),
  };
  return {
    predict: (table) => predictLinear(model, table),
    addTo: (graph, inputs) => writeGraph(model, graph, inputs, levels),
    report: () => reportOf(model, fit, supported),
    explanation: () => explainFit(model, train, weights),
  };
}

function predictLinear({ design, coefficients, slope, low, high }: LinearModel, table: Table): Float64Array {
  const over = designOver(design, table);
  const row = new Float64Array(over.columns);
  const predictions = new Float64Array(table.rows);
  for (let i = 0; i < table.rows; i++) {
    over.writeRow(i, row);
    const beyond = over.reader.value - over.reader.inside;
    const value = clip(dot(row, coefficients, row.length) + slope * beyond, low, high);
    predictions[i] = design.params.target === "log" ? exponential(value) : value;
  }
  return predictions;
}

function reportOf(
  { design, slope }: LinearModel,
  fit: Fit,
  supported: Uint8Array,
): Readonly<Record<string, unknown>> {
  const reason = (column: number) =>
    supported[column] === 0 ? "too few rows" : "follows from other columns";
  const dropped = new Set(fit.dropped);
  const coefficients = design.names.flatMap((name, column) => {
    if (dropped.has(column)) return [];
    const coefficient = fit.coefficients[column];
    const standardError = fit.standardErrors[column];
    const t = standardError > 0 ? coefficient / standardError : null;
    return [{ name, coefficient, standardError, t }];
  });
  return {
    scale: design.params.target,
    main: design.main?.feature ?? null,
    slopeBeyondTraining: slope,
    residualError: fit.residualError,
    solver: fit.solver,
    coefficients,
    dropped: fit.dropped.map((column) => ({ name: design.names[column], reason: reason(column) })),
  };
}
