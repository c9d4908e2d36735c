// What a model's explain.json makes of rows: one exact contribution a feature of the spec, whatever columns the model works with.
import { parseAdditive, termValues } from "../additive/additive-model.ts";
import { InputError } from "../api/problem.ts";
import type { Explanation } from "../bundle/explanation.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import type { Table } from "../dataset/table.ts";
import { designOver } from "../linear/design-rows.ts";
import { beyondTraining, parseLinearDesign } from "../linear/linear-design.ts";
import { explainLinear, type LinearExplanation } from "./linear.ts";
import { treeMargins } from "./tree-margins.ts";

/** Contributions of row `index`, one a feature of the spec in its order: base and contributions add up to the margin in double precision. */
export type ExplainRow = (index: number) => LinearExplanation;

export interface Contributor {
  /** What undoes the scale on which contributions add up. */
  readonly link: "identity" | "exp" | "square";
  /** Where the model cuts its margin off. */
  readonly low: number;
  readonly high: number;
  /** What it holds in memory, roughly. */
  readonly bytes: number;
  over(table: Table): ExplainRow;
}

/** Lays out an explain.json for rows of `spec`. Throws InputError where it is not sound or is about other columns. */
export function compileContributor(spec: DatasetSpec, explanation: Explanation): Contributor {
  switch (explanation.kind) {
    case "trees":
      return fromTrees(spec, explanation);
    case "linear":
      return fromLinear(spec, explanation);
    case "additive":
      return fromAdditive(spec, explanation);
  }
}

function fromAdditive(spec: DatasetSpec, explanation: Explanation & { kind: "additive" }): Contributor {
  const model = parseAdditive(spec, explanation.model);
  const names = spec.features.map(({ name }) => name);
  const terms = {
    intercept: model.intercept,
    weights: model.terms.map(({ weight }) => weight),
    means: model.terms.map(({ mean }) => mean),
    owners: model.terms.map(({ feature }) => names.indexOf(feature)),
    features: names.length,
  };
  return {
    link: explanation.link,
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
    bytes: model.terms.length * 64,
    over: (table) => (index) => explainLinear(terms, termValues(model, table, index)),
  };
}

function fromTrees(spec: DatasetSpec, explanation: Explanation & { kind: "trees" }): Contributor {
  const { link, bytes, over } = treeMargins(spec, explanation);
  if (link !== "identity" && link !== "exp" && link !== "square")
    throw new InputError(`expected a model of an amount; got one of probabilities (${link})`);
  return {
    ...{ link, bytes },
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
    over(table) {
      const explainRow = over(table);
      return (index) => explainRow(index)[0];
    },
  };
}

function fromLinear(spec: DatasetSpec, explanation: Explanation & { kind: "linear" }): Contributor {
  const { design, low, high } = parseLinearDesign(spec, explanation.design);
  const names = spec.features.map(({ name }) => name);
  const places = new Map(design.names.map((name, at) => [name, at]));
  if (design.main) places.set(beyondTraining(design.main.feature), design.names.length);
  // A product of two features' columns counts for both, half each.
  const shares = explanation.columns.flatMap(({ name, features, weight, mean }, column) =>
    features.map((feature) => {
      const at = places.get(name);
      const owner = names.indexOf(feature);
      if (at === undefined || owner < 0) {
        const detail = `expected a column of the design and features of ${spec.name}`;
        throw new InputError([{ pointer: `/columns/${column}`, detail }]);
      }
      return { at, owner, mean, weight: weight / features.length };
    }),
  );
  const terms = {
    intercept: explanation.intercept,
    weights: shares.map(({ weight }) => weight),
    means: shares.map(({ mean }) => mean),
    owners: shares.map(({ owner }) => owner),
    features: names.length,
  };
  return {
    link: explanation.link,
    low,
    high,
    // Two names, one share of four numbers and its place a column.
    bytes: (design.names.length + shares.length) * 64,
    over(table) {
      const rows = designOver(design, table);
      const row = new Float64Array(rows.columns + 1);
      return (index) => {
        rows.writeRow(index, row);
        row[rows.columns] = rows.reader.value - rows.reader.inside;
        return explainLinear(
          terms,
          shares.map(({ at }) => row[at]),
        );
      };
    },
  };
}
