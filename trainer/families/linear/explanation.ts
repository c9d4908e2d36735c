// What explains a linear model's prices: which features own each column, and what a column is on average.
import { type Explanation, explanationFormat } from "#core/bundle/explanation.ts";
import type { Table } from "#core/dataset/table.ts";
import { designOver } from "#core/linear/design-rows.ts";
import { beyondTraining, type LinearDesign, pairsOf } from "#core/linear/linear-design.ts";
import type { LinearModel } from "./fitted-line.ts";

/** The features that each column of the design is made of; none for the intercept. */
function ownersOf({ params, main, encodings, others }: LinearDesign): string[][] {
  const curve = (main?.names ?? []).map(() => main!.feature);
  const levels = encodings.flatMap(({ feature, names }) => names.map(() => feature));
  const deviations = others.map(({ feature }) => [feature]);
  const curved = params.others === "curved";
  return [
    [],
    ...curve.map((feature) => [feature]),
    ...levels.map((feature) => [feature]),
    ...deviations,
    ...(curved ? deviations : []),
    ...(curved && main ? deviations.map(([feature]) => [feature, main.feature]) : []),
    ...others.filter(({ indicator }) => indicator).map(({ feature }) => [feature]),
    ...(params.interactions ? levels.flatMap((level) => curve.map((feature) => [level, feature])) : []),
    ...(params.pairs
      ? pairsOf(encodings).flatMap(([a, b]) =>
          a.names.flatMap(() => b.names.map(() => [a.feature, b.feature])),
        )
      : []),
  ];
}

/** Weighted mean of every column of the design over the training rows. */
function meansOver(design: LinearDesign, train: Table, weights: Float64Array): Float64Array {
  const over = designOver(design, train);
  const sums = new Float64Array(over.columns);
  const row = new Float64Array(over.columns);
  let total = 0;
  for (let i = 0; i < over.rows; i++) {
    over.writeRow(i, row);
    for (let j = 0; j < row.length; j++) sums[j] += weights[i] * row[j];
    total += weights[i];
  }
  return sums.map((sum) => sum / total);
}

/** The columns that move a price, with their weights and their means over the rows that the model was fitted on; and the design as JSON. */
export function explainFit(model: LinearModel, train: Table, weights: Float64Array): Explanation {
  const { design, coefficients, slope, low, high } = model;
  const means = meansOver(design, train, weights);
  const columns = ownersOf(design).map((features, at) => ({
    name: design.names[at],
    features,
    weight: coefficients[at],
    mean: means[at],
  }));
  if (design.main) {
    const { feature } = design.main;
    columns.push({ name: beyondTraining(feature), features: [feature], weight: slope, mean: 0 });
  }
  return {
    kind: "linear",
    format: explanationFormat,
    link: design.params.target === "log" ? "exp" : "identity",
    intercept: coefficients[0],
    columns: columns.filter(({ features, weight }) => features.length > 0 && weight !== 0),
    // Through JSON, so that a setting that is absent is absent here too.
    design: JSON.parse(JSON.stringify({ ...design, low, high })) as Record<string, unknown>,
  };
}
