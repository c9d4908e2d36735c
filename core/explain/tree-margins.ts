// Contributions of a tree ensemble's columns as those of the spec's features, one set a margin.
import { InputError } from "../api/problem.ts";
import type { Explanation } from "../bundle/explanation.ts";
import { deriveColumns } from "../dataset/derive-columns.ts";
import { sourcesOf } from "../dataset/derived.ts";
import type { DatasetSpec } from "../dataset/spec.ts";
import type { Table } from "../dataset/table.ts";
import type { Link } from "../trees/ensemble.ts";
import { addLevelColumns } from "../trees/level-columns.ts";
import { checkMainEffects, effectOf } from "../trees/main-effects.ts";
import { encodeRow } from "../trees/margin.ts";
import { ensembleFromJson } from "../trees/serialise.ts";
import type { LinearExplanation } from "./linear.ts";
import { checkColumns } from "./tree-columns.ts";
import { compileTreeExplainer } from "./tree-shap.ts";

export interface TreeMargins {
  readonly link: Link;
  readonly outputs: number;
  /** What it holds in memory, roughly. */
  readonly bytes: number;
  /** Of a row: one explanation a margin. */
  over(table: Table): (index: number) => LinearExplanation[];
}

/** Throws InputError for an ensemble that is about other columns than the spec's. */
export function treeMargins(spec: DatasetSpec, explanation: Explanation & { kind: "trees" }): TreeMargins {
  const { derived = [], levelColumns = [], start } = explanation;
  const ensemble = ensembleFromJson(explanation.ensemble);
  const outputs = ensemble.baseScore.length;
  if (start && outputs !== 1)
    throw new InputError(`expected one margin where there are main effects; got ${outputs}`);
  checkColumns(spec, ensemble, derived, levelColumns);
  if (start) checkMainEffects(spec, start);
  const names = spec.features.map(({ name }) => name);
  // The features that a column's contribution goes to.
  const receivers = ensemble.features.map(({ name }) => {
    const own = derived.find((one) => one.name === name);
    const standing = levelColumns.find((one) => one.name === name);
    return (own ? sourcesOf(own) : [standing?.feature ?? name]).map((source) => names.indexOf(source));
  });
  const explainer = compileTreeExplainer(ensemble);
  const starts = (start?.effects ?? []).map((effect) => {
    return { effect, of: effectOf(effect), at: names.indexOf(effect.feature) };
  });
  const startBase = starts.reduce((sum, { effect }) => sum + effect.mean, start?.intercept ?? 0);
  return {
    ...{ link: ensemble.link, outputs, bytes: explainer.bytes },
    over(table) {
      const widened = addLevelColumns(deriveColumns(table, derived), levelColumns);
      return (index) =>
        explainer
          .explain(encodeRow(ensemble.features, widened, index))
          .map(({ base, contributions: own }) => {
            const contributions = new Float64Array(names.length);
            own.forEach((contribution, column) => {
              for (const at of receivers[column])
                contributions[at] += contribution / receivers[column].length;
            });
            // A sum of functions of one feature each: its Shapley values are their distances from their means.
            for (const { effect, of, at } of starts)
              contributions[at] += of(table.columns[effect.feature][index]) - effect.mean;
            return { base: base + startBase, contributions };
          });
    },
  };
}
