// How much each feature moves prices: the mean size of its exact contribution, over a sample of held-out rows.
import type { Explanation } from "#core/bundle/explanation.ts";
import { deriveColumns, sourcesOf } from "#core/dataset/derived.ts";
import { type Table, takeRows } from "#core/dataset/table.ts";
import { compileTreeExplainer } from "#core/explain/tree-shap.ts";
import { encodeRow } from "#core/trees/margin.ts";
import { ensembleFromJson } from "#core/trees/serialise.ts";
import type { FeatureImportance } from "./card/card-input.ts";
import type { Contributions, FittedModel } from "./families/family.ts";
import type { PreparedData } from "./prepare.ts";
import { seeded, shuffle } from "./random.ts";

/** A mean over so many rows is within a few percent of that over all, and TreeSHAP takes milliseconds a row. */
const sampleRows = 500;

/** TreeSHAP from what explain.json holds: what is shown here, whoever downloads the bundle can compute too. */
function explainTrees(explanation: Explanation & { kind: "trees" }, table: Table): Contributions {
  const { derived = [] } = explanation;
  const ensemble = ensembleFromJson(explanation.ensemble);
  const widened = deriveColumns(table, derived);
  const features = ensemble.features.map(({ name }) => name).filter((name) => name in table.columns);
  // The features that a column's contribution goes to.
  const receivers = ensemble.features.map(({ name }) => {
    const own = derived.find((one) => one.name === name);
    return (own ? sourcesOf(own) : [name]).map((source) => features.indexOf(source));
  });
  const explainer = compileTreeExplainer(ensemble);
  const values = new Float64Array(table.rows * features.length);
  for (let row = 0; row < table.rows; row++) {
    const [{ contributions }] = explainer.explain(encodeRow(ensemble.features, widened, row));
    contributions.forEach((contribution, column) => {
      for (const at of receivers[column])
        values[row * features.length + at] += contribution / receivers[column].length;
    });
  }
  return { features, values };
}

/** What each feature adds to each price; undefined for a model that does not say. */
export function findContributions(
  model: FittedModel,
  explanation: Explanation | undefined,
  table: Table,
): Contributions | undefined {
  if (model.contributions) return model.contributions(table);
  return explanation?.kind === "trees" ? explainTrees(explanation, table) : undefined;
}

/** Gains as families report them: shares by feature. */
function gainsOf(report: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> {
  const { importance } = report;
  return typeof importance === "object" && importance !== null ? (importance as Record<string, number>) : {};
}

/** Importance by feature, in the spec's order; undefined for a model that says nothing of the kind. */
export function measureImportance(
  data: PreparedData,
  model: FittedModel,
  explanation: Explanation | undefined,
): FeatureImportance[] | undefined {
  const { spec, test, seed } = data;
  const order = shuffle(
    Uint32Array.from({ length: test.rows }, (_, row) => row),
    seeded(seed),
  );
  const sample = takeRows(test, order.slice(0, sampleRows));
  const found = findContributions(model, explanation, sample);
  if (!found) return undefined;
  const { features, values } = found;
  const sizes = new Float64Array(features.length);
  for (let i = 0; i < values.length; i++) sizes[i % features.length] += Math.abs(values[i]) / sample.rows;
  const gains = gainsOf(model.report());
  return spec.features.map(({ name }) => {
    const at = features.indexOf(name);
    const gain = gains[name];
    return {
      feature: name,
      meanAbsoluteShap: at < 0 ? 0 : sizes[at],
      ...(typeof gain === "number" ? { gain } : {}),
    };
  });
}
