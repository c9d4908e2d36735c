// How much each feature moves prices: the mean size of its exact contribution, over a sample of held-out rows.
import type { Explanation } from "#core/bundle/explanation.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { type Table, takeRows } from "#core/dataset/table.ts";
import { compileContributor } from "#core/explain/contributions.ts";
import type { FeatureImportance } from "./card/card-input.ts";
import type { FittedModel } from "./families/family.ts";
import type { PreparedData } from "./prepare.ts";
import { seeded, shuffle } from "./random.ts";

/** A mean over so many rows is within a few percent of that over all, and TreeSHAP takes milliseconds a row. */
const sampleRows = 500;

/** Contributions on the scale that is fitted: a row's sum to its distance from the average training row. */
interface Contributions {
  /** Those of the spec. */
  readonly features: readonly string[];
  /** [rows, features]. */
  readonly values: Float64Array;
}

/** What each feature adds to each price, from what explain.json holds: whoever downloads the bundle can compute it too. */
export function contributionsOf(spec: DatasetSpec, explanation: Explanation, table: Table): Contributions {
  const features = spec.features.map(({ name }) => name);
  const explainRow = compileContributor(spec, explanation).over(table);
  const values = new Float64Array(table.rows * features.length);
  for (let row = 0; row < table.rows; row++) values.set(explainRow(row).contributions, row * features.length);
  return { features, values };
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
  if (!explanation) return undefined;
  const { features, values } = contributionsOf(spec, explanation, sample);
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
