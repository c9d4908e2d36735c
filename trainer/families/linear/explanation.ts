// What explains a linear model's prices: which features own each column, and what a column is on average.
import { type Explanation, explanationFormat } from "#core/bundle/explanation.ts";
import type { Table } from "#core/dataset/table.ts";
import { explainLinear, type LinearTerms } from "#core/explain/linear.ts";
import type { Contributions } from "../family.ts";
import { designOver, type LinearDesign, pairsOf } from "./design.ts";
import type { LinearModel } from "./linear-model.ts";

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

interface Column {
  readonly name: string;
  readonly features: string[];
  readonly weight: number;
  readonly mean: number;
  /** Where it stands in the design's row; the last place is the main number beyond the training range. */
  readonly at: number;
}

/** A model beside the rows it was fitted on; means over them are taken when somebody asks. */
export class LinearBackground {
  private readonly model: LinearModel;
  private readonly train: Table;
  private readonly weights: Float64Array;
  private columns: readonly Column[] | undefined;

  constructor(model: LinearModel, train: Table, weights: Float64Array) {
    this.model = model;
    this.train = train;
    this.weights = weights;
  }

  private means(): Float64Array {
    const over = designOver(this.model.design, this.train);
    const sums = new Float64Array(over.columns);
    const row = new Float64Array(over.columns);
    let total = 0;
    for (let i = 0; i < over.rows; i++) {
      over.writeRow(i, row);
      for (let j = 0; j < row.length; j++) sums[j] += this.weights[i] * row[j];
      total += this.weights[i];
    }
    return sums.map((sum) => sum / total);
  }

  /** Those that move a price. */
  private listColumns(): readonly Column[] {
    if (this.columns) return this.columns;
    const { design, coefficients, slope } = this.model;
    const means = this.means();
    const columns = ownersOf(design).map((features, at) => ({
      name: design.names[at],
      features,
      weight: coefficients[at],
      mean: means[at],
      at,
    }));
    if (design.main) {
      const { feature } = design.main;
      const name = `${feature} beyond training`;
      columns.push({ name, features: [feature], weight: slope, mean: 0, at: columns.length });
    }
    this.columns = columns.filter(({ features, weight }) => features.length > 0 && weight !== 0);
    return this.columns;
  }

  /** Columns, weights and means, and the design as JSON. */
  explanation(): Explanation {
    const { design, coefficients, low, high } = this.model;
    const plain = JSON.parse(
      JSON.stringify({ ...design, low, high }, (_, value) =>
        value instanceof Float64Array ? Array.from(value) : value,
      ),
    ) as Record<string, unknown>;
    return {
      kind: "linear",
      format: explanationFormat,
      link: design.params.target === "log" ? "exp" : "identity",
      intercept: coefficients[0],
      columns: this.listColumns().map(({ name, features, weight, mean }) => ({
        name,
        features,
        weight,
        mean,
      })),
      design: plain,
    };
  }

  /** A product of two features' columns counts for both, half each. */
  contributions(table: Table): Contributions {
    const { design } = this.model;
    const columns = this.listColumns();
    const features = [...new Set(columns.flatMap((column) => column.features))];
    const shares = columns.flatMap((column) => column.features.map((feature) => ({ column, feature })));
    const terms: LinearTerms = {
      intercept: this.model.coefficients[0],
      weights: shares.map(({ column }) => column.weight / column.features.length),
      means: shares.map(({ column }) => column.mean),
      owners: shares.map(({ feature }) => features.indexOf(feature)),
      features: features.length,
    };
    const over = designOver(design, table);
    const row = new Float64Array(over.columns + 1);
    const values = new Float64Array(table.rows * features.length);
    const shared = new Float64Array(shares.length);
    for (let i = 0; i < table.rows; i++) {
      over.writeRow(i, row);
      row[over.columns] = over.reader.value - over.reader.inside;
      shares.forEach(({ column }, at) => {
        shared[at] = row[column.at];
      });
      values.set(explainLinear(terms, shared).contributions, i * features.length);
    }
    return { features, values };
  }
}
