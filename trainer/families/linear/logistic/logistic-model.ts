// A fitted logistic model: one set of coefficients a margin over a learnt design, probabilities from them.
import { InputError } from "#core/api/problem.ts";
import type { LabelledTable, Table } from "#core/dataset/table.ts";
import { clip, designOver, dot } from "#core/linear/design-rows.ts";
import { addProbabilities, marginsOf, probabilitiesOf } from "#core/onnx/class-graph.ts";
import type { FitContext, FittedModel } from "../../family.ts";
import { learnDesign, supportedColumns } from "../design.ts";
import { explainFit } from "../explanation.ts";
import type { LinearModel } from "../fitted-line.ts";
import { writeGraph } from "../graph.ts";
import { LinearParams } from "../params.ts";
import { fitSoftmax, type SparseRows } from "./fit-softmax.ts";
import type { LogisticParams } from "./params.ts";

/** Log-odds beyond this say nothing more. */
const farthest = 40;

/** Throws InputError for a target that holds anything but classes, or one class only. */
function checkTarget(train: LabelledTable, classes: number, name: string): void {
  const seen = new Set<number>();
  for (let row = 0; row < train.rows; row++) {
    const label = train.target[row];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      const detail = `expected a class from 0 to ${classes - 1}; got ${label} (training row ${row + 1})`;
      throw new InputError([{ pointer: `/${name}`, detail }]);
    }
    const weight = train.weights?.[row] ?? 1;
    if (!(weight >= 0 && Number.isFinite(weight))) {
      const detail = `expected a finite number of 0 or more; got ${weight} (training row ${row + 1})`;
      throw new InputError([{ pointer: "/weights", detail }]);
    }
    if (weight > 0) seen.add(label);
  }
  if (seen.size < 2)
    throw new InputError([
      { pointer: `/${name}`, detail: `expected rows of two or more classes; got ${seen.size}` },
    ]);
}

/** The design's rows with every column as wide as its deviation, and those deviations; unsupported columns are left out. */
function sparseRows(
  over: ReturnType<typeof designOver>,
  supported: Uint8Array,
  weights: Float64Array,
): SparseRows & { readonly scales: Float64Array } {
  const { rows, columns } = over;
  const row = new Float64Array(columns);
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  const start = new Uint32Array(rows + 1);
  const index: number[] = [];
  const value: number[] = [];
  let total = 0;
  for (let at = 0; at < rows; at++) {
    over.writeRow(at, row);
    total += weights[at];
    for (let column = 0; column < columns; column++) {
      if (row[column] === 0 || supported[column] === 0) continue;
      index.push(column);
      value.push(row[column]);
      sums[column] += weights[at] * row[column];
      squares[column] += weights[at] * row[column] ** 2;
    }
    start[at + 1] = index.length;
  }
  const scales = squares.map((square, column) => {
    const deviation = Math.sqrt(Math.max(0, square / total - (sums[column] / total) ** 2));
    return column > 0 && deviation > 1e-9 ? deviation : 1;
  });
  return {
    ...{ rows, columns, start, scales },
    index: Uint32Array.from(index),
    value: Float64Array.from(value, (one, at) => one / scales[index[at]]),
  };
}

/** Fits on `train`. Throws InputError for rows that it cannot be fitted on. */
export function fitLogistic(params: LogisticParams, train: LabelledTable, context: FitContext): FittedModel {
  const { spec } = context;
  const classes = spec.target.levels?.length ?? 0;
  checkTarget(train, classes, spec.target.name);
  const weights = train.weights ?? new Float64Array(train.rows).fill(1);
  const { numbers, categories, knots, others, penalty } = params;
  const linear = LinearParams.parse({ numbers, categories, knots, others });
  const design = learnDesign(spec, linear, train, weights);
  const over = designOver(design, train);
  const rows = sparseRows(over, supportedColumns(over, weights), weights);
  const outputs = marginsOf(classes);
  const penalties = new Float64Array(rows.columns).fill(penalty);
  // The intercept is free, but for a trace that keeps the margins of many classes from drifting off together.
  penalties[0] = 1e-3;
  const scaled = fitSoftmax({ design: rows, outputs, target: train.target, weights, penalties });
  context.progress?.(1, 1);
  const models = Array.from(
    { length: outputs },
    (_, k): LinearModel => ({
      design,
      coefficients: Float64Array.from(rows.scales, (scale, column) => scaled[column * outputs + k] / scale),
      // A margin is flat beyond the main number's training range: there is nothing that says otherwise.
      slope: 0,
      low: -farthest,
      high: farthest,
    }),
  );
  const levels = Object.fromEntries(
    spec.features.flatMap((feature) => (feature.type === "category" ? [[feature.name, feature.levels]] : [])),
  );
  return {
    predict: (table) => probabilitiesOf(marginsOver(models, table), classes),
    addTo(graph, inputs) {
      const margins = models.map((model) => writeGraph(model, graph, inputs, levels));
      const joined = margins.length === 1 ? margins[0] : graph.node("Concat", margins, { axis: { int: 1 } });
      return addProbabilities(graph, joined, classes);
    },
    report: () => ({
      main: design.main?.feature ?? null,
      penalty,
      columns: rows.columns,
      coefficients: models.flatMap(({ coefficients }, k) =>
        design.names.flatMap((name, column) => {
          if (coefficients[column] === 0) return [];
          const of = outputs === 1 ? name : `${spec.target.levels?.[k]}: ${name}`;
          return [{ name: of, coefficient: coefficients[column], standardError: null }];
        }),
      ),
    }),
    ...(outputs === 1 ? { explanation: () => explainFit(models[0], train, weights) } : {}),
  };
}

/** Margins of every row, one a model. */
function marginsOver(models: readonly LinearModel[], table: Table): Float64Array {
  const over = designOver(models[0].design, table);
  const row = new Float64Array(over.columns);
  const margins = new Float64Array(table.rows * models.length);
  for (let at = 0; at < table.rows; at++) {
    over.writeRow(at, row);
    models.forEach(({ coefficients, low, high }, k) => {
      margins[at * models.length + k] = clip(dot(row, coefficients, row.length), low, high);
    });
  }
  return margins;
}
